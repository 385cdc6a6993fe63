"""What people are told: what turned for the worse, once, and never where from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from radeng_assets.orchestration import webhook as webhook_module
from radeng_assets.orchestration.posting import NotSent, post_json
from radeng_assets.orchestration.sensors.notices import NotTold, run_failure_notice_sensor
from radeng_assets.orchestration.webhook import Webhook
from radeng_assets.planning.folder import PlanCounts
from radeng_assets.readiness.circumstances import Target
from radeng_assets.readiness.turns import posture_of, turns
from radeng_assets.readiness.verdict import CriterionStatus, CriterionVerdict, PlanIdentity, Verdict
from radeng_assets_tests.folders import write_folder
from radeng_assets_tests.orchestration.sensors.desk import Desk
from radeng_assets_tests.orchestration.sensors.listener import Listener

SENSOR = "verdict_notice_sensor"
CANARY = "c4n4ry-77aa"


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    with Listener() as listener:
        monkeypatch.setenv("RADENG_WEBHOOK_URL", f"{listener.url}/services/{CANARY}")
        yield listener


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, write_folder(tmp_path / "plan"))


def texts(channel: Listener) -> list[str]:
    return [one.document["text"] for one in channel.heard]


def verdict_of(status: CriterionStatus, commit: str = "c" * 40, reason: str = "counter.py changed") -> Verdict:
    ready = status == "verified"
    return Verdict(
        verdict="READY" if ready else "NOT_READY",
        headline="READY" if ready else "NOT_READY: 0 of 1 criteria hold",
        digest="sha256:" + commit,
        plan=PlanIdentity(**PlanCounts().model_dump(), digest="sha256:0"),
        target=Target(commit=commit, tree="7" * 40),
        criteria=(CriterionVerdict(id="load_test", status=status, reason=reason),),
        waves=(),
    )


def judged(desk: Desk, verdict: Verdict) -> None:
    desk.site.home.assets.mkdir(exist_ok=True)
    desk.site.home.verdict.write_text(verdict.model_dump_json(), encoding="utf-8")


# --- what turned -------------------------------------------------------------------------------


def test_only_what_turned_for_the_worse_is_worth_a_word() -> None:
    ready, stale, open_ = verdict_of("verified"), verdict_of("stale"), verdict_of("contradicted")
    assert [*turns(posture_of(ready), stale)] == [
        f"READY no more on {'c' * 12}: NOT_READY: 0 of 1 criteria hold",
        f"load_test is stale on {'c' * 12}: counter.py changed",
    ]
    assert len([*turns(posture_of(ready), open_)]) == 1
    assert [*turns(posture_of(open_), stale)] == [f"load_test is stale on {'c' * 12}: counter.py changed"]
    for before, after in ((ready, ready), (stale, stale), (stale, ready), (open_, ready), (stale, open_)):
        assert [*turns(posture_of(before), after)] == []


def test_it_is_told_once_whatever_ticks_come(desk: Desk, channel: Listener) -> None:
    desk.tick(SENSOR)
    judged(desk, verdict_of("verified"))
    desk.tick(SENSOR)
    assert channel.heard == []
    judged(desk, verdict_of("stale"))
    for _ in range(10):
        desk.look(SENSOR)
    desk.tick(SENSOR)
    desk.tick(SENSOR)
    (text,) = texts(channel)
    assert text.splitlines() == [
        f"plan: READY no more on {'c' * 12}: NOT_READY: 0 of 1 criteria hold",
        f"plan: load_test is stale on {'c' * 12}: counter.py changed",
    ]
    assert channel.heard[0].path == f"/services/{CANARY}"
    assert set(channel.heard[0].document) == {"text"}


def test_the_same_fall_on_another_commit_is_told_again(desk: Desk, channel: Listener) -> None:
    for commit in ("a" * 40, "b" * 40):
        judged(desk, verdict_of("verified", commit))
        desk.tick(SENSOR)
        judged(desk, verdict_of("stale", commit))
        desk.tick(SENSOR)
    assert len(channel.heard) == 2


def test_what_the_webhook_does_not_take_is_told_at_the_next_look(desk: Desk, channel: Listener) -> None:
    judged(desk, verdict_of("verified"))
    desk.tick(SENSOR)
    judged(desk, verdict_of("stale"))
    channel.status = 503
    message = desk.tick(SENSOR).skip_message or ""
    assert message == "The webhook did not take it: it answers HTTP 503."
    channel.status = 200
    assert (desk.tick(SENSOR).skip_message or "").startswith("Told: ")
    assert len(channel.heard) == 2


def test_without_a_webhook_the_tick_says_it(desk: Desk) -> None:
    judged(desk, verdict_of("verified"))
    desk.tick(SENSOR)
    judged(desk, verdict_of("stale"))
    assert "Nobody is told: RADENG_WEBHOOK_URL is not set. READY no more" in (desk.tick(SENSOR).skip_message or "")


# --- runs that failed --------------------------------------------------------------------------


@dg.op
def burst() -> None:
    raise ValueError(f"a secret: {CANARY}")


@dg.job
def bursting() -> None:
    burst()


def failure(desk: Desk) -> dg.RunFailureSensorContext:
    done = bursting.execute_in_process(
        instance=desk.instance, raise_on_error=False, tags={"dagster/partition": "wave-1"}
    )
    event = done.get_run_failure_event()
    context = dg.build_run_status_sensor_context("s", event, desk.instance, done.dagster_run)
    return context.for_run_failure()


def test_a_failed_run_is_told_once_by_its_steps_and_not_by_its_words(desk: Desk, channel: Listener) -> None:
    sensor, context = run_failure_notice_sensor(desk.site), failure(desk)
    for _ in range(3):
        sensor(context)
    assert texts(channel) == [f"plan: run {context.dagster_run.run_id} of wave-1 failed at burst."]


def test_a_failed_run_that_cannot_be_told_fails_the_tick_without_the_address(desk: Desk, channel: Listener) -> None:
    channel.status = 404
    with pytest.raises(NotTold) as refused:
        run_failure_notice_sensor(desk.site)(failure(desk))
    assert str(refused.value) == "The webhook did not take it: it answers HTTP 404."


# --- the webhook -------------------------------------------------------------------------------


def test_plans_call_nobody_and_long_texts_are_cut(tmp_path: Path, channel: Listener) -> None:
    hook = Webhook.configured(tmp_path)
    assert hook is not None
    hook.tell("<!channel> & more")
    hook.tell("x" * 100_000)
    assert texts(channel)[0] == "&lt;!channel&gt; &amp; more"
    assert len(texts(channel)[1]) == webhook_module.MOST


def test_what_was_told_is_forgotten_after_a_while(
    tmp_path: Path, channel: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = Webhook.configured(tmp_path)
    assert hook is not None
    assert [hook.tell("fallen"), hook.tell("fallen")] == [True, False]
    monkeypatch.setattr(webhook_module, "KEPT_S", -1.0)
    assert hook.tell("fallen")


@pytest.mark.parametrize("address", ["", "  "])
def test_no_address_is_no_webhook(tmp_path: Path, address: str) -> None:
    assert Webhook.configured(tmp_path, {"RADENG_WEBHOOK_URL": address}) is None


@pytest.mark.parametrize(
    "address",
    [f"file:///etc/{CANARY}", f"{CANARY}", f"http://127.0.0.1:1/{CANARY}", f"http://[{CANARY}", f"http://{CANARY}:x/"],
)
def test_an_address_that_is_no_good_is_never_repeated(tmp_path: Path, address: str) -> None:
    with pytest.raises(NotSent) as refused:
        Webhook(address, tmp_path).tell("fallen")
    assert CANARY not in f"{refused.value!r} {refused.value.__cause__!r}"


def test_whoever_says_nothing_is_not_waited_for(channel: Listener) -> None:
    channel.silent = True
    with pytest.raises(NotSent, match="did not answer") as refused:
        post_json(f"{channel.url}/{CANARY}", {}, 0.1)
    assert refused.value.late


def test_the_address_is_in_no_file(desk: Desk, tmp_path: Path, channel: Listener) -> None:
    judged(desk, verdict_of("verified"))
    desk.tick(SENSOR)
    judged(desk, verdict_of("stale"))
    channel.status = 500
    desk.tick(SENSOR)
    channel.status = 200
    desk.tick(SENSOR)
    kept = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert [path for path in kept if path.parent.name == "told"]
    assert not [path for path in kept if CANARY.encode() in path.read_bytes()]
