"""The READY example, in a folder of its own, with everything that a fault needs to spoil it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from pydantic import JsonValue

from radeng_assets.canonical import canonical
from radeng_assets.evidence.envelope import Artifact, Envelope
from radeng_assets.evidence.ledger import GENESIS, Entry, Head, Ledger
from radeng_assets.evidence.measures import Measurement, role_and_path
from radeng_assets.evidence.outcomes import GateOutcome, StoryOutcome, WaveOutcome
from radeng_assets.evidence.ssh_signature import sign
from radeng_assets.evidence.store import EvidenceStore
from radeng_assets.orchestration import observation
from radeng_assets.orchestration.site import Site
from radeng_assets.planning.snapshot import PIN
from radeng_assets.readiness.case import Case
from radeng_assets.readiness.judge import judge, to_sign
from radeng_assets.readiness.signoff import KIND, Decision, Signoff
from radeng_assets.readiness.verdict import Verdict
from radeng_assets.record import Record
from radeng_assets_tests.folders import commit, git

ROOT = Path(__file__).resolve().parents[2]
WALK = ROOT / "examples" / "ready" / "walk.py"
PLAN = ROOT / "plans" / "ready-example"
PEOPLE = {"product-owner": "Grace Hopper", "security-lead": "Adele Goldberg"}
"""Who signs, as the example's walk has it."""

OUTCOMES: dict[str, type[Record]] = {"story": StoryOutcome, "wave": WaveOutcome, "gate": GateOutcome}
"""The kinds of records that say what something came to."""

Edit = Callable[[bytes], bytes | None]
"""Other bytes for a file, or ``None`` for no file at all."""


