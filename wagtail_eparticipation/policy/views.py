"""The public page of a policy version, clause by clause (R-2.1a, R-2.2b)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import override
from django.views.decorators.http import require_safe

from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.languages import content_languages, not_found
from wagtail_eparticipation.pages_context import public_context
from wagtail_eparticipation.policy import vocabulary
from wagtail_eparticipation.policy.install import NoPolicy, current_version
from wagtail_eparticipation.policy.models import PolicyVersion
from wagtail_eparticipation.policy.reading import Policy, policy_of


def policy_url(version: PolicyVersion, language: str) -> str:
    """Where the public reads this version in this language."""
    return reverse(
        "eparticipation:policy", args=[language, version.pack, version.version]
    )


@require_safe
def policy_page(
    request: HttpRequest, language: str, pack: str, version: str
) -> HttpResponse:
    """One installed version; its address stays for good, as archives cite it."""
    _require_language(language)
    installed = PolicyVersion.objects.filter(pack=pack, version=version).first()
    if installed is None:
        raise not_found(language)
    addresses = {
        code: policy_url(installed, code) for code, _name in content_languages()
    }
    with override(language):
        policy = policy_of(installed)
        response = render(
            request,
            "wagtail_eparticipation/policy/policy.html",
            {
                **public_context(request, addresses),
                "policy": policy,
                "policy_version": installed,
                "official_language": _official_language(language),
                **_parts(policy),
            },
        )
    response.headers["Content-Language"] = language
    patch_cache_control(response, public=True, max_age=get_setting("PAGE_MAX_AGE"))
    return response


@require_safe
def current_policy(request: HttpRequest, language: str) -> HttpResponse:
    """Leads to the version in force now."""
    _require_language(language)
    try:
        version = current_version(timezone.now())
    except NoPolicy as error:
        raise not_found(language) from error
    response = redirect(policy_url(version, language))
    patch_cache_control(response, public=True, max_age=get_setting("PAGE_MAX_AGE"))
    return response


def _require_language(language: str) -> None:
    if language not in dict(content_languages()):
        raise Http404("The site has no such language.")


def _official_language(language: str) -> str:
    """Name of the site's first language where the page is in another one."""
    first, name = content_languages()[0]
    return "" if language.split("-")[0] == first.split("-")[0] else name


def _parts(policy: Policy) -> dict:
    acts = [
        (name, policy.reasons_for(act)) for act, name in vocabulary.ACT_NAMES.items()
    ]
    kinds = [
        (
            policy.kind_name(kind),
            policy.minimum_days(kind),
            policy.accelerated_minimum_days(kind),
        )
        for kind in vocabulary.KINDS
    ]
    return {
        "stages": [policy.standard_stage(stage) for stage in vocabulary.STAGES],
        "kinds": kinds,
        "acts": acts,
        "disclaimer_clause": policy.text_clause("disclaimer"),
        "retention": policy.retention.values(),
    }
