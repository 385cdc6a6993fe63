"""Flags become settings, and settings become the environment of every process that follows."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from radeng_assets.cli import console
from radeng_assets.home import Home
from radeng_assets.planning.snapshot import PIN
from radeng_assets.settings import Settings


def apply_settings(**flags: Path | str | None) -> Settings:
    """The settings with these flags on top, written into the environment.

    Leaves with code 2 for a value that no setting accepts, and says which.
    """
    settings = _settings(flags)
    os.environ.update(settings.environment())
    # Whoever asks means the planning folder as it is. What an earlier run pinned is for that run's own processes.
    os.environ.pop(PIN, None)
    return settings


def recall_settings(**flags: Path | str | None) -> Settings:
    """The settings with these flags on top, and the last run's where neither a flag, the environment nor the file says.

    Whoever names an agent or a target asks about something else than the last run, so its agent is not taken over then.
    Leaves with code 2 for a value that no setting accepts.
    """
    settings = _settings(flags)
    said = settings.model_fields_set
    last = Home.of(settings).recall()
    given = {name: value for name, value in flags.items() if value is not None}
    if last is not None and "plan_dir" not in said:
        given["plan_dir"] = Path(last.plan_dir)
    if last is not None and "target_repo" not in said:
        if "agent" not in said:
            given["agent"] = last.agent
        if last.target_repo and given.get("agent", settings.agent) != "rehearse":
            given["target_repo"] = last.target_repo
    return apply_settings(**given)


def _settings(flags: Mapping[str, Path | str | None]) -> Settings:
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        return Settings.model_validate({}) if not given else Settings(**given)  # pyright: ignore[reportArgumentType]
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        console.fail(
            f"{where}: {first['msg']}",
            hint="Flags, RADENG_* variables and radeng.toml are read, in that order.",
        )
