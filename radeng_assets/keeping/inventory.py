"""What lies in a home that may go one day: looked up, with what needs it; nothing is decided here."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from pydantic import ValidationError

from radeng_assets.evidence.envelope import Envelope
from radeng_assets.evidence.store import EvidenceChanged, EvidenceMissing, EvidenceStore
from radeng_assets.execution.bench import bench_name
from radeng_assets.execution.broker.kept_replies import kept_replies
from radeng_assets.execution.setup import evidence_of
from radeng_assets.execution.workspace import owner_lives
from radeng_assets.keeping.citations import Life
from radeng_assets.keeping.items import Item, Kind

GONE = ".gone"
"""Where things lie that were decided on, until their files are removed."""

BOOKS = Path("broker") / "books.sqlite"

_DRAFTS = (
    *(".last-run.*", ".dagster.yaml.*", ".database.*", "telemetry/.shipped.*"),
    *("evidence/sha256/*/.draft-*", "plans/.freezing-*", "plans/.last-good-*", "setup/.*"),
    *("targets/.*.git-*", "targets/*.git/index-*", "copies/.*.git-*", "index/*/.draft-*", "index/.last-*"),
    *("assets/.*", "assets/*/.*", "load/*.draft"),
)
"""What is written before it is renamed. One that is left was left by a killed process."""

_DIGEST = re.compile(rb"sha256:[0-9a-f]{64}")


def lying(home: Path, life: Life, plans: Collection[str]) -> Iterator[Item]:
    """Everything but runs and evidence. ``plans`` are snapshots (hex digests) that are needed."""
    yield from _benches(home, life)
    yield from _replies(home, life)
    for path in home.glob("worktrees/*/*"):
        yield _item(home, "worktrees", path, needed="its process lives" if owner_lives(path.name) else "")
    for path in home.glob("setup/[!.]*"):
        yield _item(home, "setup", path)
    for path in home.glob("plans/*"):
        if len(path.name) == 64:
            yield _item(home, "plans", path, needed="it is served, judged or signed" if path.name in plans else "")
    for path in home.glob("index/*/*.sqlite"):
        yield _item(home, "index", path, group=path.parent.name)
    for kind, pattern in _SIMPLE.items():
        for path in home.glob(pattern):
            yield _item(home, kind, path)
    for pattern in _DRAFTS:
        for path in home.glob(pattern):
            yield _item(home, "drafts", path)


_SIMPLE: dict[Kind, str] = {
    "answers": "index/replies/[!.]*",
    "scanners": "scanners/*",
    "load": "load/*.json",
    "locks": "locks/*.lock",
    "leftovers": f"{GONE}/*",
}


def evidence(store: EvidenceStore) -> dict[str, Item]:
    """Everything in the store, by digest."""
    return {digest: _item(store.home, "evidence", store.path(digest)) for digest in store.digests()}


def artifacts(store: EvidenceStore, digest: str) -> tuple[str, ...]:
    """What an envelope keeps; nothing for what is none."""
    try:
        data = store.get_bytes(digest)
        return tuple(item.digest for item in Envelope.model_validate_json(data).artifacts) if data[:1] == b"{" else ()
    except (EvidenceMissing, EvidenceChanged, ValidationError):
        return ()


def cited_by_files(home: Path) -> frozenset[str]:
    """The digests that asset values (the last verdict among them) and kept setups cite."""
    found = {digest.decode() for path in home.glob("assets/**/*.json") for digest in _DIGEST.findall(path.read_bytes())}
    for place in home.glob("setup/[!.]*"):
        try:
            found.update(evidence_of(place))
        except (OSError, ValueError):
            continue  # a folder that no setup made
    return frozenset(found)


def _benches(home: Path, life: Life) -> Iterator[Item]:
    keys = {bench_name(key): key for key in life.sessions}
    for path in home.glob("benches/*"):
        key = keys.get(path.name)
        at = life.ended.get(key or "", float("inf"))
        yield _item(home, "benches", path, needed=_attempt(life, key)).model_copy(update={"at": at})


def _replies(home: Path, life: Life) -> Iterator[Item]:
    for scope, size in kept_replies(home / BOOKS):
        key = f"{scope.plan}/{scope.story}/{scope.attempt}"
        known = key if key in life.sessions else None
        yield Item(
            kind="replies",
            name=f"{scope.plan}/{scope.wave}/{scope.story}/{scope.attempt}",
            at=life.ended.get(key, float("inf")),
            size=size,
            needed=_attempt(life, known),
        )


def _attempt(life: Life, key: str | None) -> str:
    if key is None:
        return "no attempt on record is known by it"
    return "its attempt is gone on with" if key in life.open else ""


def _item(home: Path, kind: Kind, path: Path, *, group: str = "", needed: str = "") -> Item:
    name = path.relative_to(home).as_posix()
    try:
        at, size = path.lstat().st_mtime, size_of(path)
    except FileNotFoundError:  # another process took it away meanwhile
        at, size = float("inf"), 0
    return Item(kind=kind, name=name, at=at, size=size, group=group, needed=needed)


def size_of(path: Path) -> int:
    """The bytes of a file, or of all files below a folder. Raises ``FileNotFoundError``."""
    if path.is_symlink() or not path.is_dir():
        return path.lstat().st_size
    total = 0
    for folder, _, files in os.walk(path):
        for name in files:
            try:
                total += (Path(folder) / name).lstat().st_size
            except FileNotFoundError:
                continue
    return total
