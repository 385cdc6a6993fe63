"""``radeng ess``: the contract's documents, and what is said where there is nothing to index."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from radeng_assets.cli.app import app
from radeng_assets_tests.ess.loopback import KEY, LoopbackGateway, health, http, match, reply, speaking
from radeng_assets_tests.ess.targets import sound_target
from radeng_assets_tests.folders import commit, git
from radeng_assets_tests.processes import radeng_json


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return sound_target(tmp_path / "target")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def ess(*args: str | Path) -> Result:
    """``radeng ess args`` in this process: starting one costs seconds."""
    return CliRunner().invoke(app, ["ess", *map(str, args)], catch_exceptions=False)


def ess_json(*args: str | Path) -> dict[str, Any]:
    done = ess(*args, "--json")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def head(repository: Path) -> str:
    return git(repository, "rev-parse", "HEAD").strip()


def test_a_query_as_a_process_is_the_contracts_document(repository: Path, home: Path, tmp_path: Path) -> None:
    args = ("ess", "query", "three of the ring", "--target", repository, "--limit", "3", "--home", home)
    code, found = radeng_json(*args, cwd=tmp_path)
    assert code == 0
    assert found.keys() == {"schema", "source", "commit", "index", "results", "veracity"}
    assert (found["schema"], found["source"]) == ("radeng/ess-query/v1", "embedded")
    assert found["commit"] == head(repository)
    assert found["index"].startswith("sha256:")
    assert 1 <= len(found["results"]) <= 3
    first = found["results"][0]
    assert first.keys() == {"path", "line_start", "line_end", "symbol", "kind", "score"}
    assert (first["path"], first["line_start"], first["line_end"]) == ("ring.py", 11, 13)
    assert (first["symbol"], first["kind"]) == ("three", "function")
    assert first["score"] > 0
    assert found["veracity"]["score"] == 100 - sum({"LOW_COVERAGE": 10, "ORPHANED_NODE": 5}[f] for f in faults(found))


def faults(found: dict[str, Any]) -> list[str]:
    assert all(fault["message"] for fault in found["veracity"]["faults"])
    return [fault["type"] for fault in found["veracity"]["faults"]]


def test_index_and_status(repository: Path, home: Path) -> None:
    before = ess_json("status", "--target", repository, "--home", home)
    assert (before["commit"], before["stale"], before["files"]) == (None, True, 0)
    made = ess_json("index", "--target", repository, "--home", home)
    assert (made["schema"], made["commit"]) == ("radeng/ess-index/v1", head(repository))
    status = ess_json("status", "--target", repository, "--home", home)
    assert status == {
        "schema": "radeng/ess-status/v1",
        "source": "embedded",
        "gateway": {"configured": False, "health": None},
        "commit": head(repository),
        "files": 4,
        "symbols": 7,
        "stale": False,
    }


def test_status_alone_is_about_what_was_indexed_last(
    repository: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ess_json("status", "--home", home)["commit"] is None
    ess("index", "--target", repository, "--home", home)
    monkeypatch.delenv("RADENG_TARGET_REPO")  # as another process finds it
    assert ess_json("status", "--home", home)["commit"] == head(repository)


def test_an_index_is_stale_once_a_file_has_changed_and_not_before(repository: Path, home: Path) -> None:
    first = ess_json("index", "--target", repository, "--home", home)
    git(repository, "commit", "--quiet", "--allow-empty", "--message", "Nothing")
    assert not ess_json("status", "--target", repository, "--home", home)["stale"]
    (repository / "counter.py").write_text("def count(n):\n    return 1 + n\n", encoding="utf-8")
    commit(repository, "Count the other way round")
    assert ess_json("status", "--target", repository, "--home", home)["stale"]
    second = ess_json("index", "--target", repository, "--home", home)
    assert second["index"] != first["index"]
    assert not ess_json("status", "--target", repository, "--home", home)["stale"]
    again = ess_json("index", "--target", repository, "--commit", "HEAD~2", "--home", home)
    assert again == first


def test_a_repository_behind_a_url(repository: Path, home: Path) -> None:
    made = ess_json("index", "--target", repository.as_uri(), "--home", home)
    assert made["commit"] == head(repository)
    assert not ess_json("status", "--target", repository.as_uri(), "--home", home)["stale"]


def test_a_gateway_answers_where_there_is_one(repository: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RADENG_ESS_API_KEY", KEY)
    good = http(200, reply(match("ring.py", 1, 3)))
    with LoopbackGateway(speaking(good), key=KEY) as gateway:
        monkeypatch.setenv("RADENG_ESS_URL", gateway.url)
        found = ess_json("query", "ring", "--target", repository, "--home", home)
        assert (found["source"], [hit["path"] for hit in found["results"]]) == ("gateway", ["ring.py"])
        status = ess_json("status", "--target", repository, "--home", home)
        assert (status["source"], status["gateway"]) == ("gateway", {"configured": True, "health": "healthy"})
    status = ess_json("status", "--target", repository, "--home", home)
    assert (status["source"], status["gateway"]) == ("embedded", {"configured": True, "health": "unreachable"})
    # What it said before answers, and is said to be that.
    done = ess("query", "ring", "--target", repository, "--home", home, "--json")
    assert json.loads(done.stdout)["source"] == "gateway"
    assert "cached" in done.stderr
    assert not [p for p in home.rglob("*") if p.is_file() and KEY.encode() in p.read_bytes()]


def test_a_degraded_gateway_is_not_who_answers(repository: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ailing = http(207, health("degraded", qdrant="error"))
    with LoopbackGateway(speaking(http(503, {}), ailing)) as gateway:
        monkeypatch.setenv("RADENG_ESS_URL", gateway.url)
        status = ess_json("status", "--target", repository, "--home", home)
    assert (status["source"], status["gateway"]) == ("embedded", {"configured": True, "health": "degraded"})


@pytest.mark.parametrize("verb", ["index", "query", "status"])
def test_no_such_repository(verb: str, home: Path, tmp_path: Path) -> None:
    text = ("ring",) if verb == "query" else ()
    (tmp_path / "unborn").mkdir()
    git(tmp_path / "unborn", "init", "--quiet")
    for target in (tmp_path / "nowhere", tmp_path, tmp_path / "unborn"):
        done = ess(verb, *text, "--target", target, "--home", home, "--json")
        assert (done.exit_code, done.stdout) == (2, ""), target
        assert "radeng:" in done.stderr


@pytest.mark.parametrize("verb", ["index", "query"])
def test_no_repository_is_named(verb: str, home: Path) -> None:
    done = ess(verb, *(("ring",) if verb == "query" else ()), "--home", home)
    assert done.exit_code == 2
    assert "--target" in done.stderr


def test_no_such_revision(repository: Path, home: Path) -> None:
    done = ess("index", "--target", repository, "--commit", "no-such", "--home", home)
    assert done.exit_code == 2
    assert "no-such" in done.stderr


def test_tables_on_a_terminal(repository: Path, home: Path) -> None:
    indexed = ess("index", "--target", repository, "--home", home)
    assert "symbols" in indexed.stdout
    assert "Indexing" in indexed.stderr
    asked = ess("query", "three of the ring", "--target", repository, "--home", home)
    assert "ring.py:11-13" in asked.stdout
    assert "veracity" in asked.stdout
    assert "not configured" in ess("status", "--target", repository, "--home", home).stdout
