"""What the public page of a topic shows, put together for its template.

Every part is plain data for one component. The queries are counted by a test: the
page has twelve in all, four of them belong to the other rooms' sections.
"""

from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock
from wagtail_eparticipation.calendars.office_words import (
    holidays_words,
    hours_words,
    reply_words,
)
from wagtail_eparticipation.calendars.words import date_words
from wagtail_eparticipation.consultations import timeline
from wagtail_eparticipation.consultations.addresses import (
    addresses_of,
    other_languages,
)
from wagtail_eparticipation.consultations.audience_modes import (
    AudienceMode,
    IdentityMode,
)
from wagtail_eparticipation.consultations.blocks import ParticipationLevel
from wagtail_eparticipation.consultations.channel_table import off_reason, portal_takes
from wagtail_eparticipation.consultations.draft_text import draft_of
from wagtail_eparticipation.consultations.frozen_names import named_content
from wagtail_eparticipation.consultations.hub import TONES
from wagtail_eparticipation.consultations.hub_listing import GROUP_OF, Group
from wagtail_eparticipation.consultations.remaining import remaining_words
from wagtail_eparticipation.consultations.routes import find_route
from wagtail_eparticipation.consultations.sections import sections_for
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.consultations.wording import (
    channel_row,
    isolated,
    lines,
    size_words,
)
from wagtail_eparticipation.languages import content_languages
from wagtail_eparticipation.policy.reading import NotInPolicy, policy_of


