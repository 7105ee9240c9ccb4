"""A style guide: every component on realistic pages, in Arabic and English."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation

from tests.looks.content_ar import CONTENT as ARABIC
from tests.looks.content_en import CONTENT as ENGLISH

CONTENT = {"ar": ARABIC, "en": ENGLISH}
PAGES = ("topic", "hub", "form", "errors", "receipt", "results", "parts", "document")

#: What a municipality's strict policy looks like; the pages must live under it.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def _choices(texts):
    return [(str(number), text) for number, text in enumerate(texts)]


def take_part_form(words, data=None):
    """A form with each kind of widget that a citizen meets."""
    labels = words["labels"]
    errors = words["errors"]

    class TakePartForm(forms.Form):
        kind = forms.ChoiceField(
            label=labels["kind"],
            choices=_choices(labels["kinds"]),
            widget=forms.RadioSelect,
            initial="0",
        )
        text = forms.CharField(
            label=labels["text"],
            help_text=labels["text_hint"],
            widget=forms.Textarea(attrs={"dir": "auto"}),
            error_messages={"required": errors["text"]},
        )
        needs = forms.MultipleChoiceField(
            label=labels["needs"],
            choices=_choices(labels["needs_choices"]),
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        district = forms.ChoiceField(
            label=labels["district"],
            choices=_choices(labels["districts"]),
            required=False,
        )
        name = forms.CharField(label=labels["name"], required=False)
        email = forms.EmailField(
            label=labels["email"],
            help_text=labels["email_hint"],
            required=False,
            widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
            error_messages={"invalid": errors["email"]},
        )
        consent = forms.BooleanField(
            label=labels["consent"], error_messages={"required": errors["consent"]}
        )

    return TakePartForm(data, use_required_attribute=False)


def _listed(names, *columns):
    return [dict(zip(names, row, strict=True)) for row in columns]


def context_for(language):
    """The inputs of all components, in one language."""
    words = CONTENT[language]
    other, other_name = words["other"]
    voices = [dict(voice) for voice in words["voices"]]
    for number, voice in enumerate(voices):
        voice["anchor"] = f"p{number}"
        voice["url"] = f"?p={number}#p{number}"
        voice["reply_url"] = f"?reply={number}"
        for place, reply in enumerate(voice.get("replies", [])):
            reply["anchor"] = f"p{number}-{place}"
    return {
        "words": words,
        "ep_site_name": words["site"],
        "ep_home_url": "/",
        "ep_nav": [
            {"title": title, "url": "#", "current": place == 1}
            for place, title in enumerate(words["nav"])
        ],
        "ep_languages": [
            {"code": other, "name": other_name, "url": f"/{other}/topic/"},
            {"code": language, "name": language, "url": "#", "current": True},
        ],
        "ep_footer_links": [{"title": t, "url": "#"} for t in words["footer"]],
        "breadcrumbs": [
            {"title": words["nav"][0], "url": "/"},
            {"title": words["nav"][1], "url": f"/{language}/hub/"},
            {"title": words["title"]},
        ],
        "stages": _listed(("name", "state", "dates", "notes"), *words["stages"]),
        "facts": _listed(("label", "value"), *words["facts"]),
        "channels": _listed(("name", "how", "url", "when"), *words["channels"]),
        "documents": [
            {"url": "#", "language": "ar"} | row
            for row in _listed(
                ("title", "kind", "size", "language_name"), *words["documents"]
            )
        ],
        "notes": _listed(("date", "title", "text", "clause", "tone"), *words["notes"]),
        "voices": voices,
        "cards": [{"url": f"/{language}/topic/"} | card for card in words["cards"]],
        "groups": [
            {
                "legend": legend,
                "name": f"g{place}",
                "open": place == 0,
                "choices": [
                    {"value": n, "label": label, "count": count, "checked": checked}
                    for n, (label, count, checked) in enumerate(choices)
                ],
            }
            for place, (legend, choices) in enumerate(words["groups"])
        ],
        "publish_choices": [
            {"value": n, "label": label, "hint": hint, "checked": n == 0}
            for n, (label, hint) in enumerate(words["labels"]["publish_choices"])
        ],
        "rows": [
            {"label": label, "count": count, "share": share, "share_text": f"{share}%"}
            for label, count, share in words["bars"]
        ],
        "answers": [
            {"anchor": f"theme-{n}"} | answer
            for n, answer in enumerate(words["answers"])
        ],
    }


def show(request, language, page):
    """One page of the guide; ``errors`` is the form sent with mistakes."""
    with translation.override(language):
        context = context_for(language) | {"page": page}
        words = context["words"]
        if page == "errors":
            context["form"] = take_part_form(words, {"kind": "0", "email": "name@"})
        else:
            data = request.POST if request.method == "POST" else None
            context["form"] = take_part_form(words, data)
        if page == "hosted":
            context |= {
                "ep_base": "wagtail_eparticipation/hosted.html",
                "ep_host_template": "looks/host.html",
            }
        template = {"errors": "form", "hosted": "topic"}.get(page, page)
        response = render(request, f"looks/{template}.html", context)
    response["Content-Security-Policy"] = POLICY
    return response


def icon(request):
    """Answer the browser's own request so that its console stays silent."""
    return HttpResponse(status=204)
