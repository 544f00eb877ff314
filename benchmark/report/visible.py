"""Text of others as it can be shown: on a terminal, in a page, in XML."""

import re

# Control characters, what turns the direction of writing round, halves of a character, and what Unicode calls no
# character. XML allows few of these in any form, and a terminal would obey some.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def visible(text: str) -> str:
    """Return a text with the sign of replacement, U+FFFD, for every character that is none or would act unseen.

    Tabs and line ends stay.
    """
    return _UNSEEN.sub("\ufffd", text)
