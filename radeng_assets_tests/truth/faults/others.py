"""Browser runs without a picture, documents that say nothing, an index that nobody tried."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from radeng_assets.evidence.envelope import Envelope
from radeng_assets_tests.truth.state import State
from radeng_assets_tests.truth.trial import Fault

DESKTOP, PHONE = "screenshots/desktop.png", "screenshots/phone.png"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(width: int, height: int) -> bytes:
    """A white picture."""

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = b"".join(b"\0" + b"\xff" * (3 * width) for _ in range(height))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _same_picture(state: State) -> None:
    desktop = state.left("ui", DESKTOP)
    state.leave("ui", PHONE, lambda _: desktop)


def _noted(state: State) -> None:
    """The same picture, with a note in it."""
    desktop = state.left("ui", DESKTOP)
    note = _chunk(b"tEXt", b"Comment\0on a phone")
    state.leave("ui", PHONE, lambda _: desktop[:33] + note + desktop[33:])  # behind IHDR


def _document(path: str, text: str) -> Callable[[State], None]:
    """A committed document, collected anew from its commit."""

    def seed(state: State) -> None:
        state.change(path, lambda _: text.encode())
        state.remeasure_for_real("documentation")

    return seed


def _removed(state: State) -> None:
    state.change("docs/operations.md", lambda _: None)
    state.remeasure_for_real("documentation")


def _ended(text: str) -> Callable[[State], None]:
    """The guide, with more at its end."""

    def seed(state: State) -> None:
        state.change("docs/guide.md", lambda data: data + text.encode())
        state.remeasure_for_real("documentation")

    return seed


def _never_exercised(state: State) -> None:
    state.remeasure("ess", lambda envelope: None if envelope.kind == "ess:service_down" else envelope)


def _trial(change: Callable[[dict[str, Any]], object]) -> Callable[[State], None]:
    """The trial of the fallback says something else."""

    def changed(state: State, envelope: Envelope) -> Envelope:
        if envelope.kind != "ess:service_down":
            return envelope
        document = json.loads(state.store.get_bytes(envelope.artifacts[0].digest))
        change(document)
        data = json.dumps(document).encode()
        kept = {"digest": state.store.put_bytes(data), "kept_bytes": len(data), "total_bytes": len(data)}
        return envelope.model_copy(update={"artifacts": (envelope.artifacts[0].model_copy(update=kept),)})

    return lambda state: state.remeasure("ess", lambda envelope: changed(state, envelope))


def _by_the_service(document: dict[str, Any]) -> None:
    document["trial"]["source"] = "gateway"


FAULTS = (
    Fault("no screenshot", "ui_integration", "phone", lambda s: s.leave("ui", PHONE, lambda _: None)),
    Fault("a blank screenshot", "ui_integration", "phone", lambda s: s.leave("ui", PHONE, lambda _: _png(375, 800))),
    Fault("one screenshot twice", "ui_integration", "phone|different", _same_picture),
    Fault("one screenshot twice, with a note in one", "ui_integration", "phone|different", _noted),
    Fault("a screenshot that is none", "ui_integration", "desktop", lambda s: s.leave("ui", DESKTOP, lambda _: b"PNG")),
    Fault("a document is a stub", "documentation", "stub", _document("docs/operations.md", "# Operations\n\nSoon.\n")),
    Fault("a document is gone", "documentation", "operations.md is not in the commit", _removed),
    Fault("a placeholder in a document", "documentation", "TODO", _ended("\n## More\n\nTODO: describe it.\n")),
    Fault("a link that leads nowhere", "documentation", "points to", _ended("\nSee [more](more.md) of it.\n")),
    Fault("a marked command that fails", "documentation", "exit code 3", _ended("\n```bash run\nexit 3\n```\n")),
    Fault("the fallback never exercised", "ess_integration", "nobody exercised", _never_exercised),
    Fault("the service answered for the fallback", "ess_integration", "not that branch", _trial(_by_the_service)),
    Fault("veracity below 85", "ess_integration", "at least 85", _trial(lambda d: d.update(veracity=84))),
    Fault("the index is old", "ess_integration", "days old", lambda _: None, timedelta(days=8)),
)
