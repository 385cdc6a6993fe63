"""Small facts inside Markdown text that several readers need: numbers, ids, labels, the header.

Nothing here knows a document's kind, and nothing here makes findings (``markdown_reading`` does).
All patterns are bounded, so that a giant line costs linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from radeng_assets.planning.documents.common import Claim, Header, HeaderNote
from radeng_assets.planning.located import Fact
from radeng_assets.planning.markdown_tree import Block, Fence, List, Paragraph, Section, plain

# --- numbers -----------------------------------------------------------------------------------

_PERCENT = re.compile(r"(?<![\w.,\u2212-])([0-9]{1,6}(?:\.[0-9]{1,6})?)\s{0,3}%")
_LEADING = re.compile(r"[0-9]{1,9}(?!\w|[.,\u2013-][0-9])")
_BLANKS = frozenset({"", "-", "\u2013", "\u2014", "n/a", "none"})


def percent(text: str) -> float | None:
    """The first percentage in a text, as a fraction: ``">= 80%"`` is 0.8. ``None`` without one."""
    match = _PERCENT.search(text)
    return None if match is None else float(match.group(1)) / 100


def whole_number(text: str) -> int | None:
    """The whole number that a text begins with: 8 for ``"8 story points"``.

    ``None`` for anything else; ``"8-12 weeks"``, ``"8.5"`` and ``"8x"`` do not begin with one.
    """
    match = _LEADING.match(text)
    return None if match is None else int(match.group())


def unquoted(text: str) -> str:
    """A path or command without its code ticks; unlike ``plain``, it leaves ``*`` and ``_`` be."""
    return text.strip().strip("`").strip()


def is_blank(text: str) -> bool:
    """Whether a cell says nothing: empty, a dash, ``N/A``, ``none``."""
    return text.strip().lower() in _BLANKS


# --- ids ---------------------------------------------------------------------------------------

MAX_IDS = 1000
"""Most ids that a text's ranges are spelled out to; a longer one is taken for a slip."""

ID = r"[A-Z][A-Z0-9]{0,15}(?:-[A-Z]{1,15}(?=-))?-[A-Z]{0,8}[0-9]{1,6}(?!\w)"
"""Pattern of one id: ``R-001``, ``SDK-012``, ``W1-S3``, ``UI-INT-004``."""

