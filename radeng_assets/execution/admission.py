"""May a wave open? Only when the waves and stories that it depends on are done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from radeng_assets.evidence.outcomes import DONE, StoryOutcome, WaveOutcome
from radeng_assets.planning.schedule import ScheduledWave


class Refused(Exception):  # noqa: N818  # it is not an error: it is the answer
    """A wave that may not open yet. ``run_first`` are the wave ids that would have to be run."""

    def __init__(self, wave: str, reasons: tuple[str, ...], run_first: tuple[str, ...]) -> None:
        self.wave = wave
        self.reasons = reasons
        self.run_first = run_first
        first = f" Run first: radeng run --waves {','.join(run_first)}" if run_first else ""
        materialize = f" (or materialize story_outputs, partition {', '.join(run_first)})." if run_first else ""
        super().__init__(f"{wave} cannot open: {'; '.join(reasons)}.{first}{materialize}")


def admit(
    wave: ScheduledWave,
    *,
    waves: Mapping[str, WaveOutcome],
    stories: Mapping[str, StoryOutcome] | None,
    wave_of: Mapping[str, str],
    known_waves: frozenset[str],
    rehearsal: bool,
) -> None:
    """Return if ``wave`` may open; raise ``Refused``, naming everything that is missing, if not.

    ``waves`` and ``stories`` are the latest outcomes under this plan about the commit in question (``None``: stories of
    other waves are not asked for); ``wave_of`` maps every known story to its wave. A rehearsal may walk on over what
    was rehearsed; nothing else may.
    """
    reasons: list[str] = []
    run_first: dict[str, None] = {}
    for need, reason in _missing_waves(wave, waves, known_waves, rehearsal):
        reasons.append(reason)
        run_first |= {need: None} if need in known_waves else {}
    for need, reason in _missing_stories(wave, stories, wave_of, rehearsal) if stories is not None else ():
        reasons.append(reason)
        run_first |= {wave_of[need]: None} if need in wave_of else {}
    if reasons:
        raise Refused(wave.id, tuple(reasons), tuple(run_first))


def _missing_waves(
    wave: ScheduledWave,
    waves: Mapping[str, WaveOutcome],
    known: frozenset[str],
    rehearsal: bool,
) -> Iterator[tuple[str, str]]:
    for need in wave.needs:
        outcome = waves.get(need)
        if need not in known:
            yield need, f"it depends on {need}, which the plan does not have"
        elif outcome is None:
            yield need, f"{need} has not run"
        elif outcome.gate != "passed" and not (rehearsal and outcome.gate == "rehearsed"):
            yield need, f"the gate of {need} is {outcome.gate}"


def _missing_stories(
    wave: ScheduledWave,
    stories: Mapping[str, StoryOutcome],
    wave_of: Mapping[str, str],
    rehearsal: bool,
) -> Iterator[tuple[str, str]]:
    for need in wave.prerequisites:
        outcome = stories.get(need)
        if need not in wave_of:
            yield need, f"a story depends on {need}, which the plan does not have"
        elif outcome is None:
            yield need, f"story {need} ({wave_of[need]}) has not run"
        elif outcome.status not in DONE and not (rehearsal and outcome.status == "rehearsed"):
            yield need, f"story {need} ({wave_of[need]}) is {outcome.status}"
