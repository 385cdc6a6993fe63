"""Reads README.md of a planning folder: what it claims about the other documents."""

from __future__ import annotations

import re
from collections.abc import Iterator

from radeng_assets.planning.documents.common import ChecklistItem, Claim
from radeng_assets.planning.documents.readme import (
    BlockingIssue,
    ClaimedIds,
    DocumentSection,
    PointsBlock,
    Readme,
    ReadmeWave,
    RelatedDocument,
)
from radeng_assets.planning.documents.testing_requirements import EffortShare
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.located import Fact
from radeng_assets.planning.markdown_tree import Item, Section, plain, tick
from radeng_assets.planning.readers.markdown_facts import claim, swallows, unquoted
from radeng_assets.planning.readers.markdown_reading import Columns, Reading
from radeng_assets.planning.source import Source

_CLAIM_LABELS = ("key findings", "findings", "scope", "summary")
_OTHER_LISTS = (
    "purpose",
    "categories",
    "coverage targets",
    "success criteria",
    "testing categories",
    "top risks",
    "waves",
)
_KNOWN = (*_CLAIM_LABELS, *_OTHER_LISTS)
_CATEGORIES = re.compile(r"^(?:gap )?categories$")
_COVERAGE = re.compile(r"\bcoverage targets?\b")
_CRITERIA = re.compile(r"\b(?:success|readiness|exit) criteria\b|\bdefinition of done\b")
_TEST_KINDS = re.compile(r"^test(?:ing)? categories$")
_TOP_RISKS = re.compile(r"^top (?:[0-9]+ )?risks$")
_WAVES = re.compile(r"^waves$")
_BLOCKING: Columns = {
    "issue": ("issue", "blocker", "blocking issue"),
    "severity": ("severity", "priority"),
    "reference": ("document reference", "reference", "gap", "gaps", "source"),
    "status": ("status", "state", "resolved", "closed", "done"),
}
_RELATED: Columns = {
    "name": ("document", "name"),
    "location": ("location", "path", "link", "file"),
    "purpose": ("purpose", "description"),
}

_DOCUMENT = re.compile(r"(?:[0-9.]{1,9}[.)]?\s+)?(?P<file>[\w.-]{1,100}\.(?:ya?ml|md|json))\b.*")
_FURTHER = re.compile(
    r"(?<![\w.,-])(?P<count>[0-9]{1,6})\s{1,3}"
    r"(?P<label>categories|waves|stories|story points|phases|risks|gaps)\b"
)
_BOLD_COUNT = re.compile(r"\*\*[0-9]")
_TICK_BOX = re.compile(r"\[[ xX]\]")
_WEEKS = re.compile(r"[0-9]{1,3}(?:\s?(?:-|\u2013|to)\s?[0-9]{1,3})?\s{1,3}(?:days|weeks|months)\b", re.IGNORECASE)
_WAVE = re.compile(r"(?P<name>[^()]{1,200}?)\s*(?:\((?P<parts>[^()]{0,200})\))?")
_WAVE_NUMBER = re.compile(r"wave\s{1,3}(?P<number>[0-9]{1,6})\b", re.IGNORECASE)
_MODE = re.compile(r"\b(?:parallel|sequential)\b", re.IGNORECASE)
_ARROW = re.compile(
    r"Wave (?P<one>\d{1,4})\s{0,3}[-=\u2500\u2550]{1,6}[>\u25ba\u2192]\s{0,3}(?=Wave "
    r"(?P<other>\d{1,4})\b)"
)
_POINTS = re.compile(r"\((?P<points>[0-9]{1,9})\s{0,3}(?:pts?|points|story points)\)")
_BOX = re.compile(r"[\u2190-\u21ff\u2500-\u25ff|()>]|\s{2}")


def read_readme(source: Source) -> tuple[Readme, tuple[Finding, ...]]:
    """The README as far as it can be read, and a finding for each loss. Never raises."""
    reading = Reading(source, _KNOWN)
    documents, duration = _documents(reading)
    claims = tuple(said for document in documents for said in document.claims)
    readme = Readme(
        file=source.file,
        header=reading.header,
        documents=documents,
        categories=_categories(reading),
        claimed_stories=_total(claims, "stories", "story"),
        claimed_points=_total(claims, "points"),
        claimed_waves=_total(claims, "waves"),
        claimed_duration=duration,
        waves=tuple(_waves(reading)),
        points_blocks=tuple(_points_blocks(reading)),
        drawn_order=tuple(_drawn_order(reading)),
        blocking_issues=tuple(_blocking_issues(reading)),
        success_criteria=tuple(_success_criteria(reading)),
        related=tuple(_related(reading)),
        top_risks=tuple(item.text for item in _items(reading, _TOP_RISKS)),
        coverage_targets=tuple(item.text for item in _items(reading, _COVERAGE)),
        effort=tuple(_effort(reading)),
    )
    _report_missing(reading, readme)
    return readme, reading.finish()


