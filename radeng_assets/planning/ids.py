"""Which ids a plan may give its waves and stories.

Wave ids become partition keys and file names, story ids names of nodes and branches; an id that is
a path (``../x``) was seen to be written outside the storage folder. So one strict pattern holds for
both, and readers leave out what does not match it.
"""

from __future__ import annotations

import re

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

ID_RULE = (
    "an id has 1 to 64 letters (a-z, A-Z), digits, '.', '_' or '-', begins with a letter or a digit and has no '..'"
)
"""The pattern in words, for messages."""


def is_valid_id(text: str) -> bool:
    """Whether a wave or a story may be called ``text``."""
    return _ID.fullmatch(text) is not None and ".." not in text
