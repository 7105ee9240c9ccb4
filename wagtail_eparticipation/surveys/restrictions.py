"""Whether a page is private for whoever asks, in one query where Wagtail asks two."""

from wagtail.models import PageViewRestriction


def admits(request, page) -> bool:
    """Whether a request may see a page, by Wagtail's privacy settings.

    An alias is private where its source is, for which Wagtail is asked.
    """
    if page.alias_of_id is not None:
        found = page.get_view_restrictions()
        return all(each.accept_request(request) for each in found)
    steps = range(page.steplen, len(page.path) + 1, page.steplen)
    paths = [page.path[:end] for end in steps]
    found = PageViewRestriction.objects.filter(page__path__in=paths)
    return all(each.accept_request(request) for each in found.select_related("page"))
