"""From nothing to READY, then one byte: ``python walk.py FOLDER``. Every step is a command that anybody can repeat.

FOLDER gets ``target`` (the product's repository), ``home`` (the state) and ``report.html``. Exit 0: the product became
READY and, with one byte changed, NOT_READY again. 1: a step went otherwise, and the last lines say which.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from make_target import git, make_target

HERE = Path(__file__).resolve().parent
PLAN = HERE.parents[1] / "plans" / "ready-example"
PEOPLE = {"product-owner": "Grace Hopper", "security-lead": "Adele Goldberg"}
NOT_READY = 3


class Otherwise(Exception):
    """A step did not end as it must; the message says how."""


@dataclass
class Walk:
    """The example's steps, in ``folder``; ``keys`` has an SSH key for each role, where people sign with one."""

    folder: Path
    plan: Path = PLAN
    keys: Path | None = None
    began: float = field(default_factory=time.monotonic)

    @property
    def target(self) -> Path:
        """The product's repository."""
        return self.folder / "target"

    def to_ready(self) -> None:
        """Nothing → READY."""
        make_target(self.target)
        self._say(f"{self.target} is there, with one commit")
        self._radeng("run", "--plan", str(self.plan), "--target", str(self.target), "--agent", "command")
        # The agents' work is on a branch of theirs; taking it over is the user's step.
        self._say(git(self.target, "merge", "--ff-only", f"radeng/{self.plan.name}/integration").strip())
        for role, name in PEOPLE.items():
            key = ["--key", str(self.keys / role)] if self.keys else []
            self._radeng("sign", "--role", role, "--name", name, "--decision", "approve", *key)
        self._radeng("verdict", "--gate")
        self._radeng("report", "--out", str(self.folder / "report.html"))
        self._say("READY")

    def one_byte(self) -> None:
        """One byte more in the product → NOT_READY."""
        path = self.target / "postbox" / "core" / "letter.py"
        with path.open("ab") as file:
            file.write(b"\n")
        git(self.target, "commit", "--quiet", "--all", "--message", "One byte")
        self._say(f"one byte was added to {path.relative_to(self.target)}")
        self._radeng("verdict", "--gate", code=NOT_READY)
        self._say("NOT_READY")

    @property
    def environment(self) -> dict[str, str]:
        """What each command is given: Python's tools and the agent on PATH, and nothing of the user's settings."""
        rest = {name: value for name, value in os.environ.items() if not name.startswith(("RADENG_", "ANTHROPIC_"))}
        rest.pop("DAGSTER_HOME", None)
        places = (str(Path(sys.executable).parent), str(HERE / "agent"), os.environ.get("PATH", os.defpath))
        return {**rest, "PATH": os.pathsep.join(places), "RADENG_AGENT_COMMAND": "ready-agent"}

    def _radeng(self, *arguments: str, code: int = 0) -> None:
        shown = shlex.join(("radeng", *arguments, "--home", str(self.folder / "home")))
        self._say(f"$ {shown}")
        command = [sys.executable, "-m", "radeng_assets.cli", *shlex.split(shown)[1:]]
        done = subprocess.run(command, cwd=self.folder, env=self.environment, check=False)
        if done.returncode != code:
            raise Otherwise(f"`{shown}` ended with {done.returncode}, not {code}")

    def _say(self, text: str) -> None:
        print(f"[{time.monotonic() - self.began:5.1f} s] {text}", flush=True)


def main(arguments: list[str]) -> int:
    """Walk."""
    parser = argparse.ArgumentParser(prog="walk.py", description=__doc__)
    parser.add_argument("folder", type=Path, help="made anew; must not be there")
    parser.add_argument("--plan", type=Path, default=PLAN, help="the planning folder")
    parser.add_argument("--keys", type=Path, help="a folder with an SSH key for each role")
    parser.add_argument("--only-to-ready", action="store_true", help="leave the byte out")
    given = parser.parse_args(arguments)
    given.folder.mkdir(parents=True)
    walk = Walk(given.folder.resolve(), given.plan.resolve(), given.keys)
    try:
        walk.to_ready()
        if not given.only_to_ready:
            walk.one_byte()
    except (Otherwise, subprocess.CalledProcessError) as error:
        print(f"It did not become READY: {error}." if isinstance(error, Otherwise) else error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
