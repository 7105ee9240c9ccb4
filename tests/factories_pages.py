"""Makers of a bilingual site with a hub and consultation pages on it."""

import itertools
import uuid
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils.text import slugify
from wagtail.models import Collection, Locale, Page, Site
from wagtail.signal_handlers import disable_reference_index_auto_update

from tests.factories import AFTER, CLOSES, OPENS, make_consultation
from wagtail_eparticipation.consultations.blocks import ChannelKind
from wagtail_eparticipation.consultations.locks import SEALED
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.pages import (
    ConsultationIndexPage,
    ConsultationPage,
    SubjectLink,
)
from wagtail_eparticipation.consultations.request_versions import (
    content_in_all_languages,
    freeze,
)
from wagtail_eparticipation.consultations.stages import Stored
from wagtail_eparticipation.consultations.vocabulary import Department, Segment, Subject

_numbers = itertools.count(1)
_RIYADH = ZoneInfo("Asia/Riyadh")

#: What a complete request says, per language; blocks get stable ids from their place.
TEXTS = {
    "ar": {
        "title": "تطوير حديقة النخيل",
        "question": "كيف تودّون أن تُظلَّل حديقة النخيل؟",
        "summary": "تعتزم الأمانة تطوير حديقة النخيل وتظليل ممراتها وملاعبها.",
        "background": "<p>أُنشئت الحديقة قبل عشرين عاماً وتقل فيها مواضع الظل.</p>",
        "place": "حديقة النخيل، بين طريق الملك فهد والمدرسة.",
        "decision_open": "نوع التظليل\nموضع ملعب الأطفال",
        "already_fixed": "ميزانية المشروع أربعة ملايين ريال\nحدود الحديقة",
        "decision_maker": "أمين المنطقة بتوصية من المجلس البلدي",
        "objective": "أن يجد كل زائر موضعاً مظللاً على مسافة قريبة.",
        "initial_study": "<p>يزور الحديقة ألف شخص كل أسبوع، ولا ظل لنصف ممراتها.</p>",
        "indicator": "نسبة الممرات المظللة",
        "portal_how": "اكتبوا مشاركتكم في هذه الصفحة.",
        "counter_how": "اطلبوا نموذج المشاركة من مكتب خدمة المستفيدين.",
        "help_contact": "مسؤول العلاقات العامة، 016-000-0000",
        "importance": "تقع محالهم على أطراف الحديقة.",
        "interests": "تتأثر حركة الزبائن مدة الأعمال.",
        "reach": "رسائل إلى أصحاب المحال ولوحة عند المدخل.",
        "privacy_basis": "أداء مهمة عامة من مهام الأمانة.",
        "privacy_purpose": "إعداد القرار في تطوير الحديقة.",
        "privacy_recipients": "إدارة الحدائق ومشرفو المشاركات.",
        "privacy_retention": "تُحذف بيانات التواصل بعد ستة أشهر من الإغلاق.",
        "department": "إدارة الحدائق",
        "segment": "أصحاب المحال",
        "subject": "الحدائق والمتنزهات",
    },
    "en": {
        "title": "Redesign of Al-Nakheel Park",
        "question": "How should Al-Nakheel Park be shaded?",
        "summary": "The municipality plans to redesign the park and shade its paths.",
        "background": "<p>The park is twenty years old and offers little shade.</p>",
        "place": "Al-Nakheel Park, between King Fahd Road and the school.",
        "decision_open": "The kind of shade\nThe place of the playground",
        "already_fixed": "The budget of four million riyals\nThe limits of the park",
        "decision_maker": "The Mayor, on the advice of the municipal council",
        "objective": "Every visitor finds a shaded place nearby.",
        "initial_study": "<p>A thousand people come each week; half of the paths lie "
        "in the sun.</p>",
        "indicator": "Share of shaded paths",
        "portal_how": "Write your participation on this page.",
        "counter_how": "Ask for the form at the customer service counter.",
        "help_contact": "Public relations officer, 016-000-0000",
        "importance": "Their shops stand around the park.",
        "interests": "Fewer customers come during the works.",
        "reach": "Letters to the shops and a sign at the entrance.",
        "privacy_basis": "A public task of the municipality.",
        "privacy_purpose": "Preparing the decision on the park.",
        "privacy_recipients": "The parks department and the moderators.",
        "privacy_retention": "Contact data are deleted six months after closing.",
        "department": "Parks department",
        "segment": "Shop owners",
        "subject": "Parks and gardens",
    },
}


