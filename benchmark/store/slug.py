"""Makes the name of a folder from the words that name a machine."""

import hashlib
import re
from functools import cache

_LETTERS = 40
_DIGITS = 6


@cache
def slug(words: str) -> str:
    """Return a short name of a-z, 0-9 and "-"; a few digits of a hash tell words apart that would share it."""
    readable = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:_LETTERS].strip("-")
    return "-".join(filter(None, (readable, hashlib.sha256(words.encode()).hexdigest()[:_DIGITS])))
