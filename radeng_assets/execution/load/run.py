"""A whole load test: level after level on one machine, and its record below the home."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from radeng_assets.evidence.envelope import timestamp
from radeng_assets.execution.load.figures import calls_needed
from radeng_assets.execution.load.limits import REFERENCE, Limit, limit_at
from radeng_assets.execution.load.measure import Rig
from radeng_assets.execution.load.report import Level, LoadReport, Machine, Terms
from radeng_assets.execution.load.scenario import FEWEST_TURNS, Scenario


class Busy(Exception):  # noqa: N818  # named for what was found
    """Another load test runs on this home: the two would measure each other."""


@dataclass(frozen=True, slots=True)
class LoadTest:
    """A load test on a home's folder ``load/``. ``log`` takes lines of progress for people."""

    home: Path
    terms: Terms
    stopping: Callable[[], bool]
    log: Callable[[str], None]

    def run(self, agents: Sequence[int], stated: Sequence[Limit]) -> tuple[LoadReport, Path]:
        """Measure these numbers of agents against the plan's limits; the record, and the file that holds it.

        Raises ``Busy`` and ``NoBroker``.
        """
        folder = self.home / "load"
        folder.mkdir(parents=True, exist_ok=True)
        at, machine = timestamp(), _machine()
        try:
            with FileLock(folder / "lock", timeout=0, fallback_to_soft=False):
                levels = tuple(self._levels(folder / "work", agents, stated or REFERENCE))
        except Timeout:
            raise Busy("another load test runs on this home") from None
        report = LoadReport(
            at=at, machine=machine, terms=self.terms, limits_from="plan" if stated else "reference", levels=levels
        )
        path = folder / f"{at.replace(':', '')}.json"
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps(report.document(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        draft.replace(path)
        return report, path

    def _levels(self, place: Path, agents: Sequence[int], limits: Sequence[Limit]) -> Iterator[Level]:
        rig = Rig(place, self.stopping)
        for count in agents:
            limit = limit_at(count, limits)
            scenario = self.scenario(count, limit)
            self.log(f"{count} agents at once, {scenario.turns} turns each")
            level = rig.level(scenario, limit)
            self.log("; ".join(level.shortfalls(self.terms.overhead)) or "within its thresholds")
            yield level

    def scenario(self, agents: int, limit: Limit) -> Scenario:
        """What so many agents do: enough turns that none without an answer shows the error rate."""
        return Scenario(
            agents=agents,
            turns=max(FEWEST_TURNS, -(-calls_needed(limit.error_rate) // agents)),
            **self.terms.model_dump(exclude={"overhead"}),
        )


def _machine() -> Machine:
    return Machine(
        cores=os.cpu_count() or 1,
        load=psutil.getloadavg()[0],
        python=platform.python_version(),
        anthropic=version("anthropic"),
        radeng=version("radeng-assets"),
    )
