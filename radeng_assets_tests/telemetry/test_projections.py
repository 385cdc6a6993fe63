"""Lines, samples and spans of whatever may stand in a record: they agree, they stay as they are, they hold no prose."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from radeng_assets.telemetry.activity import plain
from radeng_assets.telemetry.catalogue import BY_NAME
from radeng_assets.telemetry.chronicle import Chronicle
from radeng_assets.telemetry.course import Weaver, course_of
from radeng_assets.telemetry.exposition import exposition
from radeng_assets.telemetry.lines import lines_of
from radeng_assets.telemetry.present import Present
from radeng_assets.telemetry.samples import Sample, result_of, samples_of
from radeng_assets.telemetry.spans import spans_of
from radeng_assets_tests.telemetry.records import BEGAN, COUNTED, PROSE, chronicles, entry

FEW = settings(max_examples=40)
"""Each example is a whole session."""


def exposed(chronicle: Chronicle) -> str:
    return exposition(samples_of(chronicle, course_of(chronicle), Present(at=BEGAN))).decode()


def totals(text: str) -> dict[str, float]:
    """Each series' sum over its labels, by the sample's own name."""
    found: defaultdict[str, float] = defaultdict(float)
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found[sample.name] += sample.value
    return dict(found)


@FEW
@given(chronicles())
def test_the_three_agree_in_their_counts(chronicle: Chronicle) -> None:
    course = course_of(chronicle)
    ended = Counter(line.event.removesuffix(".ended") for line in lines_of(course) if line.event.endswith(".ended"))
    spans = Counter(
        str(span.attributes["radeng.kind"]) for span in spans_of(course) if "radeng.open" not in span.attributes
    )
    orphans = Counter(activity.kind for activity in course if not activity.run)
    sums = totals(exposed(chronicle))
    for kind, metric in COUNTED.items():
        assert ended[kind] == sums.get(metric, 0), kind
        assert ended[kind] == spans[kind] + orphans[kind], kind
    assert ended["tool"] == spans["tool"] + orphans["tool"] == len(chronicle.tools)
    assert sum(line.input_tokens or 0 for line in lines_of(course) if line.event == "call.ended") == sum(
        int(str(span.attributes.get("gen_ai.usage.input_tokens", 0))) for span in spans_of(course)
    ) + sum(a.used.input for a in course if a.kind == "call" and not a.run and a.used)
    assert sums["radeng_attempts_open"] == sum(a.kind == "attempt" and not a.over for a in course)


@FEW
@given(chronicles(), st.integers(0, 24))
def test_what_was_told_stays_told(chronicle: Chronicle, until: int) -> None:
    """Whoever follows gets what whoever reads afterwards gets, however long the record was when it was looked at."""
    early = replace(chronicle, entries=chronicle.entries[:until], calls=(), tools=())
    assert set(lines_of(course_of(early))) <= set(lines_of(course_of(chronicle)))


@FEW
@given(chronicles(), st.integers(0, 24))
def test_who_looks_twice_sees_what_who_looks_once_sees(chronicle: Chronicle, until: int) -> None:
    weaver = Weaver()
    weaver.course(replace(chronicle, entries=chronicle.entries[:until], calls=chronicle.calls[:2], tools=()))
    assert weaver.follows(chronicle)
    known = {call.scope.story for call in chronicle.calls[:2]}
    twice, once = lines_of(weaver.course(chronicle)), lines_of(course_of(chronicle))
    # The attempt of a call is on record before it; what hypothesis makes up may have none.
    assert [line for line in twice if line.event != "call.ended" or line.story not in known] == [
        line for line in once if line.event != "call.ended" or line.story not in known
    ]
    assert not weaver.follows(replace(chronicle, entries=())) or not chronicle.entries


@FEW
@given(chronicles())
def test_activities_hang_together(chronicle: Chronicle) -> None:
    course = course_of(chronicle)
    by_key = {activity.key: activity for activity in course}
    assert len(by_key) == len(course)
    for activity in course:
        assert activity.began <= activity.latest
        if activity.parent:
            around = by_key[activity.parent]
            assert (around.run, around.wave or activity.wave) == (activity.run, activity.wave)
            assert around.over or around.latest >= activity.latest
    spans = spans_of(course)
    ids = {span.id for span in spans}
    assert len(ids) == len(spans)
    assert all(span.parent is None or span.parent in ids for span in spans)


@FEW
@given(chronicles())
def test_prose_is_in_none_of_them(chronicle: Chronicle) -> None:
    course = course_of(chronicle)
    shown = [line.text() for line in lines_of(course)] + [str(span) for span in spans_of(course)]
    for text in (*shown, exposed(chronicle)):
        assert "canary" not in text
        assert PROSE not in text
    assert not shown or max(map(len, shown)) < 2000


@given(st.text())
def test_a_name_is_a_name_or_a_question_mark(text: str) -> None:
    got = plain(text)
    assert got in (text, "?")
    assert not set(got) & set(" \n\"'{}<>\\\u202e")


@FEW
@given(chronicles())
def test_series_do_not_grow_with_the_work(chronicle: Chronicle) -> None:
    families = list(text_string_to_metric_families(exposed(chronicle)))
    for family in families:
        metric = BY_NAME.get(family.name) or BY_NAME[f"{family.name}_total"]
        assert family.type == metric.kind
        assert family.documentation == metric.says
        for sample in family.samples:
            assert set(sample.labels) - {"le"} == set(metric.labels)
            assert not {"A-1", "wave-1", "r1"} & set(sample.labels.values())


def test_a_record_that_is_none_tells_of_nothing() -> None:
    odd = (
        entry(1, "ticket", {"wave": "wave-1"}, BEGAN),
        entry(2, "of the future", {"wave": PROSE}, BEGAN),
        entry(3, "showing", {"key": "k", "session": "s", "state": "passed"}, BEGAN),
        entry(4, "over", {"wave": "wave-1", "session": "r"}, BEGAN),
    )
    course = course_of(Chronicle(entries=odd))
    assert [(a.kind, a.state) for a in course] == [("run", ""), ("wave", "given_up")]
    assert totals(exposed(Chronicle(entries=odd)))["radeng_ledger_records_total"] == 4


def test_what_the_broker_answers_has_few_names() -> None:
    said = ("settled", "kept", "no usage: charged the reservation", "radeng_over_budget", "status 529", "status 400")
    assert [result_of(what) for what in said] == ["settled", "kept", "charged", "over_budget", "http_5xx", "http_4xx"]
    assert {result_of(what) for what in ("", PROSE, "status 999", "status 500x")} == {"other"}
    turns = tuple(entry(n, "turn", {"what": what}, BEGAN) for n, what in enumerate((PROSE, "settled"), start=1))
    assert 'result="other"} 1.0' in exposed(Chronicle(requests=turns))


@FEW
@given(st.lists(st.floats(0, 10_000)))
def test_a_duration_is_in_every_bucket_that_is_not_below_it(seconds: list[float]) -> None:
    metric = "radeng_gate_duration_seconds"
    text = exposition([Sample(metric, ("post_wave", "passed"), observed=tuple(seconds))]).decode()
    (family,) = text_string_to_metric_families(text)
    buckets = {sample.labels["le"]: sample.value for sample in family.samples if sample.name == f"{metric}_bucket"}
    assert len(buckets) == len(BY_NAME[metric].buckets) + 1
    for bound, count in buckets.items():
        assert count == sum(one <= float(bound) for one in seconds)
    assert {sample.value for sample in family.samples if sample.name == f"{metric}_count"} == {len(seconds)}
