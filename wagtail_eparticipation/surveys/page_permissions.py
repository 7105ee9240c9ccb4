"""What may be done with a survey's page, whoever asks."""

from wagtail_eparticipation.consultations.locks import ConsultationPagePermissions
from wagtail_eparticipation.surveys import agreement


class SurveyPagePermissions(ConsultationPagePermissions):
    """Nobody deletes or moves a survey that people have answered."""

    def _is_answered(self) -> bool:
        return agreement.is_answered(self.page.translation_key)

    def can_delete(self, ignore_bulk=False):
        allowed = super(ConsultationPagePermissions, self).can_delete(ignore_bulk)
        return allowed and not self._is_answered()

    def can_move(self):
        return super().can_move() and not self._is_answered()

    def can_publish(self):
        return self._can_publish()

    def can_unpublish(self):
        # The topic's own rule is about its first language, which a survey has not.
        allowed = super(ConsultationPagePermissions, self).can_unpublish()
        return allowed and not self._is_sealed()
