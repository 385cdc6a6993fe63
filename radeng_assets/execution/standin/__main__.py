"""The stand-in as a process: prints its URL, serves until its standard input ends."""

from __future__ import annotations

import sys
from importlib import import_module

from radeng_assets.execution.standin.server import StandIn


def main() -> None:
    """``python -m radeng_assets.execution.standin MODULE:SCRIPT``.

    With further arguments, ``SCRIPT`` is called with them and gives the script.
    """
    module, _, name = sys.argv[1].partition(":")
    script = getattr(import_module(module), name)
    with StandIn(script(*sys.argv[2:]) if sys.argv[2:] else script) as api:
        sys.stdout.write(f"{api.url}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
