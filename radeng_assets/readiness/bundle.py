"""The bundle: a verdict and its docket in one zip file, from which anybody can judge again.

``verdict.json``, ``circumstances.json``, the plan's files under ``plan/``, ``ledger.jsonl`` with ``ledger.head``, and
under ``evidence/`` all that the ledger cites, by digest. Equal inputs give equal bytes: entries are sorted and carry no
time. What is cited and gone is left out, what was changed is there as it is: whoever judges again finds the same.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from pydantic import JsonValue, TypeAdapter, ValidationError

from radeng_assets.canonical import canonical, digest_bytes
from radeng_assets.evidence.ledger import LedgerCopy
from radeng_assets.evidence.store import EvidenceChanged, EvidenceMissing, EvidenceStore
from radeng_assets.planning.folder import read_planning
from radeng_assets.planning.snapshot import thaw
from radeng_assets.readiness.circumstances import Circumstances
from radeng_assets.readiness.docket import Docket
from radeng_assets.readiness.freshness import moment
from radeng_assets.readiness.verdict import Verdict

_NO_TIME = (1980, 1, 1, 0, 0, 0)

_UNZIPPABLE = (
    *(OSError, EOFError, zlib.error, zipfile.BadZipFile, zipfile.LargeZipFile),
    *(NotImplementedError, RuntimeError, ValueError),
)
"""What ``zipfile`` raises for files that are damaged, encrypted, or packed in a way that it does not know."""

_OBJECT: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])

MOST_BYTES = 4 * 1024**3
"""What a bundle may unpack to: far over any real one, and no more than a machine can bear."""


class NotABundle(Exception):  # noqa: N818  # named for what was found
    """A file that holds no verdict with its docket; the message says what is missing or wrong."""


def write_bundle(path: Path, verdict: Verdict, docket: Docket, *, plan: Path, store: EvidenceStore) -> None:
    """Write the bundle of ``verdict`` to ``path``, whole or not at all.

    ``plan`` is the frozen planning folder that ``docket`` was read from. Raises ``OSError`` where ``path`` cannot be
    written.
    """
    entries = dict(_entries(verdict, docket, plan, store))
    handle, draft = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as stream, zipfile.ZipFile(stream, "w") as archive:
        for name in sorted(entries):
            info = zipfile.ZipInfo(name, date_time=_NO_TIME)
            archive.writestr(info, entries[name], compress_type=zipfile.ZIP_DEFLATED)
    Path(draft).replace(path)


def read_bundle(path: Path, scratch: Path) -> tuple[dict[str, JsonValue], Docket]:
    """(the verdict document as it is claimed, the docket). ``scratch`` is an empty folder for the plan's files.

    Raises ``NotABundle``.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(info.file_size for info in archive.infolist()) > MOST_BYTES:
                raise NotABundle(f"{path} unpacks to more than {MOST_BYTES:,} bytes")
            files = {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}
    except _UNZIPPABLE as error:
        raise NotABundle(f"{path} is no zip file that can be read: {error}") from error
    try:
        for name, data in files.items():
            folder, _, plain = name.rpartition("/")
            if folder == "plan" and plain not in ("", ".", ".."):
                (scratch / plain).write_bytes(data)
        claimed = _OBJECT.validate_json(files["verdict.json"])
        sources = thaw(scratch)
        docket = Docket(
            sources=sources,
            planning=read_planning(sources),
            ledger=LedgerCopy(files["ledger.jsonl"], files.get("ledger.head")),
            circumstances=_dated(Circumstances.model_validate_json(files["circumstances.json"])),
            read=_reader(files),
        )
    except KeyError as missing:
        raise NotABundle(f"{path} holds no {missing}") from None
    except (ValueError, ValidationError, OSError) as error:
        raise NotABundle(f"{path} is damaged: {error}") from error
    return claimed, docket


def _dated(circumstances: Circumstances) -> Circumstances:
    """The same. Raises ``ValueError`` where the moment of judging is none."""
    moment(circumstances.as_of)
    return circumstances


def _reader(files: dict[str, bytes]) -> Callable[[str], bytes]:
    def read(digest: str) -> bytes:
        data = files.get(_name(digest))
        if data is None:
            raise EvidenceMissing(f"{digest} is not in the bundle")
        if digest_bytes(data) != digest:
            raise EvidenceChanged(f"the bundle does not hold the bytes of {digest}")
        return data

    return read


def _entries(verdict: Verdict, docket: Docket, plan: Path, store: EvidenceStore) -> Iterator[tuple[str, bytes]]:
    yield "verdict.json", canonical(verdict.document())
    yield "circumstances.json", canonical(docket.circumstances)
    for file in plan.iterdir():
        yield f"plan/{file.name}", file.read_bytes()
    yield "ledger.jsonl", docket.ledger.data
    if docket.ledger.head is not None:
        yield "ledger.head", docket.ledger.head
    for digest in _cited(docket, store):
        try:
            yield _name(digest), store.path(digest).read_bytes()
        except (OSError, EvidenceMissing):
            continue


def _cited(docket: Docket, store: EvidenceStore) -> set[str]:
    """Every digest that the ledger cites, and what these envelopes keep."""
    envelopes = {digest for entry in docket.ledger.entries for digest in _digests(dict(entry.body))}
    found = set(envelopes)
    for digest in envelopes:
        try:
            kept = store.get_envelope(digest)
        except (EvidenceMissing, EvidenceChanged, ValidationError):
            continue
        found |= {artifact.digest for artifact in kept.artifacts}
    return found


def _name(digest: str) -> str:
    return f"evidence/{digest.removeprefix('sha256:')}"


def _digests(body: JsonValue) -> set[str]:
    """Every evidence digest that an outcome cites, at any depth."""
    if isinstance(body, dict):
        cited = body.get("evidence")
        found = {str(item) for item in cited} if isinstance(cited, list) else set[str]()
        return found.union(*map(_digests, body.values()))
    return set[str]().union(*map(_digests, body)) if isinstance(body, list) else set()
