"""The municipality itself: pages, menu, departments and other vocabulary."""

from datetime import timedelta

from django.contrib.sites.models import Site as DjangoSite
from wagtail.models import Locale, Page, Site

from home.loading.content import LANGUAGES, block, items, read, said, stream
from home.models import HomePage, NewsIndexPage, NewsPage, StandardPage
from wagtail_eparticipation.consultations.pages import ConsultationIndexPage
from wagtail_eparticipation.consultations.vocabulary import Department, Segment, Subject


def locales() -> dict[str, Locale]:
    """The site's languages by their codes."""
    return {
        code: Locale.objects.get_or_create(language_code=code)[0] for code in LANGUAGES
    }


def build_home(municipality: dict, port: str) -> HomePage:
    """The Arabic home page with its English version, as the site's root."""
    root = Page.objects.get(depth=1)
    welcome = Page.objects.filter(depth=2)
    home = add(root, HomePage, "alwaha", lambda language: _home(municipality, language))
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": "localhost",
            "port": int(port),
            "root_page": home,
            "site_name": municipality["home"]["title"]["ar"],
        },
    )
    for page in welcome.not_type(HomePage):
        page.delete()
    serve_at(port)
    return home


def serve_at(port: str) -> None:
    """Let the addresses in mails and feeds name the port that is served now."""
    Site.objects.filter(is_default_site=True).update(port=int(port))
    Site.clear_site_root_paths_cache()
    DjangoSite.objects.update_or_create(
        pk=1, defaults={"domain": f"localhost:{port}", "name": "Al-Waha"}
    )


def _home(municipality: dict, language: str) -> dict:
    words = said(municipality["home"], language)
    services = words.pop("services")
    words["seo_title"] = words.pop("heading")
    words["services"] = stream(
        [block("service", each, "service", n) for n, each in enumerate(services)]
    )
    return words


def build_pages(municipality: dict, home: HomePage) -> None:
    """The hub, the plain pages and the news overview, in the order of the menu."""
    hub = municipality["hub"]
    add(home, ConsultationIndexPage, "participation", lambda code: said(hub, code))
    news = {key: municipality["news"][key] for key in ("title", "lead")}
    add(home, NewsIndexPage, "news", lambda code: said(news, code))
    for page in municipality["pages"]:
        add(
            home, StandardPage, page["slug"], lambda code, page=page: _plain(page, code)
        )


def _plain(page: dict, language: str) -> dict:
    words = said(page, language)
    body = [block("text", words["text"], page["slug"], "text")]
    if "facts" in words:
        facts = items(words["facts"], page["slug"], "fact")
        body.append(block("facts", facts, page["slug"], "facts"))
    return {"title": words["title"], "lead": words["lead"], "body": stream(body)}


def build_news(municipality: dict, home: HomePage, today, topics: dict) -> None:
    """The news, each pointing to the topic that it is about."""
    index = NewsIndexPage.objects.child_of(home).get()
    found = locales()
    for item in reversed(municipality["news"]["items"]):
        topic = topics[item["topic"]]

        def words(language, item=item, topic=topic):
            texts = said(item, language)
            return {
                "title": texts["title"],
                "lead": texts["lead"],
                "body": texts["text"],
                "date": today - timedelta(days=item["days_ago"]),
                "topic": topic.get_translation(found[language]),
            }

        add(index, NewsPage, item["slug"], words, in_menu=False)


def build_vocabulary(municipality: dict) -> dict[str, dict]:
    """Departments, segments and subjects; the Arabic ones by kind and key."""
    return {
        "department": {
            key: _entry(
                Department,
                lambda code, each=each: {
                    "name": each["name"][code],
                    "contact_role": each["contact"][code],
                    "contact_phone": each["phone"],
                    "contact_email": each["email"],
                },
            )
            for key, each in municipality["departments"].items()
        },
        "segment": {
            key: _entry(
                Segment,
                lambda code, each=each: {
                    "name": each[code],
                    "estimated_size": each["size"],
                },
            )
            for key, each in municipality["segments"].items()
        },
        "subject": {
            key: _entry(Subject, lambda code, each=each: {"name": each[code]})
            for key, each in municipality["subjects"].items()
        },
    }


def _entry(kind, words):
    found = locales()
    original = kind.objects.create(locale=found["ar"], **words("ar"))
    translation = original.copy_for_translation(found["en"])
    for name, value in words("en").items():
        setattr(translation, name, value)
    translation.save()
    return original


def add(parent, kind, slug: str, words, *, in_menu: bool = True):
    """A live page in both languages; ``words(language)`` gives its fields."""
    found = locales()
    page = kind(slug=slug, locale=found["ar"], show_in_menus=in_menu, **words("ar"))
    parent.add_child(instance=page)
    page.save_revision().publish()
    translation = page.copy_for_translation(found["en"])
    for name, value in words("en").items():
        setattr(translation, name, value)
    translation.save_revision().publish()
    return kind.objects.get(pk=page.pk)


def municipality() -> dict:
    """The file that describes the municipality."""
    return read("municipality")
