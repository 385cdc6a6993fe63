"""The output of a command of any length, in bounded memory."""

from __future__ import annotations

from collections import deque
from io import BufferedReader

_CHUNK = 65_536


class Capture:
    """The first and the last bytes of a stream of any length, in bounded memory."""

    def __init__(self, limit: int) -> None:
        self._half = max(limit // 2, 1)
        self._head = bytearray()
        self._tail: deque[bytes] = deque()
        self._tail_size = 0
        self.total = 0

    def drain(self, stream: BufferedReader) -> None:
        """Read to the end of the stream."""
        while chunk := stream.read1(_CHUNK):
            self._take(chunk)

    def _take(self, chunk: bytes) -> None:
        self.total += len(chunk)
        room = self._half - len(self._head)
        if room > 0:
            self._head += chunk[:room]
            chunk = chunk[room:]
        if chunk:
            self._tail.append(chunk)
            self._tail_size += len(chunk)
            while self._tail_size - len(self._tail[0]) >= self._half:
                self._tail_size -= len(self._tail.popleft())

    def output(self) -> bytes:
        """What was kept, with a line that says how much was cut."""
        tail = b"".join(self._tail)[-self._half :]
        cut = self.total - len(self._head) - len(tail)
        if cut <= 0:
            return bytes(self._head) + tail
        return bytes(self._head) + f"\n[… {cut} bytes cut …]\n".encode() + tail
