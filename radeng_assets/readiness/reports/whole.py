"""Whether a measurement left all that its policy says it leaves: a file that is not there shows nothing."""

from __future__ import annotations

from radeng_assets.evidence.envelope import Envelope
from radeng_assets.evidence.measures import Measure, role_and_path
from radeng_assets.evidence.states import State, combine
from radeng_assets.execution.globs import covers
from radeng_assets.readiness.reports.material import Material


def lacking(material: Material, *roles: str) -> tuple[str, ...]:
    """What speaks against the measurement being whole, in words, about the files of the given roles.

    A measure without a file for one of its globs, a file that was too large to keep, and a role that nobody leaves.
    """
    measures = {measure.run: measure for measure in material.policy.reports.of(material.report).measures}
    found: list[str] = []
    for envelope in material.envelopes.values():
        found += _lacking(envelope, measures.get(envelope.command), roles)
    found += [f"no file was left as {role}" for role in roles if not any(True for _ in material.files(role))]
    return tuple(dict.fromkeys(found))


def unexplained(material: Material, explained: frozenset[str] = frozenset()) -> tuple[State, str]:
    """The state of the commands that did not pass, and why.

    ``explained`` are digests of envelopes that failed because of what the issues already say: a test runner ends with 1
    where a test failed. One that did not run to its end explains nothing.
    """
    unmet = [
        envelope
        for digest, envelope in material.envelopes.items()
        if envelope.state != "passed" and not (digest in explained and envelope.state == "failed")
    ]
    states: list[State] = [envelope.state for envelope in unmet]
    return combine(states or ["passed"]), "; ".join(envelope.reason or envelope.state for envelope in unmet)


def _lacking(envelope: Envelope, measure: Measure | None, roles: tuple[str, ...]) -> list[str]:
    left = [(*role_and_path(artifact), artifact.truncated) for artifact in envelope.artifacts]
    found = [f"{path} is too large to be kept" for role, path, cut in left if path and cut and role in roles]
    promised = [(role, glob) for role, globs in (measure.leaves if measure else {}).items() for glob in globs]
    found += [
        f"`{envelope.command[:80]}` left no {glob} ({role})"
        for role, glob in promised
        if role in roles and not any(one == role and path and covers(glob, path) for one, path, _ in left)
    ]
    return found
