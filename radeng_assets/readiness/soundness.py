"""Whether recorded outcomes rest on evidence: every cited envelope is there, unchanged, and says what is claimed.

The ledger says what things came to; here each of these words is asked again of the envelopes themselves. A word
that they do not bear out counts as nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from radeng_assets.evidence.envelope import Envelope
from radeng_assets.evidence.formats.runner_words import idle
from radeng_assets.evidence.measures import OURS, Measure, Measurement, role_and_path
from radeng_assets.evidence.outcomes import DONE, GateOutcome, StoryOutcome, WaveOutcome
from radeng_assets.evidence.store import EvidenceChanged, EvidenceMissing
from radeng_assets.planning.documents.execution_plan import QualityGates, Story
from radeng_assets.planning.documents.verification import Verification
from radeng_assets.planning.idle import none_can_fail
from radeng_assets.readiness.freshness import moment

SETUP = "setup"
"""The kind of envelopes that may be of another commit: what they made was kept by the lockfiles' digest."""


class Unsound(Exception):  # noqa: N818  # named for what was found
    """Something that is cited is missing, was changed, or says something else; the message names it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Reads evidence by digest, each piece once. ``read`` raises ``EvidenceMissing`` or ``EvidenceChanged``."""

    read: Callable[[str], bytes]
    _known: dict[str, Envelope] = field(default_factory=dict[str, Envelope])

    def envelope(self, digest: str) -> Envelope:
        """An envelope, with all that it keeps. Raises ``Unsound``."""
        if digest not in self._known:
            self._known[digest] = self._checked(digest)
        return self._known[digest]

    def envelopes(self, digests: Iterable[str]) -> dict[str, Envelope]:
        """Several, by digest. Raises ``Unsound``."""
        return {digest: self.envelope(digest) for digest in digests}

    def bytes_of(self, digest: str) -> bytes:
        """The bytes of a digest. Raises ``Unsound``."""
        try:
            return self.read(digest)
        except EvidenceMissing:
            raise Unsound(f"evidence {digest[:19]}… is missing") from None
        except EvidenceChanged:
            raise Unsound(f"evidence {digest[:19]}… was changed after it was recorded") from None

    def _checked(self, digest: str) -> Envelope:
        data = self.bytes_of(digest)
        try:
            envelope = Envelope.model_validate_json(data)
            begun, ended = moment(envelope.started), moment(envelope.ended)
        except (ValidationError, ValueError):
            raise Unsound(f"evidence {digest[:19]}… is no envelope") from None
        if ended < begun:
            raise Unsound(f"evidence {digest[:19]}… ends before it begins")
        for artifact in envelope.artifacts:
            if len(self.bytes_of(artifact.digest)) != artifact.kept_bytes:
                raise Unsound(f"{artifact.name} of evidence {digest[:19]}… is not of the size that was recorded")
        if envelope.state == "passed" and envelope.argv and envelope.exit_code != 0:
            raise Unsound(f"evidence {digest[:19]}… is said to pass, and its command ended with {envelope.exit_code}")
        if envelope.state == "passed" and envelope.argv:
            said = (self.bytes_of(a.digest) for a in envelope.artifacts if role_and_path(a) == ("output", ""))
            why = next((why for output in said if (why := idle(envelope.command, output))), "")
            if why:
                raise Unsound(f"`{envelope.command[:80]}` is said to pass, and {why}")
        return envelope


@dataclass(frozen=True, slots=True)
class Witness:
    """Asks evidence whether it bears out what the ledger says.

    ``gates`` and ``verification`` are the plan's, ``plan`` the execution plan's digest.
    """

    evidence: Evidence
    plan: str
    gates: QualityGates
    verification: Verification | None

    def story(self, outcome: StoryOutcome, story: Story) -> str:
        """Why the evidence does not show what the outcome says; empty where it does."""
        if outcome.status not in DONE:
            return ""
        try:
            shown = self._shown(outcome.evidence, outcome.tree)
            if [item.text for item in outcome.criteria] != [item.value for item in story.criteria]:
                return "its criteria are not those of the plan"
            if not outcome.criteria or any(item.state != "passed" for item in outcome.criteria):
                return "it is called done, and a criterion is not"
            for item in outcome.criteria:
                proofs = self._proofs(story, item.number)
                if not proofs:
                    return f"criterion {item.number} has no proof command"
                self._demand(proofs, self._shown(item.evidence, outcome.tree))
            self._demand(self.gates.commands("post_story"), shown)
        except Unsound as unsound:
            return str(unsound)
        return ""

    def wave(self, outcome: WaveOutcome) -> str:
        """The same of a wave's gate."""
        return self._gate("post_wave", outcome.evidence, outcome) if outcome.gate == "passed" else ""

    def final(self, outcome: GateOutcome) -> str:
        """The same of the final gate."""
        return self._gate("post_final", outcome.evidence, outcome) if outcome.state == "passed" else ""

    def measurement(self, outcome: Measurement, measures: Sequence[Measure]) -> dict[str, Envelope]:
        """The envelopes of a measurement, one for each measure. Raises ``Unsound``."""
        found = self.evidence.envelopes(outcome.evidence)
        for digest, envelope in found.items():
            if (envelope.subject.commit, envelope.subject.tree) != (outcome.commit, outcome.tree):
                raise Unsound(f"evidence {digest[:19]}… is about another commit than is said")
        kinds = {(f"report:{outcome.report}", measure.run) for measure in measures}
        if measures and ({(e.kind, e.command) for e in found.values()} != kinds or len(found) != len(measures)):
            raise Unsound("its evidence is not that of the commands that the policy names")
        ours = {measure.run for measure in measures if measure.run.startswith(OURS)}
        if any(not envelope.argv and envelope.command not in ours and measures for envelope in found.values()):
            raise Unsound("part of its evidence names no command that ran")
        return found

    def ended(self, digests: Iterable[str]) -> list[str]:
        """When the envelopes were made, what was only set up left out. Raises ``Unsound``."""
        return [e.ended for e in self.evidence.envelopes(digests).values() if e.kind != SETUP]

    def _gate(self, phase: str, evidence: tuple[str, ...], outcome: WaveOutcome | GateOutcome) -> str:
        try:
            self._demand(self.gates.commands(phase), self._shown(evidence, outcome.tree))
        except Unsound as unsound:
            return str(unsound)
        return ""

    def _shown(self, digests: Iterable[str], tree: str | None) -> set[str]:
        """The commands that passed on a tree. Whatever else is cited must be sound and pass as well."""
        passed: set[str] = set()
        for digest, envelope in self.evidence.envelopes(digests).items():
            if envelope.state != "passed":
                raise Unsound(f"evidence {digest[:19]}… says {envelope.state}, not passed")
            if envelope.kind == SETUP:
                continue
            if envelope.subject.tree != tree:
                raise Unsound(f"evidence {digest[:19]}… is about another tree than is said")
            if envelope.plan != self.plan:
                raise Unsound(f"evidence {digest[:19]}… was made under another execution plan")
            if envelope.argv:
                passed.add(envelope.command)
        return passed

    def _demand(self, commands: Sequence[str], passed: set[str]) -> None:
        if none_can_fail(commands):
            raise Unsound(f"`{commands[0][:80]}` can never fail, so it shows nothing")
        lacking = [command for command in commands if command not in passed]
        if lacking:
            raise Unsound(f"no evidence that `{lacking[0][:80]}` passed")

    def _proofs(self, story: Story, number: int) -> tuple[str, ...]:
        entry = self.verification.of(story.id.value) if self.verification else None
        return tuple(p.command.value for p in entry.proofs if p.criterion.value == number) if entry else ()
