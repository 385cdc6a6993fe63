"""From the bytes of a file to the text that is indexed, or the reason why there is none."""

from __future__ import annotations

from typing import Literal, NamedTuple

Limit = Literal["binary", "broken", "huge", "link", "minified", "missing", "name", "not-utf8", "submodule", "tangled"]
"""Why a file is not indexed, or not wholly.

By its path alone: ``binary``, ``huge``, ``minified``, ``missing`` (the object store lacks it, as a partial clone's
does). As far as it goes: ``broken`` (syntax errors), ``not-utf8`` (other bytes became U+FFFD), ``tangled`` (its text
without symbols: ``tangle`` says why). Not at all: ``link`` and ``submodule``, which have no text of their own, and
``name``, a path that is not UTF-8 and so cannot be cited.
"""

HUGE = 1024 * 1024
"""Bytes from which a file's text is not read: a million characters of source are a generated table or a bundle."""

MINIFIED = 300
"""Mean bytes of a line from which text counts as minified (black, prettier and gofmt stay under 100)."""

_SMALL = 2048
"""Bytes up to which a file may be one long line without being minified: a paragraph, a JSON object."""

_BINARY_HEAD = 8000
"""Where git looks for a NUL byte to tell binary files."""


class Text(NamedTuple):
    r"""A file's text, every newline ``\n``, and what limited its reading."""

    text: str = ""
    limits: tuple[Limit, ...] = ()


def text_of(data: bytes) -> Text:
    """The text of a file's bytes. Never raises."""
    if len(data) > HUGE:
        return Text(limits=("huge",))
    if b"\0" in data[:_BINARY_HEAD]:
        return Text(limits=("binary",))
    if len(data) > _SMALL and len(data) > MINIFIED * (data.count(b"\n") + 1):
        return Text(limits=("minified",))
    limits: tuple[Limit, ...] = ()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode(errors="replace")
        limits = ("not-utf8",)
    return Text(text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\N{REPLACEMENT CHARACTER}"), limits)