def make_locales():
    """Arabic and English, Arabic first."""
    return [Locale.objects.get_or_create(language_code=code)[0] for code in TEXTS]


def make_home():
    """The default site's root page in Arabic; its English version beside it."""
    arabic, english = make_locales()
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")
    site = Site.objects.filter(is_default_site=True).first()
    if site is not None and site.root_page.slug == "home-ar":
        return site.root_page
    root = Page.objects.filter(depth=1).first() or Page.add_root(
        instance=Page(title="Root", locale=arabic)
    )
    home = Page(title="بلدية الاختبار", slug="home-ar", locale=arabic)
    root.add_child(instance=home)
    translated = home.copy_for_translation(english)
    translated.title, translated.slug = "Test municipality", "home-en"
    translated.save_revision().publish()
    Site.objects.all().delete()
    Site.objects.create(
        hostname="localhost", root_page=home, is_default_site=True, site_name="Test"
    )
    return Page.objects.get(pk=home.pk)


def make_hub():
    """The hub at ``/ar/participation/``, with its English version; once per test."""
    existing = ConsultationIndexPage.objects.filter(locale__language_code="ar").first()
    if existing is not None:
        return existing
    home = make_home()
    hub = ConsultationIndexPage(
        title="المشاركة الإلكترونية",
        slug="participation",
        introduction="شاركوا في صناعة القرار.",
        locale=home.locale,
    )
    home.add_child(instance=hub)
    english = hub.copy_for_translation(Locale.objects.get(language_code="en"))
    english.title, english.introduction = "E-participation", "Take part in decisions."
    english.save_revision().publish()
    return ConsultationIndexPage.objects.get(pk=hub.pk)


def make_words():
    """The department, segment and subject that most topics of tests have."""
    make_vocabulary(Department, "department")
    make_vocabulary(Segment, "segment")
    make_vocabulary(Subject, "subject")


def make_vocabulary(kind, word):
    """A department, segment or subject in both languages; returns the Arabic one."""
    known = kind.objects.filter(name=TEXTS["ar"][word]).first()
    if known is not None:
        return known
    key = uuid.uuid4()
    made = [
        kind.objects.create(name=texts[word], locale=locale, translation_key=key)
        for locale, texts in zip(make_locales(), TEXTS.values(), strict=True)
    ]
    return made[0]


def request_texts(language, segment):
    """All words of a complete request in one language, as field values."""
    words = TEXTS[language]
    named = (
        "question",
        "summary",
        "place",
        "decision_open",
        "already_fixed",
        "decision_maker",
        "initial_study",
        "privacy_basis",
        "privacy_purpose",
        "privacy_recipients",
        "privacy_retention",
    )
    values = {name: words[name] for name in named}
    values["background"] = [_block("text", 1, words["background"])]
    values["objectives"] = [_block("objective", 2, words["objective"])]
    values["indicators"] = [
        _block("indicator", 3, {"name": words["indicator"], "value": "48 %"})
    ]
    values["channels"] = [
        _block("channel", 4, _channel("portal", words["portal_how"], words)),
        _block("channel", 5, _channel("counter", words["counter_how"], words)),
    ]
    values["audience"] = [
        _block(
            "segment",
            6,
            {
                "segment": segment.pk,
                "importance": words["importance"],
                "role": "consult",
                "interests": words["interests"],
                "reach": words["reach"],
            },
        )
    ]
    return values


def _block(kind, number, value):
    return {
        "type": kind,
        "value": value,
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"block-{number}")),
    }


#: Words of the articles of a draft, per language.
ARTICLE_WORDS = {
    "ar": ("الفصل", "المادة", "مواقف السوق", "يُمنع الوقوف أمام مداخل السوق."),
    "en": ("Chapter", "Article", "Market parking", "No parking before the gates."),
}


