"""Stories of one parallel wave that declare the same file."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from radeng_assets.planning.documents.execution_plan import Story, Wave
from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.paths import ends_like, is_glob, is_path
from radeng_assets.planning.rules.rule import Issue, Rule

_QUOTED = re.compile(r"`([^`\s]{1,300})`")


def check(documents: Documents) -> Iterator[Issue]:
    """Pairs of stories of which none waits for the other; a warning where only the master plan says so."""
    for wave in documents.plan.waves:
        if not (wave.parallel and wave.parallel.value):
            continue
        found: dict[tuple[str, str], list[tuple[Fact[str], Fact[str]]]] = defaultdict(list)
        for one, path, other, same in _shared(documents, wave):
            found[one, other].append((path, same))
        after = _after(wave) if found else {}
        for (one, other), paths in found.items():
            if one in after[other] or other in after[one]:
                continue
            names = ", ".join(dict.fromkeys(path.value for pair in paths for path in pair))
            message = (
                f"{one} and {other} of the parallel wave {wave.id.value} both touch {names} "
                f"({paths[0][0].at}, {paths[0][1].at})."
            )
            at = (*(place.at for pair in paths for place in pair), wave.id.at)
            planned = any(place.file == path.file == documents.plan.file for path, place in paths)
            level = "error" if planned else "warning"
            fix = f"Let {other} depend on {one}, or give the file to one of them."
            yield Issue(other, message, at, fix, level)


def _shared(documents: Documents, wave: Wave) -> Iterator[tuple[str, Fact[str], str, Fact[str]]]:
    """(story, path, later story, its path) of files that meet: globs with any path, paths with equals."""
    exact: dict[str, list[tuple[str, Fact[str]]]] = defaultdict(list)
    declared = [(story.id.value, path) for story in wave.stories for path in _files(documents, story)]
    globs = [(name, path) for name, path in declared if is_glob(path.value)]
    for name, path in declared:
        for earlier, same in exact[path.value]:
            if earlier != name:
                yield earlier, same, name, path
        exact[path.value].append((name, path))
    order = {story.id.value: index for index, story in enumerate(wave.stories)}
    for name, glob in globs:
        for other, path in declared:
            if other != name and path.value != glob.value and ends_like(path.value, glob.value):
                pair = sorted(((name, glob), (other, path)), key=lambda one: order[one[0]])
                yield pair[0][0], pair[0][1], pair[1][0], pair[1][1]


def _files(documents: Documents, story: Story) -> list[Fact[str]]:
    """What the story's tasks declare, and what only the master plan says that it touches."""
    told = documents.told_of.get(story.id.value)
    described = [path for file in told.files for path in _paths(file)] if told else []
    known = {path.value for path in story.files}
    return [*story.files, *(file for file in described if file.value not in known)]


def _paths(file: Fact[str]) -> list[Fact[str]]:
    """The path that a line of a files list is, or the globs in a sentence (``All `src/**/*.ts` files``)."""
    if is_path(file.value):
        return [file]
    return [file.with_value(path) for path in _QUOTED.findall(file.value) if is_path(path) and is_glob(path)]


def _after(wave: Wave) -> dict[str, set[str]]:
    """Story → every story of the wave that comes before it, at any distance."""
    needs = {story.id.value: [need.value for need in story.dependencies] for story in wave.stories}
    before: dict[str, set[str]] = {}
    for start, first in needs.items():
        stack, seen = list(first), set[str]()
        while stack:
            name = stack.pop()
            if name in needs and name not in seen:
                seen.add(name)
                stack.extend(needs[name])
        before[start] = seen
    return before


RULE = Rule(
    id="file-shared-in-parallel",
    severity="error",
    why=(
        "Agents of a parallel wave work side by side from one base. Two that change the same file produce a "
        "merge conflict at "
        "best, and the loss of one's work at worst."
    ),
    example="W1-S1 and W1-S2 of the parallel wave wave-1 both touch test/sdk/*.test.ts (…:84, …:98).",
    check=check,
)
