"""The code location: what ``dagster`` and the web UI load."""

from __future__ import annotations

from radeng_assets.orchestration.build import served_defs

defs = served_defs()
