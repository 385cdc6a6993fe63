"""The page's facts for a site: what the pure assembly needs, looked up."""

from __future__ import annotations

from collections.abc import Mapping

from radeng_assets.execution.git import GitError
from radeng_assets.orchestration.site import Site
from radeng_assets.readiness.case import Case
from radeng_assets.readiness.page.assembly import Past, facts_of
from radeng_assets.readiness.page.facts import PageFacts
from radeng_assets.readiness.verdict import Verdict


def page_facts(site: Site, case: Case, verdict: Verdict) -> PageFacts:
    """The facts of the page about ``verdict``, which is ``case`` judged."""
    return facts_of(
        case,
        verdict,
        audit=site.audit(),
        past=Past(
            entries=site.home.ledger.copied().entries,
            read=site.home.store.get_bytes,
            files_of=lambda commit: _files(site, commit),
        ),
        plan_name=site.settings.plan_name,
        execution_digest=site.served.execution_digest,
    )


def _files(site: Site, commit: str) -> Mapping[str, str] | None:
    mirror = site.muster.mirror
    try:
        return None if mirror is None else mirror.blobs(commit)
    except GitError:
        return None
