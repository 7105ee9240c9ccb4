"""Finding the article that somebody named by its number, in any language."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from wagtail_eparticipation.consultations import articles
from wagtail_eparticipation.languages import content_languages
from wagtail_eparticipation.normalise import search_key


class ArticleNames:
    """The articles of one topic's draft by number, label and id; asked for once."""

    def __init__(self, consultation):
        self.consultation = consultation

    @cached_property
    def _keys(self) -> dict[str, str]:
        keys = {}
        for language, _name in content_languages():
            found = articles.published(self.consultation, language)
            for key, article in found.items():
                for name in (key, article.number, article.label):
                    keys.setdefault(search_key(name), key)
        return keys

    def key(self, name: str) -> str:
        """The id of the article with this name; empty for none."""
        return self._keys.get(search_key(name), "") if name else ""

    def error(self, name: str) -> str:
        """Why a name cannot be taken; empty when it can, or names nothing.

        The name itself is not told: it may be what somebody wrote in the wrong column.
        """
        if not name or self.key(name):
            return ""
        return _("The draft has no article of that number or name.")