_DASH = r"[-\u2013\u2014\u2212]"
_RANGE = re.compile(
    rf"(?<!\w)(?P<first>{ID})(?:"
    rf"\s{{0,3}}(?:{_DASH}|\.{{2,3}}|\u2026|\b(?:to|through|thru)\b)\s{{0,3}}(?P<last>{ID})"
    rf"|{_DASH}(?P<number>[0-9]{{1,6}})(?!\w))?"
)


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids that a text names: ``found`` with ranges spelled out, each at the text's place.

    ``broken`` holds ranges that cannot be spelled out (backwards, of two different series, over
    the limit), of which only the two ends are in ``found``; ``rest`` is the text without ids.
    """

    found: tuple[Fact[str], ...]
    broken: tuple[str, ...]
    rest: str


def read_ids(text: Fact[str], limit: int = MAX_IDS) -> Ids:
    """Every id of a text, each once: ``R-001``, ``R-014-R-023``, ``R-001 through R-020``, ``R-001-005``."""
    found: dict[str, None] = {}
    broken: list[str] = []
    for match in _RANGE.finditer(text.value):
        last = match["last"] or _same_series(match)
        ids, whole = _spell_out(match["first"], last, limit - len(found))
        found.update(dict.fromkeys(ids))
        if not whole:
            broken.append(match.group())
    rest = _RANGE.sub(" ", text.value)
    return Ids(tuple(text.with_value(name) for name in found), tuple(broken), rest)


def _spell_out(first: str, last: str | None, limit: int) -> tuple[tuple[str, ...], bool]:
    """(ids from first to last, could the range be spelled out?)."""
    if last is None:
        return (first,), True
    stem, low = _split(first)
    last_stem, high = _split(last)
    count = int(high) - int(low) + 1
    if stem != last_stem or not 1 <= count <= limit:
        return (first, f"{last_stem}{high}"), False
    return tuple(f"{stem}{int(low) + step:0{len(low)}d}" for step in range(count)), True


def _same_series(match: re.Match[str]) -> str | None:
    """The last id of ``R-001-005``; a number of another width (a year, say) ends no range."""
    stem, low = _split(match["first"])
    number = match["number"]
    return f"{stem}{number}" if number and len(number) == len(low) else None


def _split(name: str) -> tuple[str, str]:
    stem = name.rstrip("0123456789")
    return stem, name[len(stem) :]


# --- labels ------------------------------------------------------------------------------------

_LABEL = re.compile(r"\*\*(?P<name>[^*:]{1,80})(?::\*\*|\*\*\s{0,3}:)\s*(?P<value>.*)$")
_LABEL_OR_PLAIN = re.compile(r"(?:\*\*)?(?P<name>[^*:|]{1,120}?)(?::\*\*|\*\*\s{0,3}:|:)(?:\s+(?P<value>.*))?$")
_SIDE_BY_SIDE = re.compile(r"(?:(?<=\s[|·•]\s)|(?<=\s\s))(?=\*\*)")


@dataclass(frozen=True, slots=True)
class Label:
    """One ``**Name**: value`` of a section.

    ``name`` is in lower case; ``value`` holds the text after it, lines that continue it joined by
    a space (it stands where its text begins); ``lines`` are all its lines; ``body`` is the block
    that follows directly (the list below ``**Mitigation**:``), unless another label comes first.
    """

    name: str
    value: Fact[str]
    lines: tuple[Fact[str], ...]
    body: Block | None = None


def labels(section: Section) -> tuple[Label, ...]:
    """The labels of a section's paragraphs, and of its lists that belong to no label, in order."""
    found: list[Label] = []
    above: Block | None = None
    for block, below in zip(section.blocks, [*section.blocks[1:], None], strict=False):
        if isinstance(block, Paragraph):
            found.extend(_paragraph_labels(block, below))
        elif isinstance(block, List) and not (isinstance(above, Paragraph) and _ends_in_label(above)):
            for item in block.items:
                if "**" in item.text.value:
                    found.extend(_paragraph_labels(Paragraph((item.text,))))
        above = block
    return tuple(found)


def _ends_in_label(paragraph: Paragraph) -> bool:
    """Whether a paragraph's last line belongs to a label: then the block below does as well."""
    return any(_LABEL.match(line.value) for line in paragraph.lines)


def label_names(line: Fact[str]) -> tuple[str, ...]:
    """The names of the labels that stand on a line, in lower case."""
    return tuple(name for name, _ in _labels_of(line) if name)


def _paragraph_labels(block: Paragraph, below: Block | None = None) -> tuple[Label, ...]:
    """The labels of one paragraph; ``below`` is the block that follows it."""
    groups: list[tuple[str, list[Fact[str]], list[Fact[str]]]] = []
    for line in block.lines:
        for name, value in _labels_of(line):
            if name:
                groups.append((name, [value] if value.value else [], [line]))
            elif groups and not line.value.startswith("|"):
                groups[-1][1].append(value)
                groups[-1][2].append(line)
    if isinstance(below, Paragraph) and _LABEL.match(below.lines[0].value):
        below = None
    found: list[Label] = []
    for index, (name, parts, lines) in enumerate(groups, start=1):
        start = parts[0] if parts else lines[0]
        value = start.with_value(" ".join(part.value for part in parts))
        found.append(Label(name, value, tuple(lines), below if index == len(groups) else None))
    return tuple(found)


def _labels_of(line: Fact[str]) -> Iterator[tuple[str, Fact[str]]]:
    """(name, value) of the labels on a line; the name is empty for a line without one."""
    for part in _SIDE_BY_SIDE.split(line.value):
        match = _LABEL.match(part)
        value = (match["value"] if match else part).strip().rstrip("|·•").rstrip()
        name = " ".join(match["name"].lower().split()) if match else ""
        yield name, line.with_value(value)


