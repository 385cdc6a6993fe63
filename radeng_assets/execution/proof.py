"""What does a commit already prove of a story? Its files, its gates, its criteria - by commands only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from radeng_assets.evidence.envelope import Envelope, timestamp
from radeng_assets.evidence.outcomes import CriterionOutcome, StoryOutcome, StoryStatus, Ticket
from radeng_assets.evidence.states import State, combine
from radeng_assets.evidence.store import EvidenceStore
from radeng_assets.execution.gates import Prover, Showing, subject_of
from radeng_assets.execution.git import TargetRepository
from radeng_assets.planning.documents.execution_plan import QualityGates, Story
from radeng_assets.planning.documents.verification import Verification

STORY_PHASES = ("pre_story", "post_story")


def missing_files(declared: Iterable[str], present: Sequence[str]) -> tuple[str, ...]:
    """The declared paths or globs that match none of the present files.

    ``*`` stays within a folder, ``**`` spans folders, a folder's name stands for anything in it. A path that
    is absolute or climbs out with ``..`` matches nothing: it cannot name a file of the commit.
    """
    present_set = set(present)
    return tuple(pattern for pattern in declared if not _matches_any(pattern, present, present_set))


def _matches_any(pattern: str, present: Sequence[str], present_set: set[str]) -> bool:
    path = PurePosixPath(pattern)
    if path.is_absolute() or ".." in path.parts:
        return False
    plain = str(path)
    if plain in present_set:
        return True
    regex = re.compile(_glob_regex(plain) + r"(/.*)?")
    return any(regex.fullmatch(name) for name in present)


def _glob_regex(pattern: str) -> str:
    """A glob as a regular expression; ``glob.translate`` came with Python 3.13 only."""
    parts: list[str] = []
    for part in re.split(r"(\*\*/|\*\*|\*|\?)", pattern):
        known = {"**/": r"(?:.*/)?", "**": r".*", "*": r"[^/]*", "?": r"[^/]"}
        parts.append(known.get(part) or re.escape(part))
    return "".join(parts)


def prove_story(
    story: Story,
    *,
    ticket: Ticket,
    gates: QualityGates,
    gates_required: bool,
    verification: Verification | None,
    prover: Prover,
    target: TargetRepository,
    mode: str,
) -> StoryOutcome:
    """Show everything that the plan demands of a story on the ticket's commit, and say where it stands.

    ``already_satisfied``: files, gates and every criterion are shown to hold, and there is at least one
    criterion. ``failed``: something is shown not to hold. ``blocked``: something could not be shown either
    way; the reason says what is needed. ``gates_required`` is the plan's ``quality_gate_required``: false
    lets an empty gate pass by.
    """
    parts: list[tuple[State, str]] = []
    evidence: list[str] = []
    if story.files:
        state, reason, digest = _show_files(story, ticket, target, prover.store)
        parts.append((state, reason))
        evidence.append(digest)
    for phase in STORY_PHASES:
        commands = gates.commands(phase)
        if commands or gates_required:
            shown = prover.show(f"gate:{phase}", story.id.value, commands, ticket)
            parts.append((shown.state, shown.reason))
            evidence += shown.evidence
    criteria = tuple(
        _show_criterion(story, number, text.value, ticket, verification, prover)
        for number, text in enumerate(story.criteria, start=1)
    )
    parts.extend((item.state, f"criterion {item.number}: {item.reason}") for item in criteria)
    if not criteria:
        parts.append(("missing", "the story has no acceptance criterion, so nothing shows it done"))
    return StoryOutcome(
        story=story.id.value,
        wave=ticket.wave,
        status=_status(combine(state for state, _ in parts)),
        mode=mode,
        plan=ticket.plan,
        session=ticket.session,
        commit=ticket.commit,
        tree=ticket.tree,
        criteria=criteria,
        evidence=tuple(dict.fromkeys([*evidence, *(d for item in criteria for d in item.evidence)])),
        reason=_causes(parts),
    )


def _status(state: State) -> StoryStatus:
    if state == "passed":
        return "already_satisfied"
    return "failed" if state == "failed" else "blocked"


def _causes(parts: Sequence[tuple[State, str]], most: int = 3) -> str:
    """The first reasons in words, failures before unknowns."""
    failed = [reason for state, reason in parts if state == "failed"]
    unknown = [reason for state, reason in parts if state not in ("passed", "failed")]
    causes = [*failed, *unknown]
    more = f"; and {len(causes) - most} more" if len(causes) > most else ""
    return "; ".join(causes[:most]) + more


def _show_files(story: Story, ticket: Ticket, target: TargetRepository, store: EvidenceStore) -> tuple[State, str, str]:
    started = timestamp()
    subject = subject_of(ticket)
    lost = missing_files((path.value for path in story.files), target.files(subject.commit))
    state: State = "failed" if lost else "passed"
    reason = f"not in the commit: {', '.join(lost)}" if lost else ""
    envelope = Envelope(
        subject=subject,
        kind="files",
        about=story.id.value,
        command=f"git ls-tree -r --name-only {subject.commit}",
        state=state,
        reason=reason,
        started=started,
        ended=timestamp(),
        session=ticket.session,
        plan=ticket.plan,
    )
    return state, reason, store.put_envelope(envelope)


def _show_criterion(
    story: Story,
    number: int,
    text: str,
    ticket: Ticket,
    verification: Verification | None,
    prover: Prover,
) -> CriterionOutcome:
    entry = verification.of(story.id.value) if verification else None
    proofs = [proof for proof in entry.proofs if proof.criterion.value == number] if entry else []
    if not proofs:
        reason = "it has no proof command; give it one in verification.yaml, or let a person judge it"
        return CriterionOutcome(number=number, text=text, state="human_needed", reason=reason)
    shown = [_show_proof(story, number, proof.command.value, ticket, prover) for proof in proofs]
    return CriterionOutcome(
        number=number,
        text=text,
        state=combine(item.state for item in shown),
        evidence=tuple(dict.fromkeys(digest for item in shown for digest in item.evidence)),
        reason="; ".join(item.reason for item in shown if item.reason),
    )


def _show_proof(story: Story, number: int, command: str, ticket: Ticket, prover: Prover) -> Showing:
    return prover.show("criterion", f"{story.id.value}#{number}", (command,), ticket)
