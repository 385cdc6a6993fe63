"""Generated planning folders of any size, consistent within themselves."""

from __future__ import annotations

from pathlib import Path

STORIES_PER_WAVE = 50


def write_plan(folder: Path, stories: int) -> Path:
    """A folder with an execution plan and a master plan of ``stories`` stories (6 tasks, 4 criteria each)."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "EXECUTION-PLAN.yaml").open("w", encoding="utf-8") as out:
        out.write(f"---\nmeta:\n  total_stories: {stories}\n  total_points: {stories * 3}\n---\n")
        out.write("global:\n  constraints:\n    - max_parallel_agents: 3\n---\nwaves:\n")
        for number in range(stories):
            out.write(_execution(number))
    with (folder / "MASTER-IMPLEMENTATION-PLAN.md").open("w", encoding="utf-8") as out:
        out.write("# Master plan\n\n> **Version**: 1.0.0\n\n## Stories\n\n")
        for number in range(stories):
            out.write(_master(number, stories))
    return folder


def _execution(number: int) -> str:
    wave, place = divmod(number, STORIES_PER_WAVE)
    text = ""
    if place == 0:
        needs = f"[wave-{wave}]" if wave else "[]"
        text += (
            f'  - id: wave-{wave + 1}\n    name: "Wave {wave + 1}"\n    parallel: true\n'
            f"    dependencies: {needs}\n    stories:\n"
        )
    before = f"[S-{number - 1}]" if place else "[]"
    text += (
        f'      - id: S-{number}\n        title: "Story number {number}"\n        points: 3\n'
        f"        agent: developer\n        dependencies: {before}\n        tasks:\n"
    )
    for task in range(6):
        text += (
            f'          - id: "{number}.{task}"\n            description: "Step {task} of it"\n'
            f'            files: ["src/part{number}/file{task}.ts"]\n'
        )
    text += "        acceptance_criteria:\n"
    return text + "".join(f'          - "Property {n} of {number} holds"\n' for n in range(4))


def _master(number: int, stories: int) -> str:
    wave, place = divmod(number, STORIES_PER_WAVE)
    text = ""
    if place == 0:
        count = min(STORIES_PER_WAVE, stories - number)
        text += f"### Wave {wave + 1}: Part ({count * 3} points, {count} stories, PARALLEL)\n\n---\n\n"
    text += f"## Story {number}: Story number {number}\n\n**ID**: S-{number}\n**Points**: 3\n"
    before = f"S-{number - 1}" if place else "None"
    text += f"**Agent**: developer\n**Dependencies**: {before}\n\n### Tasks\n"
    text += "".join(f"- Task {number}.{task}: Step {task} of it\n" for task in range(6))
    text += "\n### Tests\n"
    text += "".join(f"- [ ] Property {n} of {number} holds\n" for n in range(4))
    text += "\n### Files\n"
    text += "".join(f"- `src/part{number}/file{task}.ts` (new)\n" for task in range(6))
    return text + f"\n### Wave Assignment\n- Wave {wave + 1}, Agent {place + 1}\n\n---\n\n"
