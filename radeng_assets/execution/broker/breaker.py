"""The circuit breaker: after several failures in a row nobody calls, until one probe has come through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

FAILURES = 8
"""Failures in a row after which the circuit opens. One agent alone gives up before."""

REST_S = 10.0
"""Seconds until a probe."""


@dataclass
class Breaker:
    """Counts failures of the API itself. ``clock`` gives seconds; callers are told apart by identity."""

    clock: Callable[[], float]
    failures: int = FAILURES
    rest_s: float = REST_S
    _row: int = 0
    _opened: float | None = None
    _probe: object | None = None

    def wait(self, caller: object) -> float:
        """Seconds until a caller may call; 0 is now. The first who is told so while the circuit is open is the probe.

        Whoever was told so says in the end that it ``succeeded``, ``failed`` or was ``abandoned``.
        """
        if self._opened is None:
            return 0.0
        left = self._opened + self.rest_s - self.clock()
        if left > 0:
            return left
        if self._probe is not None:
            return self.rest_s
        self._probe = caller
        return 0.0

    @property
    def is_open(self) -> bool:
        """Whether nobody calls now, but for a probe."""
        return self._opened is not None

    def succeeded(self) -> None:
        """A call came through."""
        self._row, self._opened, self._probe = 0, None, None

    def failed(self, caller: object) -> None:
        """A call did not."""
        self._row += 1
        if self._probe is caller or self._row >= self.failures:
            self._opened, self._probe = self.clock(), None

    def abandoned(self, caller: object) -> None:
        """A call said nothing about the API; if it was the probe, another may be."""
        if self._probe is caller:
            self._probe = None
