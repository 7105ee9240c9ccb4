"""The form of a publication outside the portal, with its proof."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateTimeInput

from wagtail_eparticipation.calendars.words import zone_words
from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.consultations.models import PublicationAct
from wagtail_eparticipation.consultations.publications import PROOF_LIMIT
from wagtail_eparticipation.languages import content_languages, missing_languages

#: How a file of each accepted kind begins; the name alone proves nothing.
_BEGINNINGS = {
    "pdf": b"%PDF-",
    "png": b"\x89PNG\r\n\x1a\n",
    "jpg": b"\xff\xd8\xff",
    "jpeg": b"\xff\xd8\xff",
}


def _formfield(field, **kwargs):
    if isinstance(field, models.URLField):
        kwargs["assume_scheme"] = "https"
    return field.formfield(**kwargs)


class PublicationForm(forms.ModelForm):
    """Planned, done with address or proof, or not used with a public reason."""

    class Meta:
        model = PublicationAct
        fields = [
            "medium",
            "account",
            "state",
            "happened_at",
            "url",
            "text",
            "reason",
            "proof",
        ]
        widgets = {
            "happened_at": AdminDateTimeInput,
            "text": forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
            "proof": forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        }
        formfield_callback = _formfield

    def __init__(self, *args, now, **kwargs):
        super().__init__(*args, **kwargs)
        self.now = now
        if self.instance.happened_at:
            local = self.instance.happened_at.astimezone(municipal_zone())
            self.initial["happened_at"] = local.replace(tzinfo=None)
        self.fields["reason"].required = False
        self.fields["reason"].help_text = gettext_lazy(
            "Needed when the medium is not used; it stands on the public timeline."
        )
        self.fields["happened_at"].help_text = _(
            "%(zone)s. Leave it empty if it happened just now."
        ) % {"zone": zone_words()}
        self.fields["proof"].help_text = _(
            "A screenshot or PDF of at most %(size)s; its checksum is kept."
        ) % {"size": filesizeformat(PROOF_LIMIT)}

    def clean_happened_at(self):
        value = self.cleaned_data["happened_at"]
        if value is None:
            return None
        # The form reads the site's zone; people mean the municipality's clock.
        value = value.replace(tzinfo=municipal_zone())
        if value > self.now:
            raise ValidationError(_("This lies in the future."))
        return value

    def clean_proof(self):
        proof = self.cleaned_data.get("proof")
        if not proof or "proof" not in self.changed_data:
            return proof
        if proof.size > PROOF_LIMIT:
            raise ValidationError(
                _("The file is larger than %(size)s.")
                % {"size": filesizeformat(PROOF_LIMIT)}
            )
        beginning = _BEGINNINGS.get(proof.name.rpartition(".")[2].lower())
        head = proof.read(16)
        proof.seek(0)
        if beginning is None or not head.startswith(beginning):
            raise ValidationError(_("Only PDF, PNG and JPEG files are accepted."))
        return proof

    def clean(self):
        cleaned = super().clean()
        state = cleaned.get("state")
        if state == PublicationAct.State.NOT_USED:
            absent = missing_languages(cleaned.get("reason"))
            if absent:
                names = dict(content_languages())
                self.add_error(
                    "reason",
                    _("Say why it was not used. Missing: %(languages)s.")
                    % {"languages": "، ".join(names[code] for code in absent)},
                )
        if (
            state == PublicationAct.State.DONE
            and not cleaned.get("url")
            and not cleaned.get("proof")
            and "proof" not in self.errors
        ):
            self.add_error(
                "proof", _("Give the address of the publication, or a proof of it.")
            )
        return cleaned
