"""Target repositories whose index can be trusted: every symbol hangs on others."""

from __future__ import annotations

from pathlib import Path

from radeng_assets_tests.folders import commit, make_target

NAMES = ("one", "two", "three", "four", "five", "six")


def ring() -> str:
    """Functions each of which calls the next two."""
    lines: list[str] = []
    for number, name in enumerate(NAMES):
        first, second = (NAMES[(number + step) % len(NAMES)] for step in (1, 2))
        lines.append(
            f'def {name}(n):\n    """The {name} of the ring."""\n    return {first}(n - 1) + {second}(n - 2)\n'
        )
    return "\n\n".join(lines)


def sound_target(folder: Path) -> Path:
    """``folders.make_target`` with enough code that its veracity is over the policy's 85."""
    make_target(folder)
    (folder / "ring.py").write_text(ring(), encoding="utf-8")
    commit(folder, "Close the ring")
    return folder
