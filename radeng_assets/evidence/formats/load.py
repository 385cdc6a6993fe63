"""``radeng/load-target/v1``: a target's own load test, as one record for each request. No rates and no percentages.

As JSON, an object with ``schema``, ``simulated`` (true where nothing real answered), ``levels`` and, if the tool has a
name, ``tool``. A level has ``agents`` (how many were to be at work at once), ``requests`` and, if the tool wrote
one, a ``summary`` of counts. A request has ``agent`` (who asked), ``start`` and ``end`` (seconds of the Unix epoch, all
tries included), ``ok`` (whether it was answered in the end) and ``tries`` (1: it was asked once).

As CSV, one line a request under the header ``agents,agent,start,end,ok,tries``, in any order, with ``simulated`` where
it is so. Whatever else stands in either is an error: an unread field may be the one that says what went wrong.
"""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass, field

from radeng_assets.evidence.formats.json_tree import Node, read_json
from radeng_assets.evidence.formats.notes import Notes
from radeng_assets.evidence.formats.numbers import natural
from radeng_assets.evidence.formats.text import decode
from radeng_assets.planning.findings import Finding

SCHEMA = "radeng/load-target/v1"

MOST_REQUESTS = 500_000
"""Most requests that are read of one file. A hundred agents with a request a second make that in 83 minutes."""

SUMMED = ("requests", "errors", "attempts", "agents")
"""What a summary may count: requests, those that were not answered, tries of all, and agents that asked."""

_COLUMNS = ("agents", "agent", "start", "end", "ok", "tries")
_FLAGS = {"true": True, "false": False, "1": True, "0": False}
_MEND = "Write one record for each request, as docs/reports.md describes it."


@dataclass(frozen=True, slots=True)
class Request:
    """One request of an agent, from its first try (``start``) to its last (``end``), in seconds of the Unix epoch."""

    agent: str
    start: float
    end: float
    ok: bool
    tries: int

    @property
    def erred(self) -> bool:
        """Whether any try of it came to nothing, though a later one was answered."""
        return not self.ok or self.tries > 1


