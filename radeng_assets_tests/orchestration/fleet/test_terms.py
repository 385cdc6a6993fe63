"""What a fleet needs is said before anything starts, in one line."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from radeng_assets.orchestration.fleet.terms import NoEngine, require_engine
from radeng_assets.settings import Settings
from radeng_assets_tests.processes import radeng

WHOLE = {
    "RADENG_CELERY_URL": "redis://queue/0",
    "RADENG_K8S_IMAGE": "image",
    "RADENG_POSTGRES_URL": "postgresql://user@db/radeng",
}
TARGET = "https://git.example/product.git"


def settings(engine: str, **given: str | None) -> Settings:
    return Settings.model_validate({"executor": engine, "shared": "/shared", "target_repo": TARGET, **given})


@pytest.mark.parametrize("engine", ["processes", "celery", "k8s"])
def test_nothing_is_missing(engine: str) -> None:
    require_engine(settings(engine), WHOLE)


def test_processes_need_nothing() -> None:
    require_engine(Settings(), {})


@pytest.mark.parametrize(
    ("engine", "given", "without", "said"),
    [
        ("celery", {}, "RADENG_CELERY_URL", "RADENG_CELERY_URL: redis://"),
        ("k8s", {}, "RADENG_K8S_IMAGE", "RADENG_K8S_IMAGE"),
        ("celery", {"shared": None}, "", "RADENG_SHARED"),
        ("k8s", {}, "RADENG_POSTGRES_URL", "RADENG_POSTGRES_URL"),
        ("celery", {"target_repo": "/somewhere"}, "", "by a URL"),
        ("celery", {"agent": "claude"}, "", "budget"),
    ],
)
def test_what_is_missing_is_named(engine: str, given: dict[str, str | None], without: str, said: str) -> None:
    environ = {name: value for name, value in WHOLE.items() if name != without}
    with pytest.raises(NoEngine, match=said) as refused:
        require_engine(settings(engine, **given), environ)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("engine", ["celery", "k8s"])
def test_a_missing_extra_is_named(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, f"dagster_{engine}", None)
    with pytest.raises(NoEngine, match=rf"pip install 'radeng-assets\[{engine}\]'"):
        require_engine(settings(engine), WHOLE)


@pytest.mark.parametrize("verb", [("run", "--agent", "none"), ("worker",)])
def test_a_verb_says_so_and_leaves_with_2(verb: tuple[str, ...], plan_folder: Path, tmp_path: Path) -> None:
    done = radeng(
        *verb,
        "--target",
        TARGET,
        cwd=tmp_path,
        RADENG_EXECUTOR="celery",
        RADENG_PLAN_DIR=str(plan_folder),
        RADENG_SHARED="shared",
        RADENG_POSTGRES_URL="postgresql://user@db/radeng",
    )
    assert done.returncode == 2
    assert done.stderr.startswith("radeng: RADENG_EXECUTOR=celery needs RADENG_CELERY_URL")
    assert not (tmp_path / ".radeng").exists()


def test_a_worker_needs_a_target(tmp_path: Path) -> None:
    done = radeng("worker", cwd=tmp_path)
    assert done.returncode == 2
    assert "--target URL" in done.stderr
