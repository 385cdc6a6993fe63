"""``python -m postbox FOLDER``: open the office until it is interrupted."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from postbox.service.opening import opened


def main(arguments: list[str]) -> int:
    """Serve. Exit 2: no folder, or no secret in ``POSTBOX_SECRET``."""
    secret = os.environ.get("POSTBOX_SECRET", "").encode()
    if len(arguments) != 1 or not secret:
        print("usage: POSTBOX_SECRET=... python -m postbox FOLDER", file=sys.stderr)
        return 2
    with opened(Path(arguments[0]), secret) as office:
        print(f"http://{office.address[0]}:{office.address[1]}", flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
    return 0


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    sys.exit(main(sys.argv[1:]))
