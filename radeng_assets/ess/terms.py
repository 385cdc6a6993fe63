"""What a team demands of the code index: the ``ess:`` part of ``readiness.yaml``."""

from __future__ import annotations

from pydantic import Field

from radeng_assets.record import Record


class VeracityTerms(Record):
    """The ESS formula's penalties, in points of 100, and its thresholds.

    Source: veracity-engine/core/veracity.py of github.com/usorama/engg-support-system. A document is stale when it was
    not changed for more than ``stale_after_days``; a node is orphaned with fewer than ``neighbours``; a document
    contradicts code that is more than ``contradiction_after_days`` younger; fewer than ``results`` cover too little.
    """

    stale_document: int = Field(default=15, le=100)
    orphaned_node: int = Field(default=5, le=100)
    contradiction: int = Field(default=20, le=100)
    low_coverage: int = Field(default=10, le=100)
    stale_after_days: int = Field(default=90, le=36_500)
    neighbours: int = Field(default=2, le=1000)
    contradiction_after_days: int = Field(default=30, le=36_500)
    results: int = Field(default=5, le=1000)


class GatewayTerms(Record):
    """How long the gateway may take (seconds, all tries of a question together) and how often it is tried.

    After ``failures`` in a row nobody asks it for ``rest_s`` seconds. ``project`` is the target's name there; absolute
    paths in its answers are read from the folder of that name on.
    """

    query_timeout_s: float = Field(default=10.0, le=600)
    health_timeout_s: float = Field(default=3.0, le=600)
    tries: int = Field(default=3, le=20)
    failures: int = Field(default=5, le=1000)
    rest_s: float = Field(default=30.0, le=86_400)
    project: str = ""


class EssTerms(Record):
    """Everything of ``ess:``.

    ``veracity_minimum`` is what a snapshot's veracity must reach; ``max_age_days`` how old a snapshot may be;
    ``fallback_deadline_s`` in how many seconds the embedded index must answer when the gateway is away.
    """

    veracity_minimum: int = Field(default=85, le=100)
    max_age_days: float = Field(default=7.0, le=3650)
    fallback_deadline_s: float = Field(default=5.0, le=600)
    veracity: VeracityTerms = VeracityTerms()
    gateway: GatewayTerms = GatewayTerms()
