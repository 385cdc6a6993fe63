"""Content-addressed evidence: bytes by SHA-256, written whole or not at all, checked when read."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from radeng_assets.canonical import canonical, digest_bytes
from radeng_assets.evidence.envelope import Envelope
from radeng_assets.holding import held

if TYPE_CHECKING:
    from upath import UPath


class EvidenceMissing(Exception):  # noqa: N818  # named for what happened
    """Evidence that is cited and not in the store."""


class EvidenceChanged(Exception):  # noqa: N818
    """Evidence whose bytes are not those that its digest names."""


@dataclass(frozen=True, slots=True)
class EvidenceStore:
    """Everything below ``<home>/evidence/sha256``. Safe under concurrent writers: equal names hold equal bytes.

    ``shelf`` is where the machines of a fleet keep it for each other: what is in the home is there as well, and what is
    not in the home is fetched from there.
    """

    home: Path
    shelf: UPath | None = None

    def put_bytes(self, data: bytes) -> str:
        """Store bytes durably; their digest (``sha256:…``)."""
        digest = digest_bytes(data)
        path = self.path(digest)
        if self._is_kept(path):
            return digest
        self._shelve(digest, data)  # first: what is here is there, also after a kill
        self._keep(path, data)
        return digest

    def _keep(self, path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(draft).replace(path)
        sync_folder(path.parent)

    def _shelve(self, digest: str, data: bytes) -> None:
        if self.shelf is None:
            return
        there = self._shelved(self.shelf, digest)
        if there.exists():
            return
        there.parent.mkdir(parents=True, exist_ok=True)
        draft = there.with_name(f".{there.name}.{uuid.uuid4().hex}")
        draft.write_bytes(data)
        draft.rename(there)

    def shelve_all(self) -> None:
        """Give everything that is in the home to the others: for a home that was one machine's so far."""
        for digest in self.digests():
            self._shelve(digest, self.path(digest).read_bytes())

    def _is_kept(self, path: Path) -> bool:
        """Whether something is in the store, which is then as young as if it had been put there now."""
        with held(path.parent):
            try:
                os.utime(path)
            except FileNotFoundError:
                return False
        return True

    def put_envelope(self, envelope: Envelope) -> str:
        """Store an envelope as canonical JSON; its digest."""
        return self.put_bytes(canonical(envelope))

    def get_bytes(self, digest: str) -> bytes:
        """The bytes of a digest. Raises ``EvidenceMissing``, or ``EvidenceChanged`` if they were tampered with."""
        try:
            data = self.path(digest).read_bytes()
        except OSError:
            return self._fetched(digest)
        if digest_bytes(data) != digest:
            raise EvidenceChanged(f"{self.path(digest)} does not hold the bytes of {digest}")
        return data

    def _fetched(self, digest: str) -> bytes:
        """What another machine made, kept here from now on."""
        missing = EvidenceMissing(f"{digest} is not in {self.home}, or cannot be read there")
        if self.shelf is None:
            raise missing
        there = self._shelved(self.shelf, digest)
        try:
            data = there.read_bytes()
        except OSError:
            raise missing from None
        if digest_bytes(data) != digest:
            raise EvidenceChanged(f"{there} does not hold the bytes of {digest}")
        self._keep(self.path(digest), data)
        return data

    def get_envelope(self, digest: str) -> Envelope:
        """The envelope of a digest; raises as ``get_bytes`` does."""
        return Envelope.model_validate_json(self.get_bytes(digest))

    def path(self, digest: str) -> Path:
        """Where the bytes of a digest lie, if they are there. Raises ``EvidenceMissing`` for what is no digest."""
        name = _name(digest)
        return self.folder / name[:2] / name

    @property
    def folder(self) -> Path:
        """Where everything lies."""
        return self.home / "evidence" / "sha256"

    def digests(self) -> Iterator[str]:
        """Everything that is in the store."""
        for path in self.folder.glob("[0-9a-f][0-9a-f]/*"):
            if len(path.name) == 64:
                yield f"sha256:{path.name}"

    def _shelved(self, shelf: UPath, digest: str) -> UPath:
        name = _name(digest)
        return shelf / name[:2] / name


def _name(digest: str) -> str:
    name = digest.removeprefix("sha256:")
    if len(name) != 64 or not set(name) <= set("0123456789abcdef"):
        raise EvidenceMissing(f"{digest[:100]!r} is not a digest")
    return name


def sync_folder(folder: Path) -> None:
    """Make a rename durable: the folder's entry must reach the disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
