"""One wave under two names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.documents import Documents, wave_key
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.rules.words import share_a_word, words

_NUMBER = re.compile(r"^w(?:ave)?[ _-]?\d{1,6}[ _:.\u2013-]*", re.IGNORECASE)


def check(documents: Documents) -> Iterator[Issue]:
    """Names that share no word. The gap analysis names its own waves: a warning where a name is another wave's."""
    named: dict[str, list[Fact[str]]] = defaultdict(list)
    for wave in documents.plan.waves:
        if wave.name and (key := wave_key(wave.id.value)):
            named[key].append(wave.name)
    for wave in (*documents.master.waves, *documents.readme.waves):
        number = wave.number.value if wave.number else None
        if key := wave_key(wave.name.value, number):
            named[key].append(wave.name)
    for table in documents.master.progress:
        for row in table.rows:
            if key := wave_key(row.wave.value):
                named[key].append(row.wave)
    for key, (first, *others) in named.items():
        for other in others:
            if _differ(first, other):
                message = f"{key} is {bare(first.value)!r} ({first.at}) and {bare(other.value)!r} ({other.at})."
                yield Issue(key, message, (first.at, other.at), "Give it one name.")
    yield from _gap_waves(documents, {key: facts[0] for key, facts in named.items()})


def _gap_waves(documents: Documents, named: dict[str, Fact[str]]) -> Iterator[Issue]:
    for wave in documents.gaps.waves:
        own = named.get(wave_key(wave.name.value))
        if own is None or not _differ(own, wave.name):
            continue
        like = [(key, name) for key, name in named.items() if name is not own and _alike(name, wave.name)]
        message = f"{wave.name.value} ({wave.name.at}) has the number of {bare(own.value)!r} ({own.at})"
        if like:
            key, name = like[0]
            message += f", but the name of {key}, {bare(name.value)!r} ({name.at})."
            yield Issue(wave.name.value, message, (wave.name.at, own.at, name.at), "Number the waves alike.", "warning")
        else:
            message += ", and no word of its name."
            yield Issue(wave.name.value, message, (wave.name.at, own.at), "Name the waves alike.", "info")


def bare(name: str) -> str:
    """A wave's name without its number: ``Wave 2: Core`` and ``wave_2_core`` are ``Core`` and ``core``."""
    return _NUMBER.sub("", name).replace("_", " ").strip()


def _alike(one: Fact[str], other: Fact[str]) -> bool:
    return bool(words(bare(other.value))) and not _differ(one, other)


def _differ(one: Fact[str], other: Fact[str]) -> bool:
    first, second = bare(one.value), bare(other.value)
    return bool(words(first) and words(second)) and not share_a_word(first, second)


RULE = Rule(
    id="wave-name-differs",
    severity="error",
    why="Two names without a word in common mean that two documents put different work into the wave of one number.",
    example="wave_4_security (…:781) has the number of 'Reliability', but the name of wave-5, 'Security Hardening'.",
    check=check,
)