def make_ready(folder: Path) -> Path:
    """Walk the example to READY in a new folder, with a plan in which people sign with keys. Minutes."""
    folder.mkdir(parents=True)
    keys = folder / "keys"
    keys.mkdir()
    plan = Path(shutil.copytree(PLAN, folder / PLAN.name))
    signers = [f'"{name}" {make_key(keys / role)}' for role, name in PEOPLE.items()]
    (plan / "allowed_signers").write_text("".join(f"{line}\n" for line in signers), encoding="utf-8")
    policy = plan / "readiness.yaml"
    policy.write_text(policy.read_text("utf-8") + "  signatures: required\n", encoding="utf-8")
    command = [sys.executable, str(WALK), str(folder / "work"), "--only-to-ready"]
    done = subprocess.run(
        [*command, "--plan", str(plan), "--keys", str(keys)],
        env={**os.environ, "COLUMNS": "160", "DAGSTER_DISABLE_TELEMETRY": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        raise AssertionError(f"the example did not become READY:\n{done.stdout[-6000:]}")
    return folder


def make_key(path: Path) -> str:
    """A new SSH key without passphrase; the public one, as it stands in ``allowed_signers``."""
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return path.with_suffix(".pub").read_text("utf-8").strip()


@dataclass(frozen=True)
class State:
    """A copy of the READY example below ``folder``: product and state in ``work``, the plan, and the people's keys.

    ``agent`` is the mode in which a verdict is asked for.
    """

    folder: Path
    agent: str = "none"

    @classmethod
    def copied(cls, ready: Path, folder: Path) -> State:
        """A copy of a READY example. What Dagster remembers of its runs is left behind."""
        shutil.copytree(ready, folder, symlinks=True, ignore=shutil.ignore_patterns("history", "storage"))
        return cls(folder)

    @property
    def target(self) -> Path:
        """The product's repository."""
        return self.folder / "work" / "target"

    @property
    def home(self) -> Path:
        """The state."""
        return self.folder / "work" / "home"

    @property
    def plan(self) -> Path:
        """The planning folder."""
        return self.folder / PLAN.name

    @property
    def ledger(self) -> Ledger:
        """The record."""
        return Ledger(self.home / "ledger.jsonl")

    @property
    def store(self) -> EvidenceStore:
        """The evidence."""
        return EvidenceStore(self.home)

    # --- judging

    def case(self, as_of: str = "") -> Case:
        """What a verdict rests on now, or at another moment (ISO 8601, UTC)."""
        with self._settings(), self._clock(as_of):
            return Site.current().case()

    def verdict(self, as_of: str = "") -> Verdict:
        """The verdict over HEAD."""
        return judge(self.case(as_of))

    @contextmanager
    def _settings(self) -> Generator[None]:
        settings = {
            "RADENG_HOME": str(self.home),
            "DAGSTER_HOME": str(self.home),
            "RADENG_PLAN_DIR": str(self.plan),
            "RADENG_TARGET_REPO": str(self.target),
            "RADENG_AGENT": self.agent,
            "RADENG_AGENT_COMMAND": "ready-agent",
            # Commands of the plan find the tools that are installed beside this Python.
            "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
        }
        with mock.patch.dict(os.environ, settings):
            os.environ.pop(PIN, None)
            yield

    @contextmanager
    def _clock(self, as_of: str) -> Generator[None]:
        if not as_of:
            yield
            return
        with mock.patch.object(observation, "timestamp", return_value=as_of):
            yield

    # --- what people do

    def sign(self, role: str, name: str = "", *, decision: Decision = "approve", key: Path | None = None) -> None:
        """Record what ``radeng sign`` would, without its refusals: as whoever can write the ledger could."""
        case, head = self.case(), self.ledger.head()
        draft = Signoff(
            role=role,
            name=name or PEOPLE[role],
            decision=decision,
            evidence_set=to_sign(case),
            verdict=judge(case).digest,
            ledger_head=head,
        )
        signature = sign(draft.statement(), key or self.folder / "keys" / role)
        self.ledger.append(KIND, draft.model_copy(update={"signature": signature}))

    def all_sign(self) -> None:
        """Every role approves what the evidence shows now."""
        for role in PEOPLE:
            self.sign(role)

    def change(self, path: str, edit: Edit, message: str = "Change") -> str:
        """Commit another text of a file of the product; the commit."""
        place = self.target / path
        data = edit(place.read_bytes() if place.exists() else b"")
        if data is None:
            place.unlink()
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        return commit(self.target, message)

    def git(self, *arguments: str) -> str:
        """Run git in the product's repository."""
        return git(self.target, *arguments)

    def replan(self, name: str, old: str, new: str) -> None:
        """Change one place of a file of the plan, which must be there once at least."""
        path = self.plan / name
        text = path.read_text("utf-8")
        assert old in text, f"{name} has no {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    # --- what is on record

    def measured(self, report: str) -> tuple[Measurement, list[Envelope]]:
        """The latest measurement of a report, and its envelopes."""
        taken = [Measurement.model_validate(entry.body) for entry in self.ledger.entries("measurement")]
        last = [measurement for measurement in taken if measurement.report == report][-1]
        return last, [self.store.get_envelope(digest) for digest in last.evidence]

    def left(self, report: str, path: str) -> bytes:
        """What a report's commands left at a path."""
        _, envelopes = self.measured(report)
        artifact = next(a for e in envelopes for a in e.artifacts if role_and_path(a)[1] == path)
        return self.store.get_bytes(artifact.digest)

    def remeasure(self, report: str, change: Callable[[Envelope], Envelope | None]) -> None:
        """Record the report's measurement once more, with other envelopes: as if its commands had done otherwise."""
        measurement, envelopes = self.measured(report)
        changed = [envelope for one in envelopes if (envelope := change(one)) is not None]
        evidence = tuple(self.store.put_envelope(envelope) for envelope in changed)
        self.ledger.append("measurement", measurement.model_copy(update={"evidence": evidence}))

    def leave(self, report: str, path: str, edit: Edit, *, exit_code: int = 0) -> None:
        """The same, where a command left other bytes at a path, or nothing; it may have ended otherwise, too."""

        def changed(envelope: Envelope) -> Envelope:
            mine = [artifact for artifact in envelope.artifacts if role_and_path(artifact)[1] == path]
            if not mine:
                return envelope
            rest = tuple(artifact for artifact in envelope.artifacts if artifact not in mine)
            data = edit(self.store.get_bytes(mine[0].digest))
            files = () if data is None else (self._kept(mine[0].name, data),)
            return envelope.model_copy(update={"artifacts": (*rest, *files), **_ended(envelope, exit_code)})

        self.remeasure(report, changed)

    def carry_over(self, **commands: str) -> None:
        """Record every outcome once more under the plan as it is now: as if all had been run again, and had passed.

        ``commands`` are by name what ran (``old``) and what runs in its place (``new``); one without ``new`` is gone.
        """
        with self._settings():
            digest = Site.current().served.execution_digest
        last: dict[tuple[str, str], Entry] = {}
        for entry in self.ledger.entries("story", "wave", "gate"):
            name = entry.body.get("story") if entry.kind == "story" else entry.body.get("wave", "")
            last[entry.kind, str(name)] = entry
        for (kind, _), entry in last.items():
            outcome = OUTCOMES[kind].model_validate(self._carried(dict(entry.body), digest, commands))
            self.ledger.append(kind, outcome)

    def _carried(self, body: dict[str, JsonValue], digest: str, commands: dict[str, str]) -> dict[str, JsonValue]:
        made = dict(body)
        for name, value in body.items():
            if name == "plan":
                made[name] = digest
            elif name == "evidence" and isinstance(value, list):
                envelopes = [self.store.get_envelope(str(cited)) for cited in value]
                made[name] = [
                    self.store.put_envelope(one.model_copy(update={"plan": digest, "command": command}))
                    for one in envelopes
                    if (command := commands.get("new") if one.command == commands.get("old") else one.command)
                    is not None
                ]
            elif isinstance(value, list):
                made[name] = [
                    self._carried(item, digest, commands) if isinstance(item, dict) else item for item in value
                ]
        return made

    def remeasure_for_real(self, report: str) -> None:
        """Take a report's measures on HEAD, as ``radeng run`` does."""
        with self._settings():
            Site.current().measure(report, uuid.uuid4().hex, "")

    def _kept(self, name: str, data: bytes) -> Artifact:
        return Artifact(name=name, digest=self.store.put_bytes(data), kept_bytes=len(data), total_bytes=len(data))

    def rewrite(self, edit: Callable[[list[Entry]], Sequence[Entry]], *, chained: bool = True) -> None:
        """Write the ledger anew; its chain, and its head, hold again unless told otherwise."""
        entries = edit(list(self.ledger.entries()))
        prev = GENESIS
        lines: list[bytes] = []
        for seq, entry in enumerate(entries, start=1):
            made = entry
            if chained:
                draft = entry.model_copy(update={"seq": seq, "prev": prev, "hash": ""})
                made = draft.model_copy(update={"hash": draft.content_hash()})
            prev = made.hash
            lines.append(canonical(made) + b"\n")
        self.ledger.path.write_bytes(b"".join(lines))
        if chained:  # whoever can write the ledger can write the file beside it
            self.ledger.head_file.write_bytes(canonical(Head(seq=len(lines), hash=prev)))

    def body(self, kind: str, **known: JsonValue) -> Callable[[Entry], bool]:
        """Whether an entry is of a kind, and its body has such values."""
        return lambda entry: entry.kind == kind and all(entry.body.get(key) == known[key] for key in known)

    def evidence_of(self, kind: str, **known: JsonValue) -> list[str]:
        """The digests that the latest such record cites."""
        entries = [entry for entry in self.ledger.entries(kind) if self.body(kind, **known)(entry)]
        cited = entries[-1].body["evidence"]
        assert isinstance(cited, list)
        return [str(digest) for digest in cited]


def _ended(envelope: Envelope, exit_code: int) -> dict[str, object]:
    if exit_code == envelope.exit_code:
        return {}
    reason = f"`{envelope.command}` ended with exit code {exit_code}"
    return {"exit_code": exit_code, "state": "failed" if exit_code else "passed", "reason": reason if exit_code else ""}
