"""A deadline that holds: asynchronous work, waited for from any thread, a running event loop's included."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


def within(seconds: float, work: Coroutine[Any, Any, T]) -> T:
    """The result of ``work``, or its exception. Raises ``TimeoutError`` when there is none after ``seconds``.

    The thread that carries it is left behind then: a name server that does not answer cannot be cancelled.
    """
    result: Future[T] = Future()

    def carry() -> None:
        try:
            result.set_result(asyncio.run(work))
        except BaseException as error:  # noqa: BLE001  # it is raised again where the result is waited for
            result.set_exception(error)

    threading.Thread(target=carry, daemon=True, name="ess-gateway").start()
    return result.result(seconds)
