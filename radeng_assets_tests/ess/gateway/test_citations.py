"""A citation counts if it exists at the commit; the others are counted."""

from __future__ import annotations

from typing import Any

import pytest

from radeng_assets.ess.answer import Hit
from radeng_assets.ess.gateway.citations import citations
from radeng_assets.ess.gateway.replies import QueryReply
from radeng_assets_tests.ess.loopback import match, reply

FILES = {"src/a.ts": 40, "README.md": 3}


def exists(path: str, line: int) -> bool:
    return 1 <= line <= FILES.get(path, 0)


def cited(*matches: dict[str, Any], project: str = "") -> tuple[tuple[Hit, ...], int]:
    body = reply(*matches)
    return citations(QueryReply.model_validate(body, strict=False), exists, project)


def test_places_keep_the_gateways_order_and_come_once() -> None:
    hits, lost = cited(
        match("README.md", 1, 3, score=0.4, type="doc"), match("src/a.ts", 5, 9, name="f"), match("README.md", 1, 3)
    )
    assert lost == 0
    assert hits == (
        Hit(path="README.md", line_start=1, line_end=3, kind="doc", score=0.4),
        Hit(path="src/a.ts", line_start=5, line_end=9, kind="code", symbol="f", score=0.9),
    )


@pytest.mark.parametrize(
    "wrong",
    [
        match("src/b.ts", 1, 2),
        match("src/a.ts", 41, 41),
        match("src/a.ts", 40, 41),
        match("src/a.ts", 0, 4),
        match("src/a.ts", 9, 5),
        match("src/a.ts", -3, -1),
        match("../src/a.ts", 1, 1),
        match("src/../src/a.ts", 1, 1),
        match("/etc/passwd", 1, 1),
        match("/home/other/src/a.ts", 1, 1),
        match("", 1, 1),
        match("\0", 1, 1),
    ],
)
def test_what_does_not_exist_is_counted_and_left_out(wrong: dict[str, Any]) -> None:
    hits, lost = cited(wrong, match("src/a.ts", 1, 1), project="rad")
    assert [hit.path for hit in hits] == ["src/a.ts"]
    assert lost == 1


@pytest.mark.parametrize("source", ["src/a.ts", "./src/a.ts", "/srv/projects/rad/src/a.ts"])
def test_ways_to_write_a_path(source: str) -> None:
    (hit,), lost = cited(match(source), project="rad")
    assert (hit.path, hit.line_start, hit.line_end, lost) == ("src/a.ts", 1, 1, 0)
