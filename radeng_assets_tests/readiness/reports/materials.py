"""Measurements made by hand: commands with the files that they left, as the measurer keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from radeng_assets.canonical import digest_bytes
from radeng_assets.evidence.envelope import Artifact, Envelope, Subject
from radeng_assets.evidence.measures import Measure, artifact_name
from radeng_assets.evidence.states import State
from radeng_assets.planning.folder import Planning, Sources, read_planning
from radeng_assets.readiness.policy import Policy
from radeng_assets.readiness.reports.material import Material
from radeng_assets.readiness.reports.terms import Reports

COMMIT, TREE = "c" * 40, "d" * 40
STARTED, ENDED = "2026-11-01T10:00:00.000Z", "2026-11-01T10:10:00.000Z"
AS_OF = "2026-11-02T00:00:00+00:00"


@dataclass
class Ran:
    """One command: the files that it left by (role, path), and how it ended.

    ``cut`` names files that were kept in part; ``promised`` are further files that its measure declares.
    """

    files: Mapping[tuple[str, str], bytes] = field(default_factory=dict[tuple[str, str], bytes])
    state: State = "passed"
    exit_code: int | None = 0
    command: str = "measure it"
    cut: Sequence[str] = ()
    promised: Sequence[tuple[str, str]] = ()


def material(
    report: str,
    *ran: Ran,
    terms: Mapping[str, object] | None = None,
    planning: Planning | None = None,
    tree: Mapping[str, str] | None = None,
) -> Material:
    """A measurement of the commands ``ran``; what each leaves, its measure declares."""
    kept: dict[str, bytes] = {}
    envelopes: dict[str, Envelope] = {}
    measures: list[Measure] = []
    for one in ran:
        artifacts: list[Artifact] = []
        for (role, path), data in one.files.items():
            digest = digest_bytes(data)
            kept[digest] = data
            size = len(data) + (1 if path in one.cut else 0)
            artifacts.append(
                Artifact(name=artifact_name(role, path), digest=digest, kept_bytes=len(data), total_bytes=size)
            )
        envelope = Envelope(
            subject=Subject(commit=COMMIT, tree=TREE),
            kind=f"report:{report}",
            about=report,
            command=one.command,
            argv=("sh", "-c", one.command),
            exit_code=one.exit_code,
            state=one.state,
            reason="" if one.state == "passed" else f"`{one.command}` {one.state}",
            started=STARTED,
            ended=ENDED,
            artifacts=tuple(artifacts),
            session="s",
            plan="sha256:plan",
        )
        envelopes[envelope.digest] = envelope
        leaves: dict[str, tuple[str, ...]] = {}
        for role, path in (*one.files, *one.promised):
            leaves[role] = (*leaves.get(role, ()), path)
        measures.append(Measure(run=one.command, leaves=leaves))
    given = {report: {"measures": measures, **(terms or {})}} if report in Reports.model_fields else {}
    return Material(
        report=report,
        commit=COMMIT,
        envelopes=envelopes,
        read=kept.__getitem__,
        tree=tree or {},
        planning=planning or read_planning(Sources(sources={})),
        policy=Policy(reports=Reports.model_validate(given)),
        as_of=AS_OF,
    )
