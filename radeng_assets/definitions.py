"""The code location: what ``dagster`` and the web UI load."""

from __future__ import annotations

from radeng_assets.orchestration.build import build_defs
from radeng_assets.orchestration.site import Site

defs = build_defs(Site.current())