def _report_missing(reading: Reading, found: Readme) -> None:
    if not found.documents:
        reading.missing("section on a document", "Head one section by each document's file name.")
    if not found.claimed_stories or not found.claimed_points:
        reading.missing("scope", "List it: '**Scope**:', '- 23 stories in 6 waves', '- 107 points'.")
    if not found.categories:
        reading.missing("gap categories", "List them: '**Categories**:', '1. Security (4 gaps)'.")
    if not found.waves:
        reading.missing("waves", "List them: '**Waves**:', '1. Wave 1: its name (11 pts, PARALLEL)'.")
    if not found.points_blocks:
        reading.missing("dependency picture", "Draw the blocks: 'Original plan (91 pts)'.")
    if not found.blocking_issues:
        reading.missing("blocking issues", "Add a table: Issue, Severity, Document Reference.")
    if not found.success_criteria:
        reading.missing("success criteria", "List them with tick boxes under that heading.")
    if not found.related:
        reading.missing("related documents", "Add a table: Document, Location, Purpose.")


def _items(reading: Reading, about: re.Pattern[str]) -> Iterator[Item]:
    """Take every item of the list that ``about`` names."""
    if listed := reading.first_list(about):
        for item in listed[1].items:
            reading.take(item.text)
            yield item


# --- claims about documents --------------------------------------------------------------------


def _documents(reading: Reading) -> tuple[tuple[DocumentSection, ...], Fact[str] | None]:
    """The sections headed by a file's name, and the duration that one of them states."""
    found: list[DocumentSection] = []
    duration: Fact[str] | None = None
    for section in reading.sections:
        match = _DOCUMENT.fullmatch(plain(section.title.value))
        if match is None:
            continue
        claims: list[Claim] = []
        ids: list[ClaimedIds] = []
        for item in _claim_items(reading, section):
            weeks = _WEEKS.match(plain(item.value))
            if weeks and duration is None:
                duration = item.with_value(weeks.group())
                reading.take(item)
            elif said := claim(item):
                reading.take(item)
                claims.extend((said, *_further(item, said)))
                if named := reading.ids(item, said.label.value):
                    ids.append(ClaimedIds(label=said.label, ids=named))
        found.append(
            DocumentSection(
                document=section.title.with_value(match["file"]),
                purpose=_purpose(reading, section),
                claims=tuple(claims),
                ids=tuple(ids),
            )
        )
    return tuple(found), duration


def _claim_items(reading: Reading, section: Section) -> Iterator[Fact[str]]:
    """Items that may claim numbers: under a label not known for another list, or bold ones."""
    labels = {id(label.body): label.name for label in reading.labels(section)}
    for block in section.lists:
        label = labels.get(id(block))
        if label not in _OTHER_LISTS:
            for item in block.items:
                if label or _BOLD_COUNT.match(item.text.value):
                    yield item.text


def _further(item: Fact[str], said: Claim) -> Iterator[Claim]:
    """The numbers that a claim's line names after its first: ``across 6 waves``."""
    first = str(said.count.value)
    rest = item.value[item.value.find(first) + len(first) :]
    for match in _FURTHER.finditer(rest):
        label = item.with_value(match["label"])
        yield Claim(label=label, count=item.with_value(int(match["count"])))


def _purpose(reading: Reading, section: Section) -> Fact[str] | None:
    for label in reading.labels(section):
        if label.name == "purpose" and label.value.value:
            reading.take(*label.lines)
            return label.value
    return None


def _total(claims: tuple[Claim, ...], *words: str) -> Fact[int] | None:
    """The first claim whose label ends in one of ``words``."""
    return next(
        (said.count for said in claims if said.label.value.lower().endswith(words)),
        None,
    )


