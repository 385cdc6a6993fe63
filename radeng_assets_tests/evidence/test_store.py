"""The store: by content, checked when read."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from radeng_assets.evidence.envelope import Envelope, Subject, timestamp
from radeng_assets.evidence.store import EvidenceChanged, EvidenceMissing, EvidenceStore


def envelope(**changes: object) -> Envelope:
    base = Envelope(
        subject=Subject(commit="c" * 40, tree="t" * 40),
        kind="gate:post_story",
        about="A-1",
        state="passed",
        started="2026-01-01T00:00:00.000Z",
        ended="2026-01-01T00:00:01.000Z",
        session="s",
        plan="sha256:0",
    )
    return base.model_copy(update=changes)


def test_bytes_come_back_by_their_own_sha256(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)
    digest = store.put_bytes(b"shown")
    assert digest == f"sha256:{hashlib.sha256(b'shown').hexdigest()}"
    assert store.get_bytes(digest) == b"shown"
    assert store.put_bytes(b"shown") == digest


def test_an_envelope_comes_back_equal(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)
    kept = envelope()
    digest = store.put_envelope(kept)
    assert digest == kept.digest
    assert store.get_envelope(digest) == kept


def test_every_field_is_part_of_the_identity() -> None:
    digests = {
        envelope().digest,
        envelope(state="failed").digest,
        envelope(exit_code=0).digest,
        envelope(subject=Subject(commit="d" * 40, tree="t" * 40)).digest,
    }
    assert len(digests) == 4


def test_changed_bytes_are_found(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)
    digest = store.put_bytes(b"shown")
    (file,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    file.write_bytes(b"faked")
    with pytest.raises(EvidenceChanged):
        store.get_bytes(digest)


@pytest.mark.parametrize("digest", ["sha256:" + "0" * 64, "sha256:../../etc/passwd", "", "x" * 64])
def test_what_is_not_there_is_missing(tmp_path: Path, digest: str) -> None:
    with pytest.raises(EvidenceMissing):
        EvidenceStore(tmp_path).get_bytes(digest)


def test_many_writers_of_the_same_bytes(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        digests = set(pool.map(store.put_bytes, [b"same"] * 64))
    assert len(digests) == 1
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_time_is_utc_to_the_millisecond() -> None:
    stamp = timestamp()
    assert stamp.endswith("Z")
    assert len(stamp) == len("2026-01-01T00:00:00.000Z")
