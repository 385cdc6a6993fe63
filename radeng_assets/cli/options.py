"""Flags become settings, and settings become the environment of every process that follows."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from radeng_assets.cli import console
from radeng_assets.home import Home
from radeng_assets.settings import Settings


def apply_settings(**flags: Path | str | None) -> Settings:
    """The settings with these flags on top, written into the environment.

    Leaves with code 2 for a value that no setting accepts, and says which.
    """
    settings = _settings(flags)
    os.environ.update(settings.environment())
    return settings


def recall_settings(**flags: Path | str | None) -> Settings:
    """As ``apply_settings``, with the last run's plan, target and mode where nothing else states them."""
    stated = _settings(flags)
    recalled = {
        name: value for name, value in Home(stated.home).recall().items() if name not in stated.model_fields_set
    }
    return apply_settings(**{**flags, **recalled})


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