def _categories(reading: Reading) -> tuple[Claim, ...]:
    found: list[Claim] = []
    for item in _items(reading, _CATEGORIES):
        if said := claim(item.text):
            found.append(said)
        else:
            reading.wrong(item.text, "gap category", "a name with a number: 'Security (4 gaps)'")
    return tuple(found)


def _effort(reading: Reading) -> Iterator[EffortShare]:
    for item in _items(reading, _TEST_KINDS):
        words = plain(item.text.value)
        name = item.text.with_value(re.split(r"\s*\(|\s+-\s|:", words, maxsplit=1)[0].strip())
        share = item.text if "%" in words else None
        yield EffortShare(name=name, fraction=reading.fraction(share, name.value))


# --- waves and points --------------------------------------------------------------------------


def _waves(reading: Reading) -> Iterator[ReadmeWave]:
    listed = reading.first_list(_WAVES)
    for item in listed[1].items if listed else ():
        if match := _WAVE.fullmatch(plain(item.text.value)):
            reading.take(item.text)
            yield _wave(reading, item.text.with_value(match["name"]), match["parts"] or "")


def _wave(reading: Reading, name: Fact[str], parts: str) -> ReadmeWave:
    points: Fact[int] | None = None
    stories: Fact[int] | None = None
    mode: Fact[str] | None = None
    for part in (name.with_value(part.strip()) for part in parts.split(",") if part.strip()):
        if _MODE.search(part.value) and mode is None:
            mode = part
        elif re.search(r"\b(?:pts?|points?)\b", part.value) and points is None:
            points = reading.count(part, name.value)
        elif re.search(r"\bstor(?:y|ies)\b", part.value) and stories is None:
            stories = reading.count(part, name.value)
        else:
            message = f"{part.value[:80]!r} is neither points, stories nor a mode."
            fix = "Write '(11 pts, 3 stories, PARALLEL)'."
            reading.report("unread-block", part, name.value, message, fix)
    number = _WAVE_NUMBER.match(name.value)
    return ReadmeWave(
        name=name,
        number=name.with_value(int(number["number"])) if number else None,
        points=points,
        stories=stories,
        mode=mode,
    )


def _points_blocks(reading: Reading) -> Iterator[PointsBlock]:
    """Every ``Name (91 pts)`` of a drawing; the name begins after a frame or two spaces."""
    for fence in (fence for section in reading.sections for fence in section.fences):
        for line in () if swallows(fence) else fence.lines:
            begin = 0
            for match in _POINTS.finditer(line.value):
                name = _BOX.split(line.value[begin : match.start()].rstrip())[-1].strip()
                begin = match.end()
                if name:
                    reading.take(*fence.lines)
                    points = line.with_value(int(match["points"]))
                    yield PointsBlock(name=line.with_value(name), points=points)


def _drawn_order(reading: Reading) -> Iterator[tuple[Fact[int], Fact[int]]]:
    """Every arrow from one wave to another in a drawing: ``Wave 1 --> Wave 2``."""
    for fence in (fence for section in reading.sections for fence in section.fences):
        for line in () if swallows(fence) else fence.lines:
            for match in _ARROW.finditer(line.value):
                yield line.with_value(int(match["one"])), line.with_value(int(match["other"]))


# --- tables and tick boxes ---------------------------------------------------------------------


def _blocking_issues(reading: Reading) -> Iterator[BlockingIssue]:
    for row in reading.rows_of(_BLOCKING, "issue", "severity"):
        if issue := reading.required(row, "issue", "blocking issues"):
            yield BlockingIssue(
                issue=issue,
                severity=row.get("severity"),
                reference=row.get("reference"),
                gaps=reading.ids(row.get("reference"), issue.value),
                status=row.get("status"),
            )


def _related(reading: Reading) -> Iterator[RelatedDocument]:
    for row in reading.rows_of(_RELATED, "name", "location"):
        if name := reading.required(row, "name", "related documents"):
            location = row.get("location")
            yield RelatedDocument(
                name=name,
                location=location and location.with_value(unquoted(location.value)),
                purpose=row.get("purpose"),
            )


def _success_criteria(reading: Reading) -> Iterator[ChecklistItem]:
    listed = reading.first_list(_CRITERIA)
    for item in listed[1].items if listed else ():
        if (ticked := tick(item.text)) and not _TICK_BOX.search(ticked[1].value):
            reading.take(item.text)
            yield ChecklistItem(text=ticked[1], ticked=ticked[0])
