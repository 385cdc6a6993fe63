"""How many letters an agent may send in a while."""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable


class Quota:
    """At most ``most`` letters of one sender in any ``window_s`` seconds."""

    def __init__(self, most: int, window_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.most = most
        self.window_s = window_s
        self._clock = clock
        self._sent: defaultdict[str, deque[float]] = defaultdict(deque)
        self._lock = threading.Lock()

    def admits(self, sender: str) -> bool:
        """Whether the sender may send one more now; it then counts."""
        with self._lock:
            now, sent = self._clock(), self._sent[sender]
            while sent and now - sent[0] >= self.window_s:
                sent.popleft()
            if len(sent) >= self.most:
                return False
            sent.append(now)
            return True
