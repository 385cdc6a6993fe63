"""Which runs were told to a collector: a note in the home, so that each is told once, and again when it grew."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock
from pydantic import TypeAdapter

from radeng_assets.telemetry.activity import Activity
from radeng_assets.telemetry.spans import Span, spans_of
from radeng_assets.whole import write_whole

_SHIPPED = TypeAdapter(dict[str, int])


def due(course: Sequence[Activity], shipped: Mapping[str, int], quiet_until: int) -> dict[str, int]:
    """Runs to be told of, each with the last moment that is known of it: those that grew since they were told of.

    ``quiet_until``: a run with anything later (ms since 1970) is still going on, and its time will come.
    """
    latest: dict[str, int] = {}
    for activity in course:
        if activity.run:
            latest[activity.run] = max(latest.get(activity.run, 0), activity.latest)
    return {run: moment for run, moment in latest.items() if shipped.get(run) != moment and moment <= quiet_until}


@dataclass(frozen=True, slots=True)
class Shipping:
    """Gives the traces of a home away, at least once each. The note is below ``<home>/telemetry``."""

    home: Path

    def ship(self, course: Sequence[Activity], quiet_until: int, give: Callable[[Collection[Span]], bool]) -> int:
        """Hand the spans of all runs that are due to ``give`` and note what it took; how many spans that is.

        ``give`` says whether they arrived. What did not is due the next time; ids are derived, so what arrives twice is
        the same spans. Raises ``OSError`` where the home cannot be written.
        """
        folder = self.home / "telemetry"
        folder.mkdir(parents=True, exist_ok=True)
        note = folder / "shipped.json"
        with FileLock(folder / "shipped.lock", fallback_to_soft=False):
            shipped = _noted(note)
            runs = due(course, shipped, quiet_until)
            spans = spans_of(activity for activity in course if activity.run in runs)
            if not spans or not give(spans):
                return 0
            write_whole(note, _SHIPPED.dump_json({**shipped, **runs}).decode())
        return len(spans)


def _noted(path: Path) -> dict[str, int]:
    """What was noted; nothing where the note is damaged: then all is told once more."""
    try:
        return _SHIPPED.validate_json(path.read_bytes())
    except (OSError, ValueError):
        return {}
