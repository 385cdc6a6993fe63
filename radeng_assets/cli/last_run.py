"""What the last run of a home was about, so that its verdict can be asked for again by naming the home alone."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from pydantic import ValidationError

from radeng_assets.cli.options import apply_settings
from radeng_assets.record import Record
from radeng_assets.settings import AgentMode, Settings


class LastRun(Record):
    """Plan, target and mode of a run. No command and no address: settings of these kinds may hold secrets."""

    plan_dir: str
    target_repo: str | None
    agent: AgentMode


def remember(settings: Settings) -> None:
    """Note in the home what a run is about. Written whole: a killed run leaves the note before it."""
    note = LastRun(plan_dir=str(settings.plan_dir), target_repo=settings.target_repo, agent=settings.mode)
    handle, draft = tempfile.mkstemp(dir=settings.home, prefix=".last-run.")
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(note.model_dump_json())
    Path(draft).replace(_note(settings.home))


def resume(**flags: Path | str | None) -> Settings:
    """The settings with these flags on top, and the last run's where neither a flag, the environment nor the file says.

    Whoever names an agent or a target asks about something else than the last run, so its agent is not taken over then.
    Leaves with code 2 for a value that no setting accepts.
    """
    settings = apply_settings(**flags)
    said = settings.model_fields_set
    last = _last(settings.home)
    if last is None:
        return settings
    given = {name: value for name, value in flags.items() if value is not None}
    if "plan_dir" not in said:
        given["plan_dir"] = Path(last.plan_dir)
    if "target_repo" not in said:
        if "agent" not in said:
            given["agent"] = last.agent
        if last.target_repo and given.get("agent", settings.agent) != "rehearse":
            given["target_repo"] = last.target_repo
    return apply_settings(**given)


def _note(home: Path) -> Path:
    return home / "last-run.json"


def _last(home: Path) -> LastRun | None:
    try:
        return LastRun.model_validate_json(_note(home).read_bytes())
    except (OSError, ValidationError):
        return None
