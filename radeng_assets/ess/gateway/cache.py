"""Answers of the gateway, kept for when it is away. What comes from here says so, and never shows a service up."""

from __future__ import annotations

import contextlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from radeng_assets.canonical import digest_of
from radeng_assets.ess.gateway.replies import QueryReply

MOST_REPLIES = 512
MOST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReplyCache:
    """Replies in one folder, each by the digest of everything that the answer hangs on; the longest unused ones go.

    Safe for several processes: a file is there whole or not at all, and one that cannot be read is as good as none.
    """

    folder: Path
    most_replies: int = MOST_REPLIES
    most_bytes: int = MOST_BYTES

    def get(self, address: str, project: str, query: str, commit: str) -> QueryReply | None:
        """The reply kept for a question about a commit; ``None`` where there is none that can be read."""
        path = self._path(address, project, query, commit)
        try:
            reply = QueryReply.model_validate_json(path.read_bytes())
            os.utime(path)
        except (OSError, ValidationError):
            return None
        return reply

    def put(self, address: str, project: str, query: str, commit: str, reply: QueryReply) -> None:
        """Keep a reply, and let the longest unused ones go until the bounds hold. A full disk keeps nothing."""
        data = reply.model_dump_json(by_alias=True).encode()
        if len(data) > self.most_bytes:
            return
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(dir=self.folder, prefix=".draft-")
            try:
                with os.fdopen(handle, "wb") as stream:
                    stream.write(data)
                Path(draft).replace(self._path(address, project, query, commit))
            finally:
                Path(draft).unlink(missing_ok=True)
            self._trim()

    def _trim(self) -> None:
        facts = sorted(
            ((path, path.stat()) for path in self.folder.glob("*.json")),
            key=lambda one: one[1].st_mtime_ns,
            reverse=True,
        )
        kept = 0
        for number, (path, fact) in enumerate(facts, start=1):
            kept += fact.st_size
            if number > self.most_replies or kept > self.most_bytes:
                path.unlink(missing_ok=True)

    def _path(self, address: str, project: str, query: str, commit: str) -> Path:
        name = digest_of([address, project, query, commit]).removeprefix("sha256:")
        return self.folder / f"{name}.json"
