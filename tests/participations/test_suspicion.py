"""The signs of a program, one by one and together."""

import pytest

from wagtail_eparticipation.participations.suspicion import (
    CROWDED,
    SAME_WORDS,
    TOO_FAST,
    TRAPPED,
    UNPROVEN,
    Signs,
    after_proof,
    is_suspicious,
    signs_of,
)


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        (Signs(), ()),
        (Signs(trapped=True), (TRAPPED,)),
        (Signs(seconds=2.9, least_seconds=3), (TOO_FAST,)),
        (Signs(seconds=3, least_seconds=3), ()),
        (Signs(seconds=0, least_seconds=0), ()),
        (Signs(seconds=None, least_seconds=3), ()),
        (Signs(used=89, times=120), ()),
        (Signs(used=90, times=120), (CROWDED,)),
        (Signs(used=0, times=0), ()),
        (Signs(same_words=4), ()),
        (Signs(same_words=5), (SAME_WORDS,)),
        (Signs(unproven=True), (UNPROVEN,)),
        (
            Signs(trapped=True, seconds=0, least_seconds=3, used=1, times=1),
            (TRAPPED, TOO_FAST, CROWDED),
        ),
    ],
)
def test_each_sign_has_its_boundary(signs, expected):
    assert signs_of(signs) == expected


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ((), False),
        ((TRAPPED,), True),
        ((TOO_FAST,), True),
        ((UNPROVEN,), True),
        # A class of pupils, and a campaign at a counter, each by itself.
        ((CROWDED,), False),
        ((SAME_WORDS,), False),
        ((CROWDED, CROWDED), False),
        ((CROWDED, SAME_WORDS), True),
    ],
)
def test_weak_signs_set_aside_only_together(codes, expected):
    assert is_suspicious(codes) is expected


@pytest.mark.parametrize(
    ("codes", "left"),
    [
        ((TOO_FAST, CROWDED, SAME_WORDS, UNPROVEN), ()),
        ((TRAPPED, TOO_FAST), (TRAPPED,)),
    ],
)
def test_a_proof_answers_all_signs_but_the_trap(codes, left):
    assert after_proof(codes) == left