@dataclass(slots=True)
class TargetLevel:
    """The requests at one number of agents; ``summary`` is what the tool counted, ``line`` where it begins."""

    agents: int
    line: int
    requests: list[Request] = field(default_factory=list[Request])
    summary: dict[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class TargetLoad:
    """A whole load test. ``whole`` is false where a part was not read, so that counts would leave it out."""

    simulated: bool
    levels: tuple[TargetLevel, ...]
    whole: bool


def read_target_load(data: bytes, file: str) -> tuple[TargetLoad | None, tuple[Finding, ...]]:
    """The load test in a file (``None`` where it is none), and its faults with their lines. Never raises."""
    notes = Notes(file)
    read = _of_json(data, notes) if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") else _of_csv(data, notes)
    if read is None:
        return None, notes.findings()
    simulated, levels = read
    if not any(level.requests for level in levels):
        notes.error("load-empty", file, f"{file} holds no request.", _MEND, 1)
    return TargetLoad(simulated, tuple(levels), whole=not notes.findings()), notes.findings()


# --- JSON --------------------------------------------------------------------------------------


def _of_json(data: bytes, notes: Notes) -> tuple[bool, list[TargetLevel]] | None:
    root = read_json(data, notes)
    if root is None:
        return None
    if root["schema"].value != SCHEMA:
        notes.error("load-schema", notes.file, f"{notes.file} does not say that it is {SCHEMA}.", _MEND, root.line)
        return None
    _only(root, "schema", "simulated", "levels", "tool")
    simulated = _demanded(root, "simulated").flag()
    levels: list[TargetLevel] = []
    left = MOST_REQUESTS
    for node in _demanded(root, "levels").elements():
        level = _level(node, left)
        if level is not None:
            left -= len(level.requests)
            levels.append(level)
    return simulated is not False, levels


def _level(node: Node, left: int) -> TargetLevel | None:
    _only(node, "agents", "requests", "summary")
    agents = _demanded(node, "agents").number()
    if not agents:
        if agents == 0:
            node.error("load-value", "A level of 0 agents is none.")
        return None
    level = TargetLevel(agents, node.line)
    for index, item in enumerate(_demanded(node, "requests").elements()):
        if index >= left:
            _too_many(node.notes, node.line)
            break
        if request := _request(item):
            level.requests.append(request)
    summary = node["summary"]
    if not summary.is_absent:
        _only(summary, *SUMMED)
        level.summary = {name: n for name in SUMMED if (n := summary[name].number()) is not None}
    return level


def _request(node: Node) -> Request | None:
    value = node.value
    if not isinstance(value, dict):
        node.error("load-value", "A request is not an object; it was not read.")
        return None
    _only(node, *_COLUMNS[1:])
    agent, ok, tries = (
        _demanded(node, "agent").text(),
        _demanded(node, "ok").flag(),
        _demanded(node, "tries").number(),
    )
    start, end = _seconds(_demanded(node, "start").value), _seconds(_demanded(node, "end").value)
    fault = _fault(agent, start, end, ok, tries)
    if fault or agent is None or start is None or end is None or ok is None or tries is None:
        node.error("load-value", f"A request was not read: {fault}.")
        return None
    return Request(agent.strip(), start, end, ok, tries)


def _demanded(node: Node, key: str) -> Node:
    found = node[key]
    if found.is_absent:
        node.error("load-key", f"{key!r} is missing.", key)
    return found


def _only(node: Node, *keys: str) -> None:
    for key in node.value if isinstance(node.value, dict) else ():  # pyright: ignore[reportUnknownVariableType]  # JSON
        if key not in keys:
            node.error("load-key", f"Nothing reads {str(key)[:80]!r}.", str(key))  # pyright: ignore[reportUnknownArgumentType]


# --- CSV ---------------------------------------------------------------------------------------


def _of_csv(data: bytes, notes: Notes) -> tuple[bool, list[TargetLevel]] | None:
    text = decode(data, notes)
    if text is None:
        return None
    levels: dict[int, TargetLevel] = {}
    simulated = False
    try:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        header = [name.strip() for name in next(reader, list[str]())]
        if sorted(set(header) - {"simulated"}) != sorted(_COLUMNS) or len(set(header)) != len(header):
            message = f"{notes.file} is neither JSON nor CSV under the header {','.join(_COLUMNS)}."
            notes.error("load-schema", notes.file, message, _MEND, 1)
            return None
        for number, row in enumerate(row for row in reader if row):
            line = reader.line_num
            if number >= MOST_REQUESTS:
                _too_many(notes, line)
                break
            cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
            simulated |= _FLAGS.get(cells.get("simulated", "false").lower(), True)
            _take(levels, cells if len(row) == len(header) else {}, line, notes)
    except csv.Error as error:
        notes.error("load-schema", notes.file, f"{notes.file} was not read to its end: {error}.", _MEND)
    return simulated, list(levels.values())


def _take(levels: dict[int, TargetLevel], cells: dict[str, str], line: int, notes: Notes) -> None:
    agents, agent, tries = natural(cells.get("agents")), cells.get("agent"), natural(cells.get("tries"))
    ok = _FLAGS.get(cells.get("ok", "").lower())
    start, end = _seconds(cells.get("start")), _seconds(cells.get("end"))
    fault = _fault(agent, start, end, ok, tries) if cells else "it has not one cell for each column"
    if fault or not agents or agent is None or start is None or end is None or ok is None or tries is None:
        message = f"A request was not read: {fault or 'its number of agents is none'}."
        notes.error("load-value", notes.file, message, _MEND, line)
        return
    levels.setdefault(agents, TargetLevel(agents, line)).requests.append(Request(agent.strip(), start, end, ok, tries))


# --- both --------------------------------------------------------------------------------------


def _seconds(value: object) -> float | None:
    """A finite number, given as one or as its text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _fault(agent: str | None, start: float | None, end: float | None, ok: bool | None, tries: int | None) -> str:
    if not agent or not agent.strip():
        return "it has no agent"
    if start is None or end is None:
        return "its times are no numbers of seconds"
    if end < start:
        return "it ends before it begins"
    if ok is None:
        return "'ok' is neither true nor false"
    return "" if tries else "its number of tries is no whole number from 1"


def _too_many(notes: Notes, line: int) -> None:
    message = f"{notes.file} holds more than {MOST_REQUESTS:,} requests; the rest was not read."
    notes.error("load-too-many", notes.file, message, "Write one file for each level.", line)
