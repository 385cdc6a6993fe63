"""Opening an office on a folder, and closing it again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from postbox.core.boxes import Boxes
from postbox.core.journal import Journal
from postbox.security.quota import Quota
from postbox.security.tokens import Keyring
from postbox.service.server import Office

LETTERS = 600
WINDOW_S = 60.0


@contextmanager
def opened(folder: Path, secret: bytes, port: int = 0, quota: Quota | None = None) -> Iterator[Office]:
    """An office that serves from a thread of its own until the block ends."""
    journal = Journal(folder / "letters")
    office = Office(Boxes(journal), Keyring(secret), quota or Quota(LETTERS, WINDOW_S), port)
    serving = threading.Thread(target=office.serve_forever, kwargs={"poll_interval": 0.05})
    serving.start()
    try:
        yield office
    finally:
        office.shutdown()
        serving.join()
        office.server_close()
        journal.close()
