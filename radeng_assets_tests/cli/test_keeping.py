"""A home says where its runs are: what is wrong ends with code 2 and one line, what moved is said."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from radeng_assets.cli.keeping import prepare_home
from radeng_assets.database import ADDRESS, NoDatabase, address, reach
from radeng_assets.home import Home
from radeng_assets.orchestration.postgres import PostgresStorage
from radeng_assets.storage import SECTION, instance_config, on_database
from radeng_assets_tests.postgres_server import PASSWORD, Server
from radeng_assets_tests.processes import radeng_here


def refused(path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(typer.Exit) as left:
        prepare_home(path)
    assert left.value.exit_code == 2
    return capsys.readouterr().err


def numbered(postgres: Server) -> str:
    """A database with tables and a number of its own."""
    url = postgres.guarded()
    PostgresStorage(url)
    return url


@pytest.fixture
def url(postgres: Server) -> str:
    return numbered(postgres)


def test_a_home_that_was_begun_on_a_database_does_not_leave_it_by_itself(
    url: str, postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(ADDRESS, url)
    home = prepare_home(tmp_path / "home")
    assert home.database
    assert home.database == reach(address({ADDRESS: url}))
    assert capsys.readouterr().err == ""
    assert on_database(home.config.read_text("utf-8"))
    before = home.config.read_bytes()

    monkeypatch.delenv(ADDRESS)
    assert "keeps its runs in Postgres" in refused(home.path, capsys)
    with pytest.raises(NoDatabase):
        home.prepare()
    for other in (numbered(postgres), postgres.database(tables=False)):
        monkeypatch.setenv(ADDRESS, other)
        assert "in another database" in refused(home.path, capsys)
    monkeypatch.setenv(ADDRESS, url)
    assert prepare_home(home.path).config.read_bytes() == before
    assert not [path for path in home.path.rglob("*") if path.is_file() and PASSWORD in path.read_text("utf-8")]


def test_a_home_that_moves_to_a_database_says_so_once(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = prepare_home(tmp_path / "home")
    assert not on_database(home.config.read_text("utf-8"))
    home.sqlite.mkdir()  # as Dagster does
    monkeypatch.setenv(ADDRESS, url)
    prepare_home(home.path)
    assert str(home.sqlite) in capsys.readouterr().err.replace("\n", "")
    prepare_home(home.path)
    assert capsys.readouterr().err == ""


def test_a_home_with_a_storage_of_its_own_keeps_it(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = Home(tmp_path / "home").made()
    home.config.write_text("storage:\n  sqlite: {base_dir: /elsewhere}\n", encoding="utf-8")
    monkeypatch.setenv(ADDRESS, url)
    assert "names another storage" in refused(home.path, capsys)
    monkeypatch.delenv(ADDRESS)
    prepare_home(home.path)
    assert home.config.read_text("utf-8") == "storage:\n  sqlite: {base_dir: /elsewhere}\n"


def test_only_a_storage_that_reads_the_variable_counts() -> None:
    plain = "telemetry: {enabled: false}\n"
    there = instance_config(plain, database=True)
    assert there == plain + SECTION
    assert on_database(there)
    assert not on_database(plain + "".join(f"# {line}\n" for line in SECTION.splitlines()))
    assert instance_config(there, database=True) == there
    assert instance_config(plain, database=False) == plain


@pytest.mark.parametrize("verb", [("run",), ("ui", "--port", "1")])
def test_a_database_that_does_not_answer_is_one_line_and_code_2(
    verb: tuple[str, ...], plan_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ADDRESS, "postgresql://ann:c4n4ry-51c9@127.0.0.1:1/radeng")
    done = radeng_here(*verb, "--plan", plan_folder, "--home", "home", cwd=tmp_path)
    assert done.returncode == 2
    assert f"radeng: the database that {ADDRESS} names cannot be used: nothing answers there." in done.stderr
    assert "c4n4ry" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "home").exists()
