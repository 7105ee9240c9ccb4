"""A keyed digest by which equal words are found again (AC-S3-I4).

Two texts have the same digest when a reader takes them for the same words, however
they were typed. It is stored beside the text and indexed, so that nothing is ever
compared in pairs.
"""

from wagtail_eparticipation.normalise import search_key
from wagtail_eparticipation.participations.identity import keyed_hash

#: Shorter texts, such as "I agree", say nothing about who wrote them.
LEAST_WORDS = 3


def words_key(text: str) -> str:
    """32 hexadecimal digits for the words of a text; empty for fewer than three."""
    words = search_key(text)
    if words.count(" ") < LEAST_WORDS - 1:
        return ""
    return keyed_hash("words", words)[:32]
