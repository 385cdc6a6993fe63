"""The course of things: the activities that the record tells of, and nothing else.

An activity whose begin or end is not on record reaches from the first to the last of those that lie in it. A wave or
story ends with its outcome; what comes after that in the same session (the final gate looks at everything again) begins
the next activity of it. What was told of an activity that is over is never told otherwise, however the record grows.
"""

from __future__ import annotations

from collections.abc import Sequence

from radeng_assets.evidence.ledger import Entry
from radeng_assets.evidence.measures import Measurement
from radeng_assets.evidence.outcomes import GateOutcome, Over, StoryOutcome, Ticket, WaveOutcome
from radeng_assets.execution.attempts import Attempt, AttemptEnd
from radeng_assets.execution.broker.calls import Call
from radeng_assets.execution.campaign import FINAL
from radeng_assets.execution.gates import Showing
from radeng_assets.execution.tools.toolbox import all_tools
from radeng_assets.readiness.signoff import Signoff
from radeng_assets.telemetry.activity import Activity, ActivityKind, milliseconds, plain
from radeng_assets.telemetry.chronicle import Chronicle, ToolUse
from radeng_assets.telemetry.draft import Draft

GIVEN_UP = "given_up"
"""The state of a wave that was not closed because its run had ended, or that never opened."""


def course_of(chronicle: Chronicle) -> tuple[Activity, ...]:
    """All activities of a record. A pure function."""
    return Weaver().course(chronicle)


