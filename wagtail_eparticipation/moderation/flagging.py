"""Flags what is received and what is changed, in the transaction of that act."""

from django.dispatch import receiver

from wagtail_eparticipation import signals
from wagtail_eparticipation.moderation import flags


@receiver(signals.participation_received, dispatch_uid="eparticipation_flag_one")
def flag_received(sender, participation, receipt_code, now, **kwargs) -> None:
    """One that came in alone; those of a file are flagged together."""
    if receipt_code:
        flags.flag(participation, now=now)


@receiver(signals.participations_received, dispatch_uid="eparticipation_flag_many")
def flag_file(sender, participations, now, **kwargs) -> None:
    flags.flag_many(participations, now=now)


@receiver(signals.participation_amended, dispatch_uid="eparticipation_flag_amended")
def flag_amended(sender, participation, now, **kwargs) -> None:
    """A new revision, which has no flags yet."""
    flags.flag(participation, now=now)


@receiver(signals.participation_corrected, dispatch_uid="eparticipation_flag_corrected")
def flag_corrected(sender, participation, **kwargs) -> None:
    flags.refresh(participation)


@receiver(signals.participation_admitted, dispatch_uid="eparticipation_flag_admitted")
@receiver(signals.participation_confirmed, dispatch_uid="eparticipation_flag_confirmed")
def flag_counted(sender, participation, **kwargs) -> None:
    """One that counts from now on may carry on the numbering of an earlier one."""
    if participation.replaces_id is not None:
        flags.refresh(participation)
