"""Who can be given something to moderate."""

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.moderation import claims, errors
from wagtail_eparticipation.moderation.queue_filters import person_name


def moderators() -> QuerySet:
    """Active people with the duty to moderate, in the order of their accounts."""
    app, codename = access.DUTIES["moderate"].split(".")
    held = {"content_type__app_label": app, "codename": codename}
    own = Q(**{f"user_permissions__{key}": value for key, value in held.items()})
    group = Q(**{f"groups__permissions__{key}": value for key, value in held.items()})
    user = get_user_model()
    found = user.objects.filter(Q(is_superuser=True) | own | group, is_active=True)
    return user.objects.filter(pk__in=found.values("pk")).order_by("pk")


class PersonField(forms.ModelChoiceField):
    """One of the moderators, by name."""

    def label_from_instance(self, obj):
        return person_name(obj)


class AssignForm(forms.Form):
    """To whom something is given; left empty, to nobody."""

    person = PersonField(
        label=gettext_lazy("Assign to"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("Nobody"),
    )

    def __init__(self, *args, topics=(), items=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.topics, self.items = list(topics), items
        self.fields["person"].queryset = moderators()

    def clean_person(self):
        person = self.cleaned_data["person"]
        if person is None:
            return None
        for topic in self.topics:
            if not access.may(person, "moderate", topic):
                raise forms.ValidationError(
                    _("%(person)s does not moderate this topic: %(topic)s"),
                    params={"person": person_name(person), "topic": topic},
                )
        if claims.is_objected_to(self.items, person):
            raise forms.ValidationError(errors.SameAsObjected().message)
        return person
