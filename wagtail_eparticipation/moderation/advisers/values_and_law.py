"""Rule on values and the law: no check (P-7.3).

Two people decide on a breach of this rule and write down why; no word list decides or
suggests anything (R-7.3a), and nothing in code knows a religion, a custom or a law
(R-7.3b). The adviser is registered so that a site that wants to say more can put its
own in its place, under the same name.
"""

from collections.abc import Iterable

from wagtail_eparticipation.moderation.advisers.findings import Finding, Reading


def look(reading: Reading) -> Iterable[Finding]:
    """Nothing."""
    return ()
