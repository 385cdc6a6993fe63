"""verification.yaml → ``Verification``: which command proves which criterion of the execution plan.

A proof that points at nothing in the plan would prove nothing in silence, so every key is looked up
there, and what cannot be found is an error that cites both files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from radeng_assets.planning.documents.execution_plan import ExecutionPlan, Story
from radeng_assets.planning.documents.verification import Proof, StoryVerification, Verification
from radeng_assets.planning.fields import Fields
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.located import Fact, Place
from radeng_assets.planning.source import Source
from radeng_assets.planning.yaml_nodes import Entry, Mapping, Scalar
from radeng_assets.planning.yaml_tree import merge, read_mappings


def read_verification(source: Source, plan: ExecutionPlan | None) -> tuple[Verification, tuple[Finding, ...]]:
    """The verification file as far as it can be read and found in ``plan``. Never raises.

    Without a plan, criteria can be named by number only, and nothing is looked up.
    """
    documents, problems = read_mappings(source)
    findings = list(problems)
    merged = merge(documents, source.file, findings)
    top = Fields(merged, source.file, source.file, findings)
    workspace = top.mapping("workspace")
    stories = top.mapping("stories")
    verification = Verification(
        file=source.file,
        setup=workspace.texts("setup") if workspace else (),
        stories=tuple(_stories(stories, plan)) if stories else (),
    )
    for fields in (workspace, top):
        if fields is not None:
            fields.leftovers()
    return verification, tuple(findings)


def _stories(stories: Fields, plan: ExecutionPlan | None) -> Iterable[StoryVerification]:
    known = {story.id.value: story for story in plan.stories} if plan else {}
    for entry in stories.rest():
        name = Fact(entry.key.text.strip(), stories.file, entry.key.line)
        story = known.get(name.value)
        if plan is not None and story is None:
            message = f"{plan.file} has no story {name.value[:80]!r}; what is said of it is unused."
            stories.finding("unknown-story", message, "Correct the id.", subject=name.value, line=name.line)
            continue
        fields = stories.mapping(entry.key.text)
        if fields is not None:
            yield _story(name, fields.about(name.value), story)


def _story(name: Fact[str], fields: Fields, story: Story | None) -> StoryVerification:
    criteria = fields.mapping("criteria")
    proofs = _proofs(criteria.about(name.value), story) if criteria else ()
    verification = StoryVerification(
        story=name,
        proofs=tuple(proofs),
        addresses=fields.texts("addresses"),
        mitigates=fields.texts("mitigates"),
        may_change=fields.texts("may_change"),
    )
    fields.leftovers()
    return verification


def _proofs(criteria: Fields, story: Story | None) -> Iterable[Proof]:
    numbers: dict[str, list[int]] = {}
    for number, criterion in enumerate(story.criteria if story else (), start=1):
        numbers.setdefault(criterion.value, []).append(number)
    proved: dict[int, Fact[int]] = {}
    for entry in criteria.rest():
        key = Fact(entry.key.text.strip(), criteria.file, entry.key.line)
        number = _number(key.value, story, numbers)
        if isinstance(number, str):
            places = (key.at, story.id.at) if story else (key.at,)
            criteria.findings.append(_finding("unknown-criterion", criteria, number, places))
            continue
        proving = key.with_value(number)
        first = proved.setdefault(number, proving)
        if first is proving:
            yield from _proof(entry, proving, criteria)
            continue
        message = f"Criterion {number} is proved twice; the first (line {first.line}) holds."
        stated = (story.criteria[number - 1].at,) if story else ()
        places = (first.at, key.at, *stated)
        criteria.findings.append(_finding("duplicate-proof", criteria, message, places))


_NUMBER = re.compile("[1-9][0-9]{0,8}")


def _number(key: str, story: Story | None, numbers: dict[str, list[int]]) -> int | str:
    """The 1-based number of the criterion that a key names, by text or by number; else why none."""
    same = numbers.get(key, [])
    if len(same) == 1:
        return same[0]
    if same:
        return f"Criteria {same} all read {key[:80]!r}; the proof is unused."
    number = int(key) if _NUMBER.fullmatch(key) else None
    if story is None:
        return number or f"There is no plan to look {key[:80]!r} up in; the proof is unused."
    if number is not None and number <= len(story.criteria):
        return number
    return f"The story has {len(story.criteria)} criteria, none is {key[:80]!r}; the proof is unused."


def _proof(entry: Entry, number: Fact[int], criteria: Fields) -> Iterable[Proof]:
    """The proof under a key: a mapping with ``command``, or the command alone."""
    node = entry.value
    if isinstance(node, Scalar):
        node = Mapping((Entry(Scalar("command", node.line, True), node),), entry.key.line)
    if not isinstance(node, Mapping):
        criteria.wrong_items(entry.key.text, [node], "a command")
        return
    subject = f"criterion {number.value} of {criteria.subject}"
    fields = Fields(node, criteria.file, subject, criteria.findings)
    command = fields.required_text("command")
    timeout = fields.number("timeout_s")
    if timeout is not None and timeout.value <= 0:
        message = f"'timeout_s' of {subject} is {timeout.value:g}; it must be over 0."
        fields.finding("wrong-value", message, "Correct the number.", line=timeout.line)
        timeout = None
    fields.leftovers()
    if command is not None:
        yield Proof(criterion=number, command=command, timeout_s=timeout)


def _finding(rule: str, criteria: Fields, message: str, places: tuple[Place, ...]) -> Finding:
    return Finding(
        rule=rule,
        severity="error",
        subject=criteria.subject,
        message=message,
        at=places,
        fix="Name each criterion once, by its number in the story from 1 or by its exact text.",
    )
