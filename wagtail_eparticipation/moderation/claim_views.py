"""Holding, letting go and handing on an item, beside its review page (AC-S3-D3)."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages

from wagtail_eparticipation import clock
from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.moderation import claims
from wagtail_eparticipation.moderation.colleagues import AssignForm
from wagtail_eparticipation.moderation.queue_filters import next_after, person_name
from wagtail_eparticipation.participations.models import Participation


def _item(request, public_id) -> Participation:
    """The item, for somebody who moderates its topic."""
    found = get_object_or_404(
        Participation.objects.select_related("consultation"), public_id=public_id
    )
    access.require(request.user, "moderate", found.consultation)
    return found


def until_words(claim: claims.Claim) -> str:
    """Until when it is held, by the municipality's clock."""
    return time_format(timezone.localtime(claim.held_until, municipal_zone()), "H:i")


@require_POST
def hold(request, public_id) -> HttpResponse:
    """What the open page sends every minute, and once when it is left.

    Answers whether the sender holds the item, and who does otherwise.
    """
    item = _item(request, public_id)
    if "release" in request.POST:
        claims.let_go(item, request.user)
        return JsonResponse({"held": False})
    if claims.hold(item, request.user):
        return JsonResponse({"held": True})
    claim = claims.claim_of(item)
    holder = person_name(claim.held_by) if claim and claim.held_by else ""
    words = _("%(person)s has taken this participation over.") % {"person": holder}
    return JsonResponse({"held": False, "message": words})


@require_POST
def take_over(request, public_id) -> HttpResponse:
    """Take it from a colleague who has it open; both see it."""
    item = _item(request, public_id)
    claims.take_over(item, actor=request.user)
    messages.success(
        request,
        _("You have taken over participation %(number)s.") % {"number": item.number},
    )
    return redirect(_address("moderation_review", request, item))


@require_POST
def assign(request, public_id) -> HttpResponse:
    """Give it to a moderator, or to nobody."""
    item = _item(request, public_id)
    form = AssignForm(request.POST, topics=[item.consultation], items=[item])
    if not form.is_valid():
        for problem in form.errors.get("person", [_("Choose a moderator.")]):
            messages.error(request, problem)
        return redirect(_address("moderation_review", request, item))
    person = form.cleaned_data["person"]
    claims.assign([item], person, actor=request.user)
    if person is None:
        words = _("Participation %(number)s is assigned to nobody now.")
    else:
        words = _("Participation %(number)s has been assigned to %(person)s.")
    values = {"number": item.number, "person": person_name(person) if person else ""}
    messages.success(request, words % values)
    return redirect(_address("moderation_review", request, item))


@require_GET
def skip(request, public_id) -> HttpResponse:
    """On to the next under the same cut, undecided; one's own lock is let go."""
    item = _item(request, public_id)
    claims.let_go(item, request.user)
    following = next_after(request, item)
    if following is None:
        messages.info(request, _("Nothing else waits under these filters."))
        return redirect(_address("moderation", request))
    return redirect(_address("moderation_review", request, following))


def _address(name: str, request, item: Participation | None = None) -> str:
    arguments = [item.public_id] if item is not None else []
    address = reverse(f"eparticipation_admin:{name}", args=arguments)
    query = request.GET.urlencode()
    return f"{address}?{query}" if query else address


def lock_of(participation, user, *, takes: bool = True) -> dict:
    """What the review page says about who holds it and whose task it is.

    Opening the page takes the lock, as Wagtail's editor begins an editing session;
    not for those who only read it, where ``takes`` is false.
    """
    now = clock.now()
    claim = claims.claim_of(participation)
    free = claim is None or not claim.is_held_against(user, now)
    if takes and free and not claims.hold(participation, user, now=now):
        # Somebody else opened it at the same time.
        claim = claims.claim_of(participation)
    assigned = claim.assigned_to if claim is not None else None
    found = {
        "assigned_to": person_name(assigned) if assigned else "",
        "assign_form": AssignForm(
            initial={"person": assigned}, topics=[participation.consultation]
        ),
        "locked_by": "",
    }
    if claim is not None and claim.is_held_against(user, now):
        found["locked_by"] = person_name(claim.held_by)
        found["locked_until"] = until_words(claim)
    return found


admin_urls = [
    path("moderation/<uuid:public_id>/hold/", hold, name="moderation_hold"),
    path(
        "moderation/<uuid:public_id>/take-over/",
        take_over,
        name="moderation_take_over",
    ),
    path("moderation/<uuid:public_id>/assign/", assign, name="moderation_assign"),
    path("moderation/<uuid:public_id>/next/", skip, name="moderation_next"),
]
