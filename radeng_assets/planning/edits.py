"""When an edit of the planning folder counts: once the folder has stood still.

Editors save in steps: a draft, a rename, a second file. So the folder is looked at by content (never by file times),
and an edit counts when two looks in a row saw the same and enough time lies between them. What a watcher remembers from
look to look is one record, so that any process may take the next look, and a look that is repeated or lost changes
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Self

from pydantic import ValidationError

from radeng_assets.canonical import digest_of
from radeng_assets.record import Record


class Memory(Record):
    """What is remembered between looks.

    ``known`` is the folder that was passed on last, file → digest. ``edition`` names it among all folders that were
    ever passed on, also where an old one comes back. ``seen`` is the digest of the last look, first seen so at
    ``since`` (ISO 8601). ``broken`` is the digest of the broken folder that was reported, ``asked`` and
    ``asked_at`` the one for which the definitions were asked to load again, and when.
    """

    known: dict[str, str]
    edition: str
    seen: str = ""
    since: str = ""
    broken: str = ""
    asked: str = ""
    asked_at: str = ""

    @classmethod
    def begin(cls, known: Mapping[str, str], now: str) -> Self:
        """What is remembered before the first look."""
        return cls(known=dict(known), edition=now)

    @classmethod
    def recall(cls, text: str | None) -> Self | None:
        """What was remembered; ``None`` where that is nothing of ours."""
        try:
            return cls.model_validate_json(text) if text else None
        except ValidationError:
            return None

    def look(self, folder: Mapping[str, str], now: str) -> Self:
        """What is remembered after a look at a folder (file → digest)."""
        digest = digest_of(dict(folder))
        if digest == self.seen and _seconds(self.since, now) >= 0:
            return self
        # Seen for the first time, or the clock was set back.
        return self.model_copy(update={"seen": digest, "since": now})

    def settled(self, before: Memory, now: str, quiet_s: float) -> bool:
        """Whether what this look saw is what the one ``before`` saw, for at least ``quiet_s`` seconds."""
        return self.seen == before.seen and _seconds(self.since, now) >= quiet_s

    def edited(self, folder: Mapping[str, str]) -> tuple[str, ...]:
        """The files that differ from what was passed on last, missing and new ones too."""
        names = sorted({*self.known, *folder})
        return tuple(name for name in names if self.known.get(name) != folder.get(name))

    def passed_on(self, folder: Mapping[str, str]) -> Self:
        """What is remembered once a folder was passed on."""
        edition = digest_of([self.edition, digest_of(dict(folder))])
        return self.model_copy(update={"known": dict(folder), "edition": edition})

    def may_ask(self, digest: str, now: str, again_s: float) -> bool:
        """Whether definitions may be asked to load a folder: once, and again when that came to nothing for a while."""
        return self.asked != digest or not 0 <= _seconds(self.asked_at, now) < again_s


def _seconds(since: str, now: str) -> float:
    return (datetime.fromisoformat(now) - datetime.fromisoformat(since)) / timedelta(seconds=1)
