"""The stand-in as a process: prints its URL, serves until its standard input ends."""

from __future__ import annotations

import sys
from importlib import import_module

from radeng_assets.execution.standin.server import StandIn


def main() -> None:
    """``python -m radeng_assets.execution.standin MODULE:SCRIPT``."""
    module, _, name = sys.argv[1].partition(":")
    with StandIn(getattr(import_module(module), name)) as api:
        sys.stdout.write(f"{api.url}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
