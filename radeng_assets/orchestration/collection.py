"""Collecting what a site's home may let go: the facts looked up, the decision asked for, and carried out."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Self

import dagster as dg
from pydantic import ValidationError

from radeng_assets.evidence.ledger import LedgerCopy
from radeng_assets.execution.git import GitError, NotARepository
from radeng_assets.keeping.citations import Question, life_of
from radeng_assets.keeping.decision import Facts, may_go
from radeng_assets.keeping.inventory import artifacts, cited_by_files, evidence, lying
from radeng_assets.keeping.items import Item
from radeng_assets.keeping.removal import Removal
from radeng_assets.orchestration.old_runs import OldRuns
from radeng_assets.orchestration.site import Site
from radeng_assets.orchestration.storage import opened
from radeng_assets.planning.snapshot import execution_digest, served_last, thaw
from radeng_assets.readiness.signoff import KIND, Signoff
from radeng_assets.readiness.verdict import Verdict


@dataclass(frozen=True)
class Collection:
    """What a site's home may let go at a time (``now``, seconds since 1970)."""

    site: Site
    instance: dg.DagsterInstance
    now: float

    @classmethod
    @contextmanager
    def start(cls, site: Site, now: float) -> Generator[Self]:
        """Over the instance of ``DAGSTER_HOME``."""
        with opened(site.home) as instance:
            yield cls(site, instance, now)

    def listed(self) -> tuple[Item, ...]:
        """What may go. Raises ``ValueError`` where the ledger is broken: then nobody knows what is needed."""
        # The ledger first: what is recorded later cites what was made later, or is asked for again when it goes.
        ledger = self.site.home.ledger.copied()
        if ledger.problems:
            first = ledger.problems[0]
            raise ValueError(f"{self.site.home.ledger.path}:{first.line}: {first.message}")
        return may_go(self._facts(ledger), self.site.policy.retention, self.now)

    def take_away(self, items: Sequence[Item]) -> Iterator[tuple[Item, str]]:
        """Take away what was listed, in that order; with each, why it stayed, or nothing.

        While runs are there, they can be gone on with and ask for their evidence. So they go first, and what is listed
        is decided on once more when they are gone.
        """
        runs, removal = OldRuns(self.instance, self.site.home.path), Removal(self.site.home.path)
        for item in items:
            if item.kind == "runs":
                yield item, runs.delete(item.name)
        rest = [item for item in items if item.kind != "runs"]
        still = {(item.kind, item.name) for item in self.listed()} if rest else set[tuple[str, str]]()
        for item in rest:
            yield item, removal.remove(item) if (item.kind, item.name) in still else "it is needed by now"

    def _facts(self, ledger: LedgerCopy) -> Facts:
        home, runs = self.site.home, OldRuns(self.instance, self.site.home.path)
        entries = ledger.entries
        busy_since = runs.busy_since()
        return Facts(
            entries=entries,
            items=tuple(lying(home.path, life_of(entries), self._plans(ledger))),
            runs=runs.items(),
            sessions=runs.sessions(),
            objects=evidence(home.store),
            artifacts=partial(artifacts, home.store),
            questions=tuple(self._questions()),
            roots=cited_by_files(home.path),
            busy_since=busy_since,
        )

    def _questions(self) -> Iterator[Question]:
        """Where the served plan stands on its target, and other plans that this home serves on whatever commit."""
        served = self.site.served
        try:
            standing = self.site.campaign.standing()
        except (NotARepository, GitError):
            yield Question(execution=served.execution_digest, certain=False)
        else:
            commit, tree = (standing.commit, standing.tree) if standing else (None, None)
            yield Question(execution=served.execution_digest, commit=commit, tree=tree)
        for name in sorted(served_last(self.site.home.path) | self._judged_last()):
            try:
                execution = execution_digest(thaw(self.site.home.plan(name)))
            except (OSError, ValueError):
                continue  # a pointer to a snapshot that is not there
            if execution != served.execution_digest:
                yield Question(execution=execution, certain=False)

    def _plans(self, ledger: LedgerCopy) -> frozenset[str]:
        """The snapshots that are needed: served, last judged, or signed."""
        served = self.site.served
        found = {folder.name for folder in (served.folder, served.broken) if folder}
        found |= served_last(self.site.home.path) | self._judged_last()
        for entry in ledger.entries:
            if entry.kind == KIND:
                with suppress(ValidationError):
                    found.add(Signoff.model_validate(entry.body).evidence_set.plan)
        return frozenset(digest.removeprefix("sha256:") for digest in found)

    def _judged_last(self) -> frozenset[str]:
        """The snapshot (hex digest) that the last verdict is about, which need not be served any more."""
        try:
            verdict = Verdict.model_validate_json(self.site.home.verdict.read_bytes())
        except (OSError, ValidationError):
            return frozenset()
        return frozenset({verdict.plan.digest.removeprefix("sha256:")})
