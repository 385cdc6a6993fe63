"""Names that the contract fixes, and those that only this package uses, in one place."""

from __future__ import annotations

from typing import Final

import dagster as dg

from radeng_assets.planning.schedule import node_name

DOCUMENTS: Final = "documents"
EVIDENCE: Final = "evidence"
READINESS: Final = "readiness"
WAVES: Final = "waves"

STORY_OUTPUTS: Final = "story_outputs"

AGENT_POOL: Final = "agents"
AGENT_TAG: Final = "radeng/agent"
SESSION_TAG: Final = "radeng/session"
AFTER_TAG: Final = "radeng/after"
WORKER_TAG: Final = "radeng/worker"
PARTITION_TAG: Final = "dagster/partition"
PRIORITY_TAG: Final = "dagster/priority"
REFRESH_TAG: Final = "radeng/refresh"

READS: Final = "reads"
"""Metadata of an asset: the files of the planning folder that it reads itself, not through what it depends on."""

LOCATION: Final = "radeng_assets"
"""The code location, where nobody says what it is called."""

OWNER: Final = "team:readiness"


def wave_group(wave_id: str) -> str:
    """The lineage group of a wave's story nodes."""
    return node_name(wave_id)


def story_key(story_id: str) -> dg.AssetKey:
    """The lineage node of a story."""
    return dg.AssetKey(["story", node_name(story_id)])


def criterion_check(number: int) -> str:
    """The check of a story's acceptance criterion; ``number`` counts from 1."""
    return f"criterion_{number}"
