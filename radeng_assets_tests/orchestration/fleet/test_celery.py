"""A wave on three workers, each a machine with a home of its own; one of them is lost over a story."""

from __future__ import annotations

import json
import os
import select
import subprocess
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from radeng_assets.evidence.ledger import Ledger
from radeng_assets_tests.orchestration.fleet.world import HELD, STORIES, World, listen, perish, worker_of
from radeng_assets_tests.postgres_server import Server
from radeng_assets_tests.redis_server import redis

WITHIN_S = 240


@dataclass(frozen=True)
class Ended:
    """A run that has ended in a world."""

    world: World
    verdict: dict[str, Any]

    @classmethod
    def of(cls, world: World, run: subprocess.Popen[str]) -> Ended:
        out, err = run.communicate(timeout=WITHIN_S)
        assert run.returncode == 0, err + "".join(log.read_text() for log in world.root.glob("worker-*.log"))
        return cls(world, json.loads(out))

    def waves(self) -> list[dict[str, Any]]:
        """What the verdict says of waves and stories, without the ids of commits, which carry times."""
        waves = json.loads(json.dumps(self.verdict["waves"]))
        for wave in waves:
            for story in wave["stories"]:
                assert story.pop("commit")
        return waves


@contextmanager
def closing_server() -> Generator[Server]:
    server = Server().start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    world = World(tmp_path_factory.mktemp("alone") / "world")
    return Ended.of(world, world.start())


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ended]:
    root = tmp_path_factory.mktemp("fleet")
    with closing_server() as server, redis(root / "redis") as queue:
        world = World(
            root / "world",
            {
                "RADENG_EXECUTOR": "celery",
                "RADENG_POSTGRES_URL": server.database(),
                "RADENG_CELERY_URL": queue,
                "RADENG_SHARED": str(root / "shared"),
                "RADENG_WORKER_SILENCE_S": "6",
            },
        )
        (world.room / "hold").touch()
        holds, held = listen(world.room / "holds"), listen(world.room / "held")
        try:
            for name in ("worker-1", "worker-2", "worker-3"):
                world.hire(name)
            run = world.start()
            heard, _, _ = select.select([holds], [], [], WITHIN_S)
            assert heard, run.communicate()[1]
            (agent,) = [pid for story, pid in world.began() if story == HELD]
            perish(worker_of(agent, world.workers).pid)
            yield Ended.of(world, run)
        finally:
            world.dismiss()
            os.close(holds)
            os.close(held)


def test_the_result_is_that_of_one_machine(alone: Ended, fleet: Ended) -> None:
    assert {story["status"] for wave in fleet.waves() for story in wave["stories"]} == {"verified"}
    assert fleet.waves() == alone.waves()
    assert fleet.world.integrated() == alone.world.integrated()
    assert fleet.verdict["plan"] == alone.verdict["plan"]
    assert fleet.verdict["target"]["tree"] == alone.verdict["target"]["tree"]


def test_the_lost_story_was_taken_again_and_nothing_was_paid_twice(fleet: Ended) -> None:
    began = Counter(story for story, _ in fleet.world.began())
    assert began == {**dict.fromkeys(STORIES, 1), HELD: 2}
    entries = list(Ledger(fleet.world.root / "home" / "ledger.jsonl").entries())
    assert Counter(str(e.body["story"]) for e in entries if e.kind == "attempt") == dict.fromkeys(STORIES, 1)
    assert sum(e.kind == "attempt_end" for e in entries) == len(STORIES)


def test_work_was_spread_and_one_ledger_came_of_it(fleet: Ended) -> None:
    root = fleet.world.root
    homes = {path.parent.name for path in root.glob("worker-*/benches")}
    assert len(homes) > 1
    ledger = Ledger(root / "home" / "ledger.jsonl")
    assert not ledger.verify()
    whole = ledger.path.read_bytes()
    for copy in root.glob("worker-*/ledger.jsonl"):
        assert whole.startswith(copy.read_bytes())
