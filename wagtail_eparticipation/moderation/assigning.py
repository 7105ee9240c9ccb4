"""Giving many items to one moderator, or to nobody, from the queue."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.views.bulk_action import BulkAction

from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.moderation.claims import assign
from wagtail_eparticipation.moderation.colleagues import AssignForm
from wagtail_eparticipation.moderation.picked import Picked
from wagtail_eparticipation.moderation.queue_filters import person_name
from wagtail_eparticipation.participations.models import Participation


class AssignMany(Picked, BulkAction):
    """Assigns the ticked items; asks for the person on the page that follows."""

    models = [Participation]
    template_name = "wagtail_eparticipation/moderation/bulk.html"
    display_name = gettext_lazy("Assign")
    aria_label = gettext_lazy("Assign the selected participations to a moderator")
    action_type = "eparticipation_assign"
    action_priority = 30
    form_class = AssignForm

    def dispatch(self, request, *args, **kwargs):
        if not access.has_duty(request.user, "moderate"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        good, _left_out = self.sorted_out
        topics = {row.consultation_id: row.consultation for row in good}
        return {**super().get_form_kwargs(), "topics": topics.values(), "items": good}

    @classmethod
    def execute_action(cls, objects, view=None, **kwargs):
        person = view.cleaned_form.cleaned_data["person"]
        return assign(objects, person, actor=view.request.user), 0

    def get_success_message(self, num_parent_objects, num_child_objects):
        person = self.cleaned_form.cleaned_data["person"]
        if person is None:
            words = ngettext(
                "%(count)s participation is assigned to nobody now.",
                "%(count)s participations are assigned to nobody now.",
                num_parent_objects,
            )
            return words % {"count": num_parent_objects}
        words = ngettext(
            "%(count)s participation has been assigned to %(person)s.",
            "%(count)s participations have been assigned to %(person)s.",
            num_parent_objects,
        )
        return words % {"count": num_parent_objects, "person": person_name(person)}
