"""Which settings of the protection against abuse cannot be used."""

from wagtail_eparticipation.participations import limits, proof
from wagtail_eparticipation.setting_checks import Unusable, register


def _limits(name: str, value) -> None:
    example = '{"send": {"burst": (120, 600), "sustained": (1500, 21600)}}'
    mend = f"Write times and seconds, like {example}."
    if not isinstance(value, dict):
        raise Unusable("it is no dictionary", mend)
    for purpose, parts in value.items():
        if purpose not in limits.ALL:
            known = ", ".join(sorted(limits.ALL))
            raise Unusable(f"there is no limit {purpose!r}", f"There are: {known}.")
        if not isinstance(parts, dict):
            raise Unusable(f"{purpose!r} is no dictionary", mend)
        for part, pair in parts.items():
            if part not in limits.PARTS:
                known = ", ".join(limits.PARTS)
                raise Unusable(
                    f"{purpose!r} has no part {part!r}", f"There are: {known}."
                )
            if pair is None and part != "burst":
                continue
            if not _is_pair(pair):
                raise Unusable(f"{purpose!r}, {part!r}: {pair!r} is no limit", mend)


def _is_pair(pair) -> bool:
    return (
        isinstance(pair, tuple | list)
        and len(pair) == 2
        and all(type(number) is int and number > 0 for number in pair)
    )


def _proof(name: str, value) -> None:
    if value not in proof.MODES:
        known = ", ".join(f'"{mode}"' for mode in proof.MODES)
        raise Unusable(f"{value!r} is no way to ask for it", f"There are: {known}.")
    if value != "off" and not proof.is_installed():
        raise Unusable(
            "the package altcha is not installed, so nobody is asked",
            "pip install 'wagtail-eparticipation[altcha]'",
        )


register("LIMITS", _limits)
register("PROOF_OF_WORK", _proof)
