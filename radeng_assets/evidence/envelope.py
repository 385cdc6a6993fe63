"""The evidence envelope: what ran, on which commit, and what it showed."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version
from typing import Literal

from radeng_assets.canonical import digest_of
from radeng_assets.evidence.states import State
from radeng_assets.record import Record


class Subject(Record):
    """What the evidence is about: a commit and its tree, in hex."""

    commit: str
    tree: str


class Artifact(Record):
    """Something kept beside the envelope, by digest.

    ``kept_bytes`` is the stored size; ``total_bytes`` what there was, before output was cut.
    """

    name: str
    digest: str
    kept_bytes: int
    total_bytes: int

    @property
    def truncated(self) -> bool:
        """Whether less was kept than there was."""
        return self.kept_bytes < self.total_bytes


class Tool(Record):
    """The program that ran, and where it was found."""

    name: str
    path: str | None = None


class Producer(Record):
    """Who made the envelope."""

    name: str = "radeng-assets"
    version: str = version("radeng-assets")


class Envelope(Record):
    """One piece of evidence (``radeng/evidence/v1``).

    ``kind`` says what was asked (``gate:post_story``, ``criterion``, ``files``, ``setup``), ``about`` of what
    (``W1-S1``, ``W1-S1#2``, ``wave-1``). ``exit_code`` is ``None`` where nothing ran to its end. Times are
    UTC, ISO 8601.
    """

    format: Literal["radeng/evidence/v1"] = "radeng/evidence/v1"
    subject: Subject
    kind: str
    about: str
    command: str = ""
    argv: tuple[str, ...] = ()
    exit_code: int | None = None
    state: State
    reason: str = ""
    tool: Tool | None = None
    started: str
    ended: str
    artifacts: tuple[Artifact, ...] = ()
    producer: Producer = Producer()
    session: str
    plan: str

    @property
    def digest(self) -> str:
        """The envelope's identity: SHA-256 over its canonical JSON."""
        return digest_of(self)


def timestamp() -> str:
    """Now, in UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
