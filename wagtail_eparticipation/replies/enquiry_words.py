"""What the sender of an enquiry is told when it was not taken in."""

from django.utils.translation import gettext as _


def token_problem(problem: str) -> str:
    """Why a form is asked for once more; its words are kept."""
    if problem == "expired":
        return _("This form was open for a long time. Please send it once more.")
    return _("This form could not be recognised. Please send it once more.")


def sent_before(code: str) -> str:
    """That the same form was sent before with other words."""
    return _(
        "You have already sent this form with other words; the code of that enquiry is"
        " %(code)s. What stands here now has not been sent. Send this form again to ask"
        " a further question."
    ) % {"code": code}
