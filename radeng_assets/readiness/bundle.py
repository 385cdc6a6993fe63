"""The bundle: a verdict and everything it was judged from, in one reproducible zip file.

``verdict.json``, the plan's files under ``plan/``, ``ledger.jsonl``, and under ``evidence/`` every envelope that an
outcome cites with the output that it captured. Equal inputs give equal bytes: entries are sorted and carry no time.
"""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from radeng_assets.canonical import canonical
from radeng_assets.evidence.ledger import Ledger
from radeng_assets.evidence.store import EvidenceStore
from radeng_assets.readiness.verdict import Verdict

_NO_TIME = (1980, 1, 1, 0, 0, 0)


def write_bundle(path: Path, verdict: Verdict, *, plan: Path, ledger: Ledger, store: EvidenceStore) -> None:
    """Write the bundle of ``verdict`` to ``path``, whole or not at all.

    ``plan`` is the frozen planning folder. Raises ``OSError`` where ``path`` cannot be written, and the store's own
    errors for evidence that is cited and gone or changed: a bundle with holes would be a claim.
    """
    entries = dict(_entries(verdict, plan, ledger, store))
    handle, draft = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as stream, zipfile.ZipFile(stream, "w") as archive:
        for name in sorted(entries):
            info = zipfile.ZipInfo(name, date_time=_NO_TIME)
            archive.writestr(info, entries[name], compress_type=zipfile.ZIP_DEFLATED)
    Path(draft).replace(path)


def _entries(verdict: Verdict, plan: Path, ledger: Ledger, store: EvidenceStore) -> Iterator[tuple[str, bytes]]:
    yield "verdict.json", canonical(verdict.document())
    for file in plan.iterdir():
        yield f"plan/{file.name}", file.read_bytes()
    records: list[bytes] = []
    cited: set[str] = set()
    for entry in ledger.entries():
        records.append(canonical(entry))
        cited |= _digests(entry.body)
    yield "ledger.jsonl", b"".join(record + b"\n" for record in records)
    for digest in cited:
        data = store.get_bytes(digest)
        yield _name(digest), data
        for artifact in json.loads(data).get("artifacts", ()):
            yield _name(artifact["digest"]), store.get_bytes(artifact["digest"])


def _name(digest: str) -> str:
    return f"evidence/{digest.removeprefix('sha256:')}"


def _digests(body: object) -> set[str]:
    """Every evidence digest that an outcome cites, at any depth."""
    found: set[str] = set()
    if isinstance(body, dict):
        for key, value in body.items():  # pyright: ignore[reportUnknownVariableType]  # plain JSON
            if key == "evidence" and isinstance(value, list):
                found.update(str(item) for item in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
            else:
                found |= _digests(value)  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(body, list):
        for item in body:  # pyright: ignore[reportUnknownVariableType]
            found |= _digests(item)  # pyright: ignore[reportUnknownArgumentType]
    return found
