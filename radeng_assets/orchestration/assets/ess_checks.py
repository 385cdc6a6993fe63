"""The checks of ``ess_index_snapshot``. They ask anew whenever they run: HEAD or the gateway may have gone since.

They are no partition's: in a wave's run each is about that wave's snapshot, and by itself about the latest.
"""

from collections.abc import Callable, Iterator

import dagster as dg

from radeng_assets.ess.access import Standing
from radeng_assets.ess.freshness import freshness
from radeng_assets.ess.reader import Reader
from radeng_assets.ess.snapshot import Snapshot
from radeng_assets.orchestration.assets.ess import ESS_INDEX_SNAPSHOT
from radeng_assets.orchestration.site import Site

_KEY = dg.AssetKey(ESS_INDEX_SNAPSHOT)
_NOTHING = Snapshot(state="missing", reason="no snapshot was taken yet")


def snapshot_checks(site: Site) -> dg.AssetChecksDefinition:
    """All four, each of which can be run alone."""
    least = site.policy.ess.veracity_minimum
    specs = [
        dg.AssetCheckSpec("fresh", asset=_KEY, description="No file has changed since the snapshot's commit."),
        dg.AssetCheckSpec("veracity", asset=_KEY, description=f"Its veracity is at least {least} of 100."),
        dg.AssetCheckSpec(
            "model_pin",
            asset=_KEY,
            description="What read the code (grammars, an embedding model if one is used) is what would read it now.",
        ),
        dg.AssetCheckSpec("reachable", asset=_KEY, description="The gateway is healthy, or none is configured."),
    ]

    @dg.multi_asset_check(name=f"{ESS_INDEX_SNAPSHOT}_checks", specs=specs, can_subset=True)
    def ask(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        snapshot = _stored(site, context)
        answers: dict[str, Callable[[], dg.AssetCheckResult]] = {
            "fresh": lambda: fresh(site, snapshot),
            "veracity": lambda: trusted(snapshot, least),
            "model_pin": lambda: pinned(snapshot, Reader.installed()),
            "reachable": lambda: _polled(site, snapshot, context),
        }
        for name in sorted(key.name for key in context.selected_asset_check_keys):
            yield answers[name]()

    return ask


def _stored(site: Site, context: dg.AssetCheckExecutionContext) -> Snapshot:
    """The snapshot of the run's wave, or the one that was taken last."""
    if context.has_partition_key:
        wave = context.partition_key
    else:
        event = context.instance.get_latest_materialization_event(_KEY)
        wave = event.asset_materialization.partition if event and event.asset_materialization else None
    if wave is None:
        return _NOTHING
    try:
        return Snapshot.model_validate_json(site.home.snapshot(wave).read_bytes())
    except FileNotFoundError:
        return _NOTHING


def fresh(site: Site, snapshot: Snapshot) -> dg.AssetCheckResult:
    """The order rule, against the commit in question and against HEAD as they are now."""
    repository, standing = site.muster.repository, site.campaign.standing()
    if repository is None or standing is None or snapshot.index is None:
        return _unknown("fresh", snapshot.reason)
    found = freshness(repository, snapshot.commit, standing.commit, repository.head().commit)
    return _result("fresh", not found.stale, found.reason, changed=len(found.changed))


def trusted(snapshot: Snapshot, least: int) -> dg.AssetCheckResult:
    """Whether the veracity is what the policy demands."""
    if snapshot.veracity is None:
        return _unknown("veracity", snapshot.reason)
    words = f"veracity {snapshot.veracity} of 100, at least {least} is demanded"
    return _result("veracity", snapshot.veracity >= least, words, veracity=snapshot.veracity, least=least)


def pinned(snapshot: Snapshot, installed: Reader) -> dg.AssetCheckResult:
    """Whether the snapshot was read by what is installed now. Where no embedding model is used, that is said."""
    if snapshot.reader is None:
        return _unknown("model_pin", snapshot.reason)
    differences = snapshot.reader.differences(installed)
    model = snapshot.reader.model or "no embedding model is used"
    words = f"read by other releases: {'; '.join(differences)}" if differences else f"unchanged; {model}"
    return _result("model_pin", not differences, words, pin=snapshot.reader.pin)


def reachable(standing: Standing) -> dg.AssetCheckResult:
    """Whether the gateway is as the configuration wants it."""
    return _result("reachable", standing.sound, standing.reason, health=standing.health or "not configured")


def _polled(site: Site, snapshot: Snapshot, context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
    """Ask the gateway how it is; what it says is an observation of the asset too."""
    if site.ess is None:
        return _unknown("reachable", snapshot.reason)
    standing = site.ess.standing()
    health = {"gateway_health": standing.health or "not configured", "reason": standing.reason}
    context.op_execution_context.log_event(dg.AssetObservation(asset_key=_KEY, metadata=health))
    return reachable(standing)


def _result(name: str, passed: bool, words: str, **metadata: str | int) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=_KEY,
        check_name=name,
        passed=passed,
        severity=dg.AssetCheckSeverity.ERROR,
        description=words,
        metadata=metadata,
    )


def _unknown(name: str, reason: str) -> dg.AssetCheckResult:
    """Nothing is known, which is no pass."""
    return dg.AssetCheckResult(
        asset_key=_KEY, check_name=name, passed=False, severity=dg.AssetCheckSeverity.WARN, description=reason
    )
