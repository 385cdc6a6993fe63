"""``python -m``: the process of a wave's run. Light, because each step's process imports its run's main module anew.

Argument: the number of the file descriptor on which the conductor gives orders (``wave_work``).
"""

from __future__ import annotations

import contextlib
import signal
import sys
from multiprocessing.connection import Connection

from radeng_assets.database import DatabaseAway
from radeng_assets.orchestration.preload import start_server


def main() -> None:
    """Work until the line is closed."""
    # A shell that starts us in the background has SIGINT ignored; here it means to halt.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    start_server()
    # Dagster takes seconds to import; the server imports it at the same time.
    from radeng_assets.orchestration.wave_work import work

    try:
        with contextlib.suppress(KeyboardInterrupt):
            work(Connection(int(sys.argv[1])))
    except DatabaseAway:
        sys.exit(1)  # the conductor finds the same, and says so


if __name__ == "__main__":
    main()
