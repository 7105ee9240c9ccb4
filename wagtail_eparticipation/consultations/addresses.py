"""A topic's page by its address, and its addresses in the other languages."""

from collections.abc import Iterable

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q
from wagtail.models import Page, PageViewRestriction


def addresses_of(pages: Iterable, request, tail: str = "") -> dict[str, str]:
    """``{language: address}`` of pages with their locales at hand.

    ``tail`` is what follows below the page, such as ``handled/``.
    """
    return {
        page.locale.language_code: f"{url}{tail}"
        for page in pages
        if (url := page.get_url(request))
    }


def restricted() -> Exists:
    """Whether a view restriction lies on a page or above it; a filter for pages.

    What is restricted is not announced elsewhere: not in lists, feeds or searches.
    """
    lies_above = PageViewRestriction.objects.annotate(
        below=ExpressionWrapper(OuterRef("path"), output_field=CharField())
    ).filter(below__startswith=F("page__path"))
    return Exists(lies_above)


def child_page(hub, slug: str):
    """The topic with this slug below a hub, or ``None``; one query for all it needs.

    Comes with its process, department, the other languages (:func:`other_languages`)
    and whether any view restriction may apply, because a public page has few queries
    to spend.
    """
    from wagtail_eparticipation.consultations.pages import ConsultationPage

    here = Q(path__startswith=hub.path, depth=hub.depth + 1, slug=slug)
    process = ConsultationPage.objects.filter(here).values("consultation_id")[:1]
    above = [hub.path[: depth * hub.steplen] for depth in range(1, hub.depth + 1)]
    restrictions = PageViewRestriction.objects.filter(
        Q(page__path__in=above) | Q(page=OuterRef("pk"))
    )
    pages = (
        ConsultationPage.objects.filter(here | Q(consultation=process))
        .select_related(
            "locale",
            "department__locale",
            "consultation__window",
            "consultation__policy_version",
        )
        .defer("consultation__policy_version__content", "search_text")
        .annotate(
            is_restricted=Exists(restrictions),
            is_below_alias=Exists(
                Page.objects.filter(path__in=above, alias_of__isnull=False)
            ),
        )
    )
    found = None
    others = []
    for page in pages:
        is_here = page.path.startswith(hub.path) and page.depth == hub.depth + 1
        if is_here and page.slug == slug:
            found = page
        else:
            others.append(page)
    if found is not None:
        found._cached_parent_obj = hub
        found._other_languages = [page for page in others if _is_shown(page)]
        found._unrestricted = not (
            found.is_restricted or found.is_below_alias or found.alias_of_id
        )
    return found


def _is_shown(page) -> bool:
    return page.live and not page.withheld and page.alias_of_id is None


def other_languages(page) -> list:
    """The live pages of the same topic in the other languages."""
    if not hasattr(page, "_other_languages"):
        others = type(page).objects.filter(
            consultation_id=page.consultation_id,
            live=True,
            withheld=False,
            alias_of__isnull=True,
        )
        page._other_languages = (
            list(others.exclude(pk=page.pk).select_related("locale"))
            if page.consultation_id
            else []
        )
    return page._other_languages
