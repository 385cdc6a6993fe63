"""The database's address: what people write is understood, and nothing repeats it."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from sqlalchemy.engine import make_url

from radeng_assets.database import ADDRESS, FULL, NoDatabase, address, configured, passwords, reach, reason
from radeng_assets.execution.own_keys import own_keys
from radeng_assets.execution.process import command_environment
from radeng_assets.settings import Settings
from radeng_assets_tests.postgres_server import PASSWORD, Server

CANARY = "c4n4ry-51c9"


@pytest.mark.parametrize(
    "given",
    [
        "postgresql://ann:pw@db/radeng",
        "postgres://ann:pw@db:5432/radeng",
        "postgresql+psycopg2://ann:pw@db/radeng",
        " postgresql://ann:pw@db/radeng?connect_timeout=3&application_name=mine ",
        "postgresql://ann@/radeng?host=/run/postgres",
    ],
)
def test_what_people_write_becomes_an_address_of_psycopg2_with_timeouts(given: str) -> None:
    url = make_url(address({ADDRESS: given}))
    asked = make_url(given.strip())
    assert url.drivername == "postgresql+psycopg2"
    assert (url.username, url.password, url.host, url.database) == (
        asked.username,
        asked.password,
        asked.host,
        asked.database,
    )
    assert set(asked.query) <= set(url.query)
    assert url.query["connect_timeout"] == asked.query.get("connect_timeout", "10")
    assert "keepalives_idle" in url.query


def test_a_password_arrives_as_it_was_meant() -> None:
    given = f"postgres://ann:{quote('p@ss/w:rd%', safe='')}@db/radeng"
    assert make_url(address({ADDRESS: given})).password == "p@ss/w:rd%"


@pytest.mark.parametrize(
    "given",
    [
        f"mysql://u:{CANARY}@db/x",
        f"postgresql+psycopg://u:{CANARY}@db/x",
        f"postgresql://u:{CANARY}@db",
        f"postgresql://u:{CANARY}@db:port/x",
        CANARY,
        "postgresql:",
    ],
)
def test_what_is_no_address_is_refused_and_not_repeated(given: str) -> None:
    with pytest.raises(NoDatabase, match=ADDRESS) as refused:
        address({ADDRESS: given})
    assert CANARY not in f"{refused.value} {refused.value.hint}"
    assert "postgresql://user:password@host:5432/name" in refused.value.hint
    assert refused.value.__cause__ is None


def test_it_is_no_setting_and_no_command_sees_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ADDRESS, f"postgresql://u:{CANARY}@db/x")
    assert CANARY not in f"{Settings()!r} {Settings().environment()} {command_environment()}"


def test_a_password_is_among_the_keys_that_no_file_may_hold() -> None:
    environ = {ADDRESS: f"postgresql://u:{quote('s3cret/w@rd', safe='')}@db/x", "PGPASSWORD": "another-word"}
    assert set(own_keys(environ)) == {"s3cret/w@rd", "s3cret%2Fw%40rd", "another-word"}
    assert passwords({ADDRESS: "postgresql://u@db/x"}) == passwords({}) == passwords({ADDRESS: "nonsense"}) == ()


@pytest.mark.parametrize("environ", [{}, {ADDRESS: ""}, {ADDRESS: "  "}])
def test_none_is_the_default(environ: dict[str, str]) -> None:
    assert not configured(environ)


# --- a real one --------------------------------------------------------------------------------


def why(url: str) -> str:
    with pytest.raises(NoDatabase) as refused:
        reach(address({ADDRESS: url}))
    said = f"{refused.value} {refused.value.hint}"
    assert PASSWORD not in said
    assert "radeng-pg-" not in said  # nor any other part of the address
    return str(refused.value)


def test_it_says_what_is_wrong_and_names_an_instance_where_one_is(postgres: Server) -> None:
    empty = postgres.guarded()
    assert reach(address({ADDRESS: empty})) is None
    assert reach(address({ADDRESS: postgres.database()}))
    wrong = empty.replace(quote(PASSWORD, safe=""), "guessed")
    assert why(wrong).endswith("it takes neither user nor password.")
    assert "it has no database of that name" in why(postgres.url("nowhere"))
    assert "nothing answers there" in why(f"postgresql://u:{CANARY}@127.0.0.1:1/x")
    assert "it is no address that libpq takes" in why(f"{empty}&nonsense=1")


def test_words_of_a_driver_that_nobody_foresaw_are_not_repeated() -> None:
    assert reason(ValueError(CANARY)) == "the connection failed"
    assert reason(ValueError("FATAL:  sorry, too many clients already")) == FULL
    reserved = "FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute"
    assert reason(ValueError(reserved)) == FULL