def split_label(text: Fact[str]) -> tuple[Fact[str], Fact[str]] | None:
    """(label, value) of ``Label: value``, bold or not; ``None`` for a text of another form."""
    match = _LABEL_OR_PLAIN.match(text.value)
    if match is None or not match["name"].strip():
        return None
    return text.with_value(match["name"].strip()), text.with_value((match["value"] or "").strip())


_STRUCTURE = re.compile(r" {0,3}(?:```|~~~)|\|[\s:|-]+\|\s*$")


def swallows(fence: Fence) -> bool:
    """Whether a code block holds another's fence or a table: its own closing fence got lost."""
    return any(_STRUCTURE.match(line.value) for line in fence.lines)


# --- claims ------------------------------------------------------------------------------------

_COUNT_FIRST = re.compile(r"(?:about|~)?\s*(?P<count>[0-9]{1,9})\s+(?P<label>[^\W\d][^*(,;:]{0,80})")
_COUNT_LAST = re.compile(r"(?P<label>[^(]{1,120}?)\s*\((?P<count>[0-9]{1,9})(?:\s[^()]{0,40})?\)")


def claim(text: Fact[str]) -> Claim | None:
    """A number that a text claims: ``5 critical risks``, ``Critical Risks: 5``, ``UI (7 gaps)``.

    Of ``**47 total gaps** found in ...`` the bold words count. ``None`` for other forms.
    """
    bold = re.match(r"\*\*([^*]{1,80})\*\*(?!\s{0,3}:)", text.value)
    words = bold.group(1).strip() if bold else text.value
    if match := _COUNT_FIRST.match(words):
        label = match["label"]
    elif parts := split_label(text):
        count = whole_number(plain(parts[1].value))
        return None if count is None else Claim(label=parts[0], count=text.with_value(count))
    elif match := _COUNT_LAST.match(text.value):
        label = plain(match["label"])
    else:
        return None
    return Claim(label=text.with_value(label.strip()), count=text.with_value(int(match["count"])))


# --- the header --------------------------------------------------------------------------------

HEADER_LABELS = {
    "version": "version",
    "document version": "version",
    "status": "status",
    "purpose": "purpose",
    "generated": "generated",
    "created": "generated",
    "date": "generated",
    "last updated": "last_updated",
    "updated": "last_updated",
    "owner": "owner",
}
"""Label (in lower case) of a head or footer, and the field of ``Header`` that it fills."""

_FOOTER_LABELS = frozenset({"document version", "last updated"})


def read_header(sections: tuple[Section, ...]) -> tuple[Header, frozenset[int]]:
    """The document's words about itself, and the lines that say them.

    The head is in the blocks under the title (or before it); a footer is any paragraph with
    ``**Document Version**:`` or ``**Last Updated**:``. Of two, the later wins. Other labels beside
    these are notes, named in lower case.
    """
    fields: dict[str, Fact[str]] = {}
    notes: list[HeaderNote] = []
    overruled: list[HeaderNote] = []
    lines: set[int] = set()
    for index, section in enumerate(sections):
        is_head = index < 2 and section.level <= 1
        for paragraph in section.paragraphs:
            found = _paragraph_labels(paragraph)
            names = {label.name for label in found}
            if not names & (HEADER_LABELS.keys() if is_head else _FOOTER_LABELS):
                continue
            own: dict[str, Fact[str]] = {}
            for label in (label for label in found if label.value.value):
                name = HEADER_LABELS.get(label.name)
                if name in own:
                    continue  # said twice in one place: stays unread, a finding
                lines.update(line.line for line in label.lines)
                if name:
                    own[name] = label.value
                else:
                    note = label.value.with_value(label.name)
                    notes.append(HeaderNote(label=note, value=label.value))
            overruled.extend(
                HeaderNote(label=fact.with_value(name), value=fact)
                for name, fact in fields.items()
                if name in own and own[name].value != fact.value
            )
            fields |= own
    return Header(notes=tuple(notes), overruled=tuple(overruled), **fields), frozenset(lines)
