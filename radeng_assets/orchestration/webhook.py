"""Telling people: one line to a webhook, each content once.

The address is a secret, so it is no setting: it stands in the environment, is read where it is used, and no message,
record or file of ours holds it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from radeng_assets.canonical import digest_bytes
from radeng_assets.orchestration.posting import post_json

ADDRESS = "RADENG_WEBHOOK_URL"

TIMEOUT_S = 10.0
"""How long the other side may take."""

MOST = 2000
"""Characters of a text that are sent. Slack cuts at 40,000; nobody reads so much."""

KEPT_S = 24 * 3600.0
"""For how long the same text is not told again."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """A Slack-compatible webhook. ``told`` is the folder that remembers what was told, by content digest."""

    address: str
    told: Path

    @classmethod
    def configured(cls, home: Path, environ: Mapping[str, str] = os.environ) -> Webhook | None:
        """The webhook of an environment; ``None`` where none is named."""
        address = environ.get(ADDRESS, "").strip()
        return cls(address, home / "told") if address else None

    def tell(self, text: str) -> bool:
        """Tell it, unless it was told lately; whether it was sent now. Raises ``NotSent``: then it was not told.

        Whoever is killed while telling tells it again: twice is better than never.
        """
        self.told.mkdir(parents=True, exist_ok=True)
        mark = self.told / digest_bytes(text.encode()).removeprefix("sha256:")
        with FileLock(self.told / ".lock", fallback_to_soft=False):
            self._forget()
            if mark.exists():
                return False
            post_json(self.address, {"text": _escaped(text)}, TIMEOUT_S)
            mark.touch()
        return True

    def _forget(self) -> None:
        oldest = time.time() - KEPT_S
        for mark in self.told.iterdir():
            if mark.name != ".lock" and mark.stat().st_mtime < oldest:
                mark.unlink()


def _escaped(text: str) -> str:
    """Slack reads ``<…>`` as links and mentions; a plan's words must not call anybody."""
    short = text if len(text) <= MOST else f"{text[: MOST - 1]}…"
    return short.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
