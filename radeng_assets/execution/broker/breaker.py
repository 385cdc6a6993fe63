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
    """Counts failures of the API itself. ``clock`` gives seconds."""

    clock: Callable[[], float]
    failures: int = FAILURES
    rest_s: float = REST_S
    _row: int = 0
    _opened: float | None = None
    _probing: bool = False

    def wait(self) -> float:
        """Seconds until somebody may call; 0 is now, and whoever is told so while the circuit is open is the probe."""
        if self._opened is None:
            return 0.0
        left = self._opened + self.rest_s - self.clock()
        if left > 0:
            return left
        if self._probing:
            return self.rest_s
        self._probing = True
        return 0.0

    def succeeded(self) -> None:
        """A call came through."""
        self._row, self._opened, self._probing = 0, None, False

    def failed(self) -> None:
        """A call did not."""
        self._row += 1
        if self._probing or self._row >= self.failures:
            self._opened, self._probing = self.clock(), False

    def abandoned(self) -> None:
        """A call ended without saying anything about the API; a probe among them makes room for another."""
        self._probing = False
