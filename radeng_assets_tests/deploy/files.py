"""``deploy/`` as data."""

from __future__ import annotations

from typing import Any

import yaml

from radeng_assets_tests.conftest import ROOT

DEPLOY = ROOT / "deploy"
COMPOSE = DEPLOY / "compose.yaml"


def read(name: str) -> dict[str, Any]:
    """A YAML file of the folder, its anchors and merges carried out."""
    return yaml.safe_load((DEPLOY / name).read_text("utf-8"))


def services() -> dict[str, dict[str, Any]]:
    """The services of the compose file."""
    return read("compose.yaml")["services"]
