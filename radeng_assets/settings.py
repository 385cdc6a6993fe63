"""Settings: a flag beats the environment, which beats the file, which beats the default.

The flags of ``radeng`` write themselves into the environment, so that every process of a run
(web server, daemon, run worker, step) sees one set of settings. The file is ``radeng.toml`` in the
working directory. Secrets are not settings: nothing here may hold one.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from radeng_assets.distribution import bundled
from radeng_assets.locations import gateway_address, is_url, webserver_address

AgentMode = Literal["none", "rehearse", "command", "claude"]

Engine = Literal["processes", "celery", "k8s"]
"""What carries a wave's steps out: processes of this machine, Celery workers on many, Kubernetes jobs."""

ENVIRONMENT_PREFIX = "RADENG_"


class Settings(BaseSettings):
    """Where the plan, the target (a path or a URL) and the state are, and who carries stories out.

    ``model`` and ``escalation_model`` are empty for the defaults; ``agent_command`` is what ``--agent command`` runs.
    ``ess_url`` is where the engineering support system's gateway answers; without it the embedded index does alone.
    ``webserver_url`` is where the web UI answers, which is asked to load the definitions again when the plan's
    structure changes; ``edit_quiet_s`` is for how long (s) an edited planning folder must stay as it is to count.
    ``executor`` is what a wave's steps run on; ``shared`` is the path or fsspec URL that the machines of a fleet share;
    ``worker_silence_s`` is after how long (s) Redis gives a step whose worker is not heard of to another.
    ``home`` is one folder for all state: Dagster's instance and ours. Raises
    ``pydantic.ValidationError`` for an unknown agent or a key in ``radeng.toml`` that is none of ours.
    """

    model_config = SettingsConfigDict(
        env_prefix=ENVIRONMENT_PREFIX,
        toml_file="radeng.toml",
        frozen=True,
        extra="forbid",
        env_ignore_empty=True,
        validate_default=True,
        # An address may hold a password by mistake; what refuses it must not print it.
        hide_input_in_errors=True,
    )

    # `dagster` on its own knows one folder for state; ours is the same one.
    home: Path = Field(default_factory=lambda: Path(os.environ.get("DAGSTER_HOME") or ".radeng"))
    plan_dir: Path = Field(default_factory=lambda: bundled("plans") / "rad-engineer-v2")
    target_repo: str | None = None
    agent: AgentMode | None = None
    agent_command: str = ""
    model: str = ""
    escalation_model: str = ""
    ess_url: str | None = None
    webserver_url: str | None = None
    executor: Engine = "processes"
    shared: str | None = None
    worker_silence_s: float = Field(default=60.0, ge=1, le=86400)
    edit_quiet_s: float = Field(default=3.0, ge=0, le=3600)

    @field_validator("home", "plan_dir", mode="after")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        return path.expanduser().absolute()

    @field_validator("target_repo", mode="before")
    @classmethod
    def _located(cls, target: object) -> object:
        """A path becomes absolute; a URL stays what it is."""
        if isinstance(target, Path) or (isinstance(target, str) and target and not is_url(target)):
            return str(Path(target).expanduser().absolute())
        return target

    @field_validator("ess_url", mode="after")
    @classmethod
    def _in_full(cls, url: str | None) -> str | None:
        return gateway_address(url) if url else None

    @field_validator("webserver_url", mode="after")
    @classmethod
    def _webserver_in_full(cls, url: str | None) -> str | None:
        return webserver_address(url) if url else None

    @field_validator("shared", mode="after")
    @classmethod
    def _shared_in_full(cls, place: str | None) -> str | None:
        return str(Path(place).expanduser().absolute()) if place and "://" not in place else place

    @property
    def fleet(self) -> bool:
        """Whether other machines carry steps out."""
        return self.executor != "processes"

    @property
    def mode(self) -> AgentMode:
        """Who carries stories out: as set, else nobody (``none``) on a target, else a rehearsal."""
        return self.agent or ("none" if self.target_repo else "rehearse")

    def environment(self) -> dict[str, str]:
        """The settings as environment variables, for the processes that a run starts."""
        values = {
            "RADENG_HOME": str(self.home),
            "DAGSTER_HOME": str(self.home),
            "RADENG_PLAN_DIR": str(self.plan_dir),
            "RADENG_AGENT": self.mode,
        }
        optional = {
            "RADENG_TARGET_REPO": self.target_repo,
            "RADENG_AGENT_COMMAND": self.agent_command,
            "RADENG_MODEL": self.model,
            "RADENG_ESCALATION_MODEL": self.escalation_model,
            "RADENG_ESS_URL": self.ess_url,
            "RADENG_WEBSERVER_URL": self.webserver_url,
            "RADENG_EXECUTOR": self.executor,
            "RADENG_SHARED": self.shared,
        }
        return {**values, **{name: value for name, value in optional.items() if value}}

    @property
    def plan_name(self) -> str:
        """The plan's name in branches and ledgers: its folder's."""
        return self.plan_dir.name

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, environment, ``radeng.toml``; no ``.env`` (a target's could redirect the API)."""
        del dotenv_settings, file_secret_settings
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls))
