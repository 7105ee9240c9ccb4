"""Short official texts kept in every language of the site, in one value.

Reasons, theme titles and notes belong to the language-neutral process, not to a
page, so their languages travel together: ``{"ar": "…", "en": "…"}``.
"""

from collections.abc import Mapping

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404
from django.utils.translation import activate, get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation import sanitize


def content_languages() -> list[tuple[str, str]]:
    """Codes and own names of the site's content languages, first one leading."""
    configured = getattr(settings, "WAGTAIL_CONTENT_LANGUAGES", None)
    if configured is None:
        configured = settings.LANGUAGES
        if not getattr(settings, "WAGTAIL_I18N_ENABLED", False):
            base = settings.LANGUAGE_CODE.split("-")[0]
            configured = [pair for pair in configured if pair[0] == base] or [
                (settings.LANGUAGE_CODE, settings.LANGUAGE_CODE)
            ]
    return [(code, own_name(code, name)) for code, name in configured]


def own_name(code: str, fallback: str = "") -> str:
    """What a language calls itself; the fallback or the code for an unknown one."""
    try:
        return get_language_info(code)["name_local"]
    except KeyError:
        return str(fallback or code)


def is_rtl(code: str) -> bool:
    """Whether a language is written from right to left."""
    try:
        return get_language_info(code)["bidi"]
    except KeyError:
        return False


def direction(code: str) -> str:
    """``"rtl"`` or ``"ltr"`` for the ``dir`` attribute."""
    return "rtl" if is_rtl(code) else "ltr"


def pick(value: Mapping[str, str] | str | None, language: str | None = None) -> str:
    """The text in ``language`` (the active one when not given).

    Falls back to the site's first language, then to any language present, so a
    reader always sees the official text rather than nothing.
    """
    if not value:
        return ""
    if isinstance(value, str):
        return value
    wanted = language or get_language() or ""
    for code in (wanted, wanted.split("-")[0], *(c for c, _n in content_languages())):
        if value.get(code):
            return value[code]
    return next((text for text in value.values() if text), "")


def missing_languages(value: Mapping[str, str] | None) -> list[str]:
    """Codes of the site's languages in which ``value`` has no text."""
    present = value or {}
    return [c for c, _n in content_languages() if not str(present.get(c, "")).strip()]


class LocalisedTextWidget(forms.MultiWidget):
    """One labelled input per content language, each with its own ``lang``/``dir``."""

    template_name = "wagtail_eparticipation/components/localised_text_widget.html"

    def __init__(self, rows: int = 3, attrs=None):
        self.languages = content_languages()
        widgets = {}
        for code, _name in self.languages:
            own = {"lang": code, "dir": direction(code)}
            if rows > 1:
                widgets[code] = forms.Textarea({**own, "rows": rows})
            else:
                widgets[code] = forms.TextInput(own)
        super().__init__(widgets, attrs)

    def decompress(self, value):
        value = value or {}
        return [value.get(code, "") for code, _name in self.languages]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        for part, (code, own_name) in zip(
            context["widget"]["subwidgets"], self.languages, strict=True
        ):
            part["language_name"] = own_name
            part["language_code"] = code
        return context

    def id_for_label(self, id_):
        return f"{id_}_0" if id_ else id_


class LocalisedTextFormField(forms.MultiValueField):
    """Asks for a text in each content language; all of them when required."""

    def __init__(self, *, rows: int = 3, max_length: int = 5000, **kwargs):
        self.max_length = max_length
        self.codes = [code for code, _name in content_languages()]
        kwargs.pop("encoder", None)
        kwargs.pop("decoder", None)
        fields = [
            forms.CharField(required=False, max_length=max_length) for _c in self.codes
        ]
        kwargs.setdefault("widget", LocalisedTextWidget(rows=rows))
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, data_list):
        pairs = zip(self.codes, data_list or [], strict=False)
        texts = {
            code: sanitize.plain(text or "", max_length=self.max_length)
            for code, text in pairs
        }
        return {code: text for code, text in texts.items() if text}

    def clean(self, value):
        cleaned = super().clean(value)
        if self.required:
            absent = missing_languages(cleaned)
            if absent:
                names = dict(content_languages())
                raise ValidationError(
                    _("Write this text in every language. Missing: %(languages)s."),
                    code="language_missing",
                    params={"languages": "، ".join(names[c] for c in absent)},
                )
        return cleaned


class LocalisedTextField(models.JSONField):
    """A dictionary of language code to text; see :func:`pick`."""

    def __init__(self, *args, rows: int = 3, **kwargs):
        kwargs.setdefault("default", dict)
        self.rows = rows
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        if self.rows != 3:
            kwargs["rows"] = self.rows
        return name, path, args, kwargs

    def formfield(self, **kwargs):
        return models.Field.formfield(
            self,
            form_class=LocalisedTextFormField,
            **{"rows": self.rows, "required": not self.blank, **kwargs},
        )


def not_found(language: str) -> Http404:
    """For raising: the page that says so is to be in the language of the address."""
    activate(language)
    return Http404()
