"""Letters on disk, one line each: nothing that was accepted is lost when the process dies."""

from __future__ import annotations

import json
import os
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path

from postbox.core.letter import Letter, letter_of


class Damaged(Exception):
    """A line in the middle of the journal is not what was written; the message names it."""


class Journal:
    """An append-only file of letters.

    Each line has a checksum. A last line that a crash cut off was never acknowledged, and is taken away; any other
    damage is for a person to look at (``Damaged``).
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._mend()
        self._file = path.open("ab")

    def append(self, letter: Letter) -> None:
        """Write a letter, and return when it is on the disk."""
        body = json.dumps(letter.document(), ensure_ascii=False).encode()
        with self._lock:
            self._file.write(b"%08x %s\n" % (zlib.crc32(body), body))
            self._file.flush()
            os.fdatasync(self._file.fileno())

    def letters(self) -> Iterator[Letter]:
        """All letters, oldest first. Raises ``Damaged``."""
        for number, line in enumerate(self.path.read_bytes().splitlines(), start=1):
            checksum, _, body = line.partition(b" ")
            if checksum != b"%08x" % zlib.crc32(body):
                raise Damaged(f"{self.path.name}, line {number}: its checksum is another")
            yield letter_of(json.loads(body))

    def close(self) -> None:
        """Write nothing more."""
        self._file.close()

    def _mend(self) -> None:
        """Take away what stands behind the last whole line."""
        data = self.path.read_bytes() if self.path.exists() else b""
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            with self.path.open("r+b") as file:
                file.truncate(whole)