def article_key(number):
    """The id of an article of :func:`article_blocks`, counted from one."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"article-{number}"))


def article_blocks(language, number, chapters=True):
    """So many articles, the first of five under a heading; ids equal in languages."""
    chapter, article, heading, text = ARTICLE_WORDS[language]
    made = []
    for each in range(1, number + 1):
        if chapters and each % 5 == 1:
            title = f"{chapter} {each // 5 + 1}"
            made.append(_block("chapter", f"chapter-{each}", title))
        value = {
            "number": f"{article} {each}",
            "heading": f"{heading} {each}",
            "text": f"<p>{text} ({each})</p>",
            "note": "",
        }
        made.append({"type": "article", "value": value, "id": article_key(each)})
    return made


def _channel(kind, how, words):
    return {
        "kind": kind,
        "how": how,
        "counts_formally": True,
        "identity_needed": False,
        "help_contact": words["help_contact"],
    }


def every_channel(language="ar"):
    """A table of means with all channels, the portal first."""
    words = TEXTS[language]
    return [
        _block("channel", 40 + number, _channel(kind, words["counter_how"], words))
        for number, kind in enumerate(ChannelKind.values)
    ]


def request_facts(opens_at, closes_at):
    """The language-neutral part of a complete request."""
    opening, closing = (at.astimezone(_RIYADH) for at in (opens_at, closes_at))
    return {
        "department": make_vocabulary(Department, "department"),
        "opens_on": opening.date(),
        "opens_time": opening.time(),
        "closes_on": closing.date(),
        "closes_time": closing.time(),
        "planned_decision_on": closing.date() + timedelta(days=60),
        "project_reference": "PRJ-2026-014",
        "tools": ["comment", "suggestion"],
    }


def make_consultation_page(
    *,
    complete=True,
    stage=Stored.PUBLISHED,
    opens_at=OPENS,
    closes_at=CLOSES,
    languages=("ar", "en"),
    live=None,
    consultation=None,
    title=None,
    articles=0,
    **fields,
):
    """The original (Arabic) page of a topic, with its translations beside it.

    The process is put into ``stage`` directly, without acts; pages of stages that
    the public sees are live. ``complete=False`` gives a page with a title alone.
    ``articles`` is how many a draft of each language has, in chapters of five.
    ``fields`` are set on the original. ``page.consultation`` is the process.
    """
    number = next(_numbers)
    hub = make_hub()
    segment = make_vocabulary(Segment, "segment")
    if live is None:
        live = stage not in (Stored.DRAFT, Stored.APPROVED, Stored.CANCELLED)
    if consultation is None:
        consultation = make_consultation(
            # The pages of a closed topic can no longer be written.
            stored=Stored.PUBLISHED if stage in SEALED else stage,
            opens_at=opens_at,
            closes_at=closes_at,
            titles={
                language: title or TEXTS[language]["title"] for language in languages
            },
            policy_version=fields.pop("policy_version", None),
        )
    pages = []
    for language in languages:
        page = ConsultationPage(
            title=title or TEXTS[language]["title"],
            slug=f"topic-{number}" if not title else f"{slugify(title)}-{number}",
            locale=Locale.objects.get(language_code=language),
            translation_key=consultation.translation_key,
            consultation=consultation,
            live=False,
        )
        if complete:
            _set(page, request_texts(language, segment))
            _set(page, request_facts(opens_at, closes_at))
            _set(page, {"articles": article_blocks(language, articles)})
        if not pages:
            _set(page, fields)
        parent = hub.get_translation_or_none(page.locale) or hub
        if complete and not pages:
            subject = make_vocabulary(Subject, "subject")
            page.subject_links.add(SubjectLink(subject=subject))
        with disable_reference_index_auto_update():
            parent.add_child(instance=page)
            page.save_revision()
        pages.append(page)
    original = pages[0]
    if stage != Stored.DRAFT and complete:
        freeze(
            consultation,
            content_in_all_languages(original, pages),
            now=opens_at - timedelta(days=20),
            published=live,
        )
    if live:
        for page in pages:
            _make_live(page)
    if stage in SEALED:
        Consultation.objects.filter(pk=consultation.pk).update(stored_stage=stage)
    return ConsultationPage.objects.get(pk=original.pk)


def _set(page, values):
    for name, value in values.items():
        field = page._meta.get_field(name)
        setattr(page, name, field.to_python(value) if _is_stream(field) else value)


def _is_stream(field):
    return hasattr(field, "stream_block")


def _make_live(page):
    """Live as after a publication long ago; the receivers have had their turn."""
    published = OPENS - timedelta(days=10)
    ConsultationPage.objects.filter(pk=page.pk).update(
        live=True,
        has_unpublished_changes=False,
        first_published_at=published,
        last_published_at=published,
        live_revision=page.latest_revision,
    )


def translation_of(page, language="en"):
    """The page of the same topic in another language."""
    return ConsultationPage.objects.get(
        consultation=page.consultation, locale__language_code=language
    )


__all__ = ["AFTER", "CLOSES", "OPENS", "make_consultation_page", "make_hub"]
