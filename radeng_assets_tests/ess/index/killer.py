"""Builds an index and kills itself with SIGKILL at a named point: ``killer.py HOME TARGET POINT``.

Points: ``add-N`` after N files, ``link``, ``draft`` (the draft is complete, but not renamed), ``published`` (right
after the rename), ``never``. Prints the digest if it lives.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from radeng_assets.ess.index import build
from radeng_assets.ess.index.code_index import CodeIndex
from radeng_assets.execution.git import TargetRepository


def dies_after(function: Callable[..., Any], calls: int) -> Callable[..., Any]:
    count = 0

    def counted(*args: Any) -> Any:
        nonlocal count
        result = function(*args)
        count += 1
        if count >= calls:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return counted


def main() -> None:
    home, target, point = sys.argv[1:]
    name, _, number = point.partition("-")
    if name == "add":
        build.add = dies_after(build.add, int(number))
    elif name == "link":
        build.link = dies_after(build.link, 1)
    elif name in ("draft", "published"):
        build._sync = dies_after(build._sync, 1 if name == "draft" else 2)  # pyright: ignore[reportPrivateUsage]
    with CodeIndex.build(Path(home), TargetRepository.open(Path(target)), "HEAD") as index:
        print(index.digest)  # noqa: T201 - for the test that started this


if __name__ == "__main__":
    main()
