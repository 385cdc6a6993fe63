"""A flag beats the environment, which beats the file, which beats the default."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from radeng_assets.settings import Settings


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/somewhere")
    settings = Settings()
    assert settings.home == tmp_path / ".radeng"
    assert (settings.plan_dir / "EXECUTION-PLAN.yaml").is_file()
    assert settings.target_repo is None
    assert settings.mode == "rehearse"


def test_precedence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "radeng.toml").write_text('home = "from-file"\nagent = "none"\n', encoding="utf-8")
    assert Settings().home == tmp_path / "from-file"
    assert Settings().agent == "none"
    monkeypatch.setenv("RADENG_HOME", "from-environment")
    assert Settings().home == tmp_path / "from-environment"
    assert Settings(home=Path("from-flag")).home == tmp_path / "from-flag"


def test_dagsters_own_home_is_ours_where_nothing_else_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster"))
    assert Settings().home == tmp_path / "dagster"
    monkeypatch.setenv("RADENG_HOME", str(tmp_path / "ours"))
    assert Settings().home == tmp_path / "ours"


def test_a_target_is_verified_unless_said_otherwise(tmp_path: Path) -> None:
    assert Settings(target_repo=str(tmp_path)).mode == "none"
    assert Settings(target_repo=str(tmp_path), agent="rehearse").mode == "rehearse"


def test_what_is_no_setting_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "radeng.toml").write_text('hom = "x"\n', encoding="utf-8")
    with pytest.raises(ValidationError, match="hom"):
        Settings()
    (tmp_path / "radeng.toml").unlink()
    monkeypatch.setenv("RADENG_AGENT", "magic")
    with pytest.raises(ValidationError, match="agent"):
        Settings()


def test_a_dotenv_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("RADENG_HOME=/from/dotenv\n", encoding="utf-8")
    assert Settings().home == tmp_path / ".radeng"


def test_the_environment_carries_everything_and_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "canary-51c9")
    settings = Settings(home=tmp_path / "h", target_repo=str(tmp_path / "t"), agent="none")
    environment = settings.environment()
    assert "canary-51c9" not in str(environment)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert Settings() == settings


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("localhost", "http://localhost:3001"),
        ("http://ess.example", "http://ess.example:3001"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("https://ess.example/base/", "https://ess.example/base"),
        ("http://[::1]", "http://[::1]:3001"),
    ],
)
def test_the_gateways_address_is_written_in_full(given: str, address: str) -> None:
    settings = Settings(ess_url=given)
    assert settings.ess_url == address
    assert settings.environment()["RADENG_ESS_URL"] == address
    assert Settings(ess_url=address) == settings


def test_no_gateway_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RADENG_ESS_URL", "")
    assert Settings().ess_url is None
    assert "RADENG_ESS_URL" not in Settings().environment()


@pytest.mark.parametrize(
    "address",
    ["ftp://ess", "http://", "http://ess:port", "http://ess:99999", "http://e s", "http://ess?key=c4n4ry-51c9"],
)
def test_what_is_no_address_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RADENG_ESS_URL", address)
    with pytest.raises(ValidationError, match="ess_url") as refused:
        Settings()
    assert "c4n4ry" not in str(refused.value)


def test_a_password_in_the_gateways_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(ValidationError, match="RADENG_ESS_API_KEY") as refused:
        Settings(ess_url="http://me:c4n4ry-51c9@ess:3001")
    assert "c4n4ry" not in str(refused.value)


def test_the_web_servers_address_is_written_in_full_and_holds_no_password() -> None:
    assert Settings(webserver_url="localhost").webserver_url == "http://localhost:3000"
    assert Settings(webserver_url="https://ui.example.org/radeng/").webserver_url == "https://ui.example.org/radeng"
    settings = Settings(webserver_url="http://127.0.0.1:4000")
    assert settings.environment()["RADENG_WEBSERVER_URL"] == "http://127.0.0.1:4000"
    for given in ("http://me:c4n4ry-51c9@ui:3000", "ftp://c4n4ry-51c9", "http://ui/?token=c4n4ry-51c9"):
        with pytest.raises(ValidationError, match="webserver_url") as refused:
            Settings(webserver_url=given)
        assert "c4n4ry" not in str(refused.value)


def test_the_webhooks_address_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RADENG_WEBHOOK_URL", "http://127.0.0.1/c4n4ry-51c9")
    assert "c4n4ry" not in f"{Settings()!r} {Settings().environment()}"
