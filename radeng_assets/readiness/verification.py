"""Judging a bundle again, from nothing but what is in it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from pydantic import JsonValue, TypeAdapter

from radeng_assets.readiness.bundle import read_bundle
from radeng_assets.readiness.judge import judge
from radeng_assets.readiness.verdict import Verdict
from radeng_assets.record import Record

_JSON: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])


class Recount(Record):
    """A verdict as the bundle claims it, and as it follows from the bundle's own docket.

    ``differences`` name what differs; none where the two are the same, byte for byte.
    """

    claimed: str
    verdict: Verdict
    differences: tuple[str, ...]


def recount(bundle: Path) -> Recount:
    """Judge a bundle again. Raises ``NotABundle``. Needs no network, no target and no Dagster."""
    with tempfile.TemporaryDirectory(prefix="radeng-verify-") as scratch:
        claimed, docket = read_bundle(bundle, Path(scratch))
        verdict = judge(docket.case())
    shown = _JSON.validate_python(verdict.document())
    return Recount(
        claimed=str(claimed.get("digest", "")),
        verdict=verdict,
        differences=tuple(_differences(claimed, shown)),
    )


def _differences(claimed: JsonValue, shown: JsonValue, where: str = "") -> list[str]:
    """Each place where two JSON documents differ, in words."""
    if isinstance(claimed, dict) and isinstance(shown, dict):
        pairs = {name: (claimed.get(name), shown.get(name)) for name in sorted({*claimed, *shown})}
    elif isinstance(claimed, list) and isinstance(shown, list) and len(claimed) == len(shown):
        pairs = {
            _label(one, number): (one, other) for number, (one, other) in enumerate(zip(claimed, shown, strict=True))
        }
    else:
        return [] if claimed == shown else [f"{where}: {_short(claimed)} is claimed, {_short(shown)} follows"]
    found: list[str] = []
    for name, (one, other) in pairs.items():
        found += _differences(one, other, f"{where}.{name}".lstrip("."))
    return found


def _label(item: JsonValue, number: int) -> str:
    """An item of a list by its id, where it has one."""
    return str(item["id"]) if isinstance(item, dict) and "id" in item else str(number)


def _short(value: JsonValue) -> str:
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:117]}…"
