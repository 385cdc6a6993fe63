"""Required test files that no story touches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.paths import ends_like, is_glob, is_path
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each file, by both plans' files; paths of one document may begin below those of the other."""
    planned = [path for story in documents.plan.stories for path in story.files]
    told = [path for story in documents.master.stories for path in story.files if is_path(path.value)]
    by_name: dict[str, list[Fact[str]]] = defaultdict(list)
    globs: list[Fact[str]] = []
    for path in (*planned, *told):
        if is_glob(path.value):
            globs.append(path)
        else:
            by_name[path.value.rpartition("/")[2]].append(path)
    everything = [path for paths in by_name.values() for path in paths] if documents.tests.files else []
    for file in documents.tests.files:
        name = file.path.value
        near = everything if is_glob(name) else [*by_name.get(name.rpartition("/")[2], ()), *globs]
        if planned and not any(ends_like(path.value, name) for path in near):
            message = f"No story touches {name}, which {file.section.value!r} requires ({file.path.at})."
            yield Issue(name, message, (file.path.at, file.section.at), "Plan it, or drop the requirement.")


RULE = Rule(
    id="test-file-unplanned",
    severity="info",
    why="A test file that is required and that no story writes will not exist. It may also have been planned "
    "under another name.",
    example="No story touches test/integration/ui-ipc.test.ts, which '2.2 UI IPC Integration' requires (…:350).",
    check=check,
)