class Weaver:
    """Puts activities together, record after record; a record that grew costs what is new in it."""

    def __init__(self) -> None:
        self._drafts: list[Draft] = []
        self._taken: Sequence[Entry] = ()
        self._seen: set[int | str] = set()  # calls by their number, tools by their key
        self._open: dict[str, Draft] = {}  # runs, waves and stories by their name without a number
        self._numbers: dict[str, int] = {}
        self._attempts: dict[str, Draft] = {}
        self._at_story: dict[str, Draft] = {}  # the attempt that is open at a story of a session, by the story's name
        self._tools = {tool.name for tool in all_tools()}

    def follows(self, chronicle: Chronicle) -> bool:
        """Whether this is a record that grew out of the one that was looked at last."""
        many = len(self._taken)
        return many <= len(chronicle.entries) and (not many or chronicle.entries[many - 1] is self._taken[-1])

    def course(self, chronicle: Chronicle) -> tuple[Activity, ...]:
        """All activities up to now, in the order in which they were first told of; the record must ``follow``."""
        for entry in chronicle.entries[len(self._taken) :]:
            self._take(entry)
        self._taken = chronicle.entries
        for call in chronicle.calls:
            if call.id not in self._seen:
                self._seen.add(call.id)
                self._called(call)
        for use in chronicle.tools:
            if use.key not in self._seen:
                self._seen.add(use.key)
                self._tool(use)
        return tuple(draft.activity() for draft in self._drafts)

    def _take(self, entry: Entry) -> None:
        """A record of the ledger. One of another kind, or that cannot be read, tells of no activity."""
        try:
            self._told(entry, milliseconds(entry.at))
        except ValueError:  # pydantic's errors too; that the ledger is damaged, `/ready` says
            return

    def _told(self, entry: Entry, at: int) -> None:
        body = entry.body
        match entry.kind:
            case "ticket":
                self._ticket(Ticket.model_validate(body), at)
            case "attempt":
                self._attempt(Attempt.model_validate(body), at)
            case "attempt_end":
                self._attempt_end(AttemptEnd.model_validate(body), at)
            case "showing":
                self._showing(Showing.model_validate(body), at, entry.seq)
            case "story":
                self._story_outcome(StoryOutcome.model_validate(body), at)
            case "wave":
                self._wave_outcome(WaveOutcome.model_validate(body), at)
            case "over":
                self._given_up(Over.model_validate(body), at)
            case "gate":
                self._final(GateOutcome.model_validate(body), at)
            case "measurement":
                self._measurement(Measurement.model_validate(body), at, entry.seq)
            case "signoff":
                self._signoff(Signoff.model_validate(body), at, entry.seq)
            case _:
                return

    def _ticket(self, ticket: Ticket, at: int) -> None:
        wave = self._wave(ticket.session, ticket.wave, at)
        if not wave.opened:
            wave.opened = True
            wave.facts["mode"] = plain(ticket.mode)

    def _attempt(self, attempt: Attempt, at: int) -> None:
        if attempt.key in self._attempts:
            return
        story = self._story(attempt.session, attempt.wave, attempt.story, at)
        draft = self._new("attempt", attempt.key, story, milliseconds(attempt.began), at)
        draft.facts |= {"attempt": attempt.number, "name": attempt.tier}
        draft.opened = True
        self._attempts[attempt.key] = draft
        self._at_story[_story_name(attempt.session, attempt.wave, attempt.story)] = draft

    def _attempt_end(self, end: AttemptEnd, at: int) -> None:
        draft = self._attempts.get(end.key)
        if draft is None:
            draft = self._attempts[end.key] = self._new("attempt", end.key, None, at, at)
        elif draft.over:
            return
        draft.end(at, state=end.ending, turns=end.turns, tokens=end.tokens, cost_usd=plain(end.cost_usd))
        self._at_story = {place: one for place, one in self._at_story.items() if one is not draft}

    def _showing(self, showing: Showing, at: int, seq: int) -> None:
        if not showing.kind:
            return  # older than the fields that say what was asked
        kind, _, phase = showing.kind.partition(":")
        began = milliseconds(showing.began)
        wave, about, number = showing.wave, *_criterion(showing.about)
        if kind == "gate" and phase not in ("pre_story", "post_story"):
            parent = self._around(showing.session, wave, began)
        else:
            story = self._story(showing.session, wave, about, began)
            parent = self._at_story.get(_story_name(showing.session, wave, about), story)
        draft = self._new("gate" if kind == "gate" else "proof", f"showing/{seq}", parent, began, at)
        if wave not in ("", FINAL):
            draft.facts["wave"] = plain(wave)
        draft.end(at, name=plain(phase or kind), state=showing.state, criterion=number)

    def _story_outcome(self, outcome: StoryOutcome, at: int) -> None:
        name = _story_name(outcome.session, outcome.wave, outcome.story)
        self._story(outcome.session, outcome.wave, outcome.story, at).end(
            at, state=outcome.status, mode=plain(outcome.mode)
        )
        del self._open[name]

    def _wave_outcome(self, outcome: WaveOutcome, at: int) -> None:
        self._end_wave(outcome.session, outcome.wave, at, state=outcome.gate, mode=plain(outcome.mode))

    def _given_up(self, over: Over, at: int) -> None:
        self._end_wave(over.session, over.wave, at, state=GIVEN_UP)

    def _final(self, outcome: GateOutcome, at: int) -> None:
        run = self._run(outcome.session, at)
        run.facts["state"] = outcome.state

    def _measurement(self, measurement: Measurement, at: int, seq: int) -> None:
        run = self._run(measurement.session, at)
        state = "taken" if measurement.evidence else "missing"
        draft = self._new("measurement", f"measurement/{seq}", run, at, at)
        draft.end(at, name=plain(measurement.report), state=state)

    def _signoff(self, signoff: Signoff, at: int, seq: int) -> None:
        """The role and the decision; the person's name is nobody's business here."""
        draft = self._new("signoff", f"signoff/{seq}", None, at, at)
        draft.end(at, name=plain(signoff.role), state=signoff.decision)

    def _called(self, call: Call) -> None:
        """A request to the Messages API."""
        scope = call.scope
        around = self._attempts.get(f"{scope.plan}/{scope.story}/{scope.attempt}")
        began = round(call.began * 1000)
        ended = began if call.ended is None else max(began, round(call.ended * 1000))
        draft = self._new("call", f"call/{call.id}", around, began, ended)
        if around is None:
            draft.facts |= {"wave": plain(scope.wave), "story": plain(scope.story), "attempt": scope.attempt}
        draft.end(ended, name=plain(call.model), state="settled" if call.settled else "charged", used=call.used)

    def _tool(self, use: ToolUse) -> None:
        """A tool call. A name that the model made up is ``unknown``."""
        began, ended = milliseconds(use.began), milliseconds(use.ended)
        draft = self._new("tool", use.key, self._attempts.get(use.attempt), began, ended)
        name = use.name if use.name in self._tools else "unknown"
        draft.end(max(began, ended), name=name, state="failed" if use.failed else "done")

    def _run(self, session: str, at: int) -> Draft:
        return self._entered("run", f"run/{session}", None, at, run=plain(session))

    def _wave(self, session: str, wave: str, at: int) -> Draft:
        return self._entered("wave", _wave_name(session, wave), self._run(session, at), at, wave=plain(wave))

    def _around(self, session: str, wave: str, at: int) -> Draft:
        """The wave if it is on, else the run: the final gate looks at stories whose waves are over, or opens none."""
        run = self._run(session, at)
        return self._open.get(_wave_name(session, wave), run)

    def _story(self, session: str, wave: str, story: str, at: int) -> Draft:
        around = self._around(session, wave, at)
        name = _story_name(session, wave, story)
        return self._entered("story", name, around, at, wave=plain(wave), story=plain(story))

    def _end_wave(self, session: str, wave: str, at: int, **facts: object) -> None:
        self._wave(session, wave, at).end(at, **facts)
        self._open.pop(_wave_name(session, wave), None)

    def _entered(self, kind: ActivityKind, name: str, parent: Draft | None, at: int, **facts: object) -> Draft:
        """The activity of this name that is on, or a new one."""
        draft = self._open.get(name)
        if draft is None:
            number = self._numbers[name] = self._numbers.get(name, 0) + 1
            draft = self._open[name] = self._new(kind, f"{name}/{number}", parent, at, at)
            draft.facts |= facts
        draft.reach(at, at)
        return draft

    def _new(self, kind: ActivityKind, key: str, parent: Draft | None, began: int, latest: int) -> Draft:
        draft = Draft(kind, key, parent, began, max(began, latest))
        self._drafts.append(draft)
        if parent is not None:
            # What other files tell of (calls, tools) may be read sooner or later: it moves no begin.
            parent.reach(parent.began if kind in ("call", "tool") else draft.began, draft.latest)
        return draft


def _wave_name(session: str, wave: str) -> str:
    return f"wave/{session}/{wave}"


def _story_name(session: str, wave: str, story: str) -> str:
    return f"story/{session}/{wave}/{story}"


def _criterion(about: str) -> tuple[str, int | None]:
    """(the story, the criterion's number) of what a command was about: ``W1-S1#2`` or ``W1-S1``."""
    story, _, number = about.partition("#")
    return story, int(number) if number.isdecimal() else None