class TopicView:
    """One topic's page at one instant."""

    def __init__(self, request, page):
        self.request = request
        self.page = page
        self.now = clock.now()
        self.consultation = page.consultation
        self.stage = (
            self.consultation.stage(self.now) if self.consultation else Stage.DRAFT
        )

    @cached_property
    def versions(self) -> list:
        """The topic's request versions; the pages of all languages share them."""
        if self.consultation is None:
            return []
        prefetch_related_objects([self.consultation], "request_versions")
        return sorted(
            self.consultation.request_versions.all(), key=lambda each: each.number
        )

    @cached_property
    def content(self) -> dict[str, Any]:
        return named_content(self.page, self.versions)

    @cached_property
    def address(self) -> str:
        return self.page.get_url(self.request) or ""

    @cached_property
    def period(self):
        """The dates in force, or the planned ones of a preview."""
        window = getattr(self.consultation, "window", None)
        if window is not None:
            return window.opens_at, window.closes_at
        return self.page.period()

    @cached_property
    def siblings(self) -> list:
        """The live pages of the topic in all languages."""
        if self.consultation is None:
            return [self.page]
        return [self.page, *other_languages(self.page)]

    def can_take_part(self) -> bool:
        return (
            portal_takes(self.consultation, self.stage)
            and bool(self.page.tools)
            and find_route("participate") is not None
        )

    def header(self) -> dict[str, Any]:
        """Title, question, stage and the way in."""
        group = GROUP_OF.get(self.stage)
        tone, icon = TONES[group] if group else ("", "lock")
        return {
            "tag_text": group.label if group else self.stage.label,
            "tag_tone": tone,
            "tag_icon": icon,
            "action_url": f"{self.address}participate/" if self.can_take_part() else "",
            "action_text": _("Take part"),
        }

    def breadcrumbs(self) -> list[dict[str, str]]:
        parent = self.page.get_parent()
        return [
            {"title": parent.title, "url": parent.get_url(self.request)},
            {"title": self.page.title},
        ]

    def deadline(self) -> dict[str, Any] | None:
        """What the panel beside the text says about time."""
        if self.period is None or self.stage in (Stage.WITHDRAWN, Stage.CANCELLED):
            return None
        opens_at, closes_at = self.period
        if self.stage == Stage.COLLECTING:
            return {
                "state": "open",
                "closes_at": closes_at,
                "remaining": remaining_words(self.now, closes_at),
            }
        if self.now < opens_at:
            return {"state": "forthcoming", "opens_at": opens_at}
        return {"state": "closed", "ended_at": closes_at}

    def influence(self) -> dict[str, Any]:
        """What is open, what is fixed, who decides and when (R-1.1c)."""
        return {
            "open_items": lines(self.page.decision_open),
            "fixed_items": lines(self.page.already_fixed),
            "decider": self.page.decision_maker,
            "decided_when": self._decided_when(),
        }

    def _decided_when(self) -> str:
        """When the decision is planned, or what became of the plan."""
        process = self.consultation
        if process is not None and process.ended_as:
            return _("The topic ended without a decision.")
        if process is not None and self.stage not in (Stage.DRAFT, Stage.APPROVED):
            return timeline.planned_words(process, self.stage)
        if not self.page.planned_decision_on:
            return ""
        return _("Planned for %(date)s") % {
            "date": date_words(self.page.planned_decision_on)
        }

    @cached_property
    def over(self) -> str:
        """Why nobody can take part any more; empty until then (R-4.3b)."""
        if self.stage in (Stage.WITHDRAWN, Stage.CANCELLED):
            return _("Closed: the topic was withdrawn")
        if self.period is not None and self.now >= self.period[1]:
            return _("Closed: the period has ended")
        return ""

    def channels(self) -> list[dict[str, Any]]:
        """The table of means; a closed channel says why (R-4.3b)."""
        rows = self.content["channels"]
        window = getattr(self.consultation, "window", None)
        return [
            channel_row(
                row["value"], self.over, off_reason(window, row["value"]["kind"])
            )
            for row in rows
        ]

    def audience(self) -> list[dict[str, Any]]:
        """Each segment with how it is affected and what it is promised (R-5.1.4)."""
        rows = []
        for row in self.content["audience"]:
            value = row["value"]
            segment = value["segment"] or {}
            rows.append(
                {
                    "id": row["id"],
                    "name": segment.get("name", ""),
                    "description": segment.get("description", ""),
                    "size": size_words(segment),
                    "importance": value["importance"],
                    "interests": value["interests"],
                    "reach": value["reach"],
                    **self._role(value["role"]),
                }
            )
        return rows

    def _role(self, key: str) -> dict[str, str]:
        if key not in ParticipationLevel.values:
            return {"role": "", "promise": ""}
        policy = self.policy
        for level in policy.levels if policy else ():
            if level.key == key:
                return {"role": str(level.name), "promise": str(level.promise)}
        return {"role": ParticipationLevel(key).label, "promise": ""}

    @cached_property
    def policy(self):
        """The policy that the topic follows, or ``None``."""
        version = self.consultation and self.consultation.policy_version
        return policy_of(version) if version else None

    def facts(self) -> list[dict[str, str]]:
        """The short facts beside the text."""
        page, consultation = self.page, self.consultation
        facts = []
        if consultation is not None:
            facts.append(
                {"label": _("Reference"), "value": isolated(consultation.reference)}
            )
        facts.append({"label": _("Kind of topic"), "value": self._kind()})
        subjects = [subject["name"] for subject in self.content["subjects"]]
        if subjects:
            facts.append({"label": _("Subjects"), "value": " · ".join(subjects)})
        mode = AudienceMode(page.audience_mode).label
        facts.append({"label": _("Who may take part"), "value": mode})
        identity = IdentityMode(page.identity_mode).label
        facts.append({"label": _("What participants show"), "value": identity})
        if page.place:
            facts.append({"label": _("Place"), "value": page.place})
        if page.project_reference:
            facts.append(
                {"label": _("Project"), "value": isolated(page.project_reference)}
            )
        if self.versions:
            number = self.versions[-1].number
            facts.append(
                {
                    "label": _("Request for participation"),
                    "value": _("Version %(number)s") % {"number": number},
                    "url": f"{self.address}request/{number}/",
                }
            )
        return facts

    def _kind(self) -> str:
        if self.policy is not None:
            try:
                return self.policy.kind_name(self.page.kind)
            except NotInPolicy:
                pass
        return self.page.get_kind_display()

    def project(self) -> dict[str, str] | None:
        """The page of the project that the topic serves (R-1.1b)."""
        if self.page.project_page_id is None:
            return None
        project = self.page.project_page
        if not project.live:
            return None
        return {"title": project.title, "url": project.get_url(self.request)}

    def documents(self) -> list[dict[str, str]]:
        """Documents with format, size and language."""
        names = dict(content_languages())
        rows = []
        for block in self.page.documents:
            document = block.value["document"]
            if document is None:
                continue
            language = block.value["language"]
            rows.append(
                {
                    "title": block.value["title"] or document.title,
                    "url": document.url,
                    "kind": document.file_extension.upper(),
                    "language": language,
                    "language_name": names.get(language, ""),
                    "accessible": block.value["accessible"],
                }
            )
        return rows

    def draft(self) -> dict[str, Any] | None:
        """The draft text for its templates; ``None`` where there is none."""
        return draft_of(self)

    def contact(self) -> dict[str, str] | None:
        """Role and public contact of the responsible department, never a person."""
        department = self.content.get("department")
        if not department:
            return None
        name = department["name"]
        if department.get("unit"):
            name = f"{name} – {department['unit']}"
        return {
            "department": name,
            "role": department.get("contact_role", ""),
            "email": department.get("contact_email", ""),
            "phone": department.get("contact_phone", ""),
            **contact_times(self.consultation),
        }

    def language_notes(self) -> list[dict[str, str]]:
        """Notes on languages that follow later, each in its own language."""
        present = {page.locale.language_code for page in self.siblings}
        return [
            {"language": code, "text": text}
            for code, text in self.page.excluded_languages.items()
            if text and code not in present
        ]

    def context(self) -> dict[str, Any]:
        """The template's context."""
        steps, notes = [], []
        if self.consultation is not None:
            language = self.page.locale.language_code
            # Fetched before the course of the topic, which then shares them.
            self.versions  # noqa: B018
            prefetch_related_objects([self.consultation], "acts")
            acts = timeline.done_acts(self.consultation)
            steps = timeline.standard_steps(self.consultation, self.now, acts)
            notes = timeline.notes(self.consultation, language, self.now, acts)
        return {
            "view": self,
            "consultation": self.consultation,
            "stage": self.stage,
            "is_invited": self.page.audience_mode == AudienceMode.INVITED,
            "header": self.header(),
            "breadcrumbs": self.breadcrumbs(),
            "deadline": self.deadline(),
            "steps": steps,
            "notes": notes,
            "influence": self.influence(),
            "channels": self.channels(),
            "audience": self.audience(),
            "facts": self.facts(),
            "project": self.project(),
            "documents": self.documents(),
            "draft": self.draft(),
            "contact": self.contact(),
            "language_notes": self.language_notes(),
            "handled_url": f"{self.address}handled/",
            "dates_url": f"{self.address}dates/",
            "contact_url": f"{self.address}contact/" if find_route("contact") else "",
            "sections": self.sections(),
        }

    def sections(self) -> list[dict[str, Any]]:
        """What other rooms show on this page."""
        if self.consultation is None or getattr(self.request, "is_preview", False):
            return []
        return sections_for(self.request, self.page, self.consultation, self.stage)


def topic_context(request, page) -> dict[str, Any]:
    """Context of the topic's page, public or preview."""
    from wagtail_eparticipation.pages_context import public_context

    page.is_preview = getattr(request, "is_preview", False)
    view = TopicView(request, page)
    return {
        **public_context(request, addresses_of(view.siblings, request)),
        **view.context(),
    }


def contact_times(consultation) -> dict[str, Any]:
    """Hours, holidays and the usual time of a reply, as written down (R-6.5.1e)."""
    times = consultation.contact_times if consultation is not None else {}
    return {
        "hours": " · ".join(hours_words(times)),
        "holidays": holidays_words(times),
        "reply_time": reply_words(times),
    }


__all__ = ["Group", "TopicView", "topic_context"]
