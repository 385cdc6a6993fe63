"""Sending a JSON document to an address that a person configured, within a time that holds. No Dagster here.

The address may be a secret (a webhook's), so nothing that is raised here repeats it, and nothing is logged.
"""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any, Never
from urllib.parse import urlsplit

ANSWER_BYTES = 256 * 1024
"""How much of an answer is read."""

_HERE = ("localhost", "127.0.0.1", "::1")
"""Hosts that no proxy can reach for us."""


class NotSent(Exception):  # noqa: N818  # named for what happened
    """It was not taken, or nobody knows. ``late``: it was sent, and no answer came in time."""

    def __init__(self, why: str, *, late: bool = False) -> None:
        self.late = late
        super().__init__(why)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Never:
        """What was addressed to one host goes to no other."""
        del req, msg, headers, newurl
        fp.close()
        raise NotSent(f"it answers {code}, a redirection, which is not followed")


def post_json(address: str, document: Mapping[str, object], timeout_s: float) -> bytes:
    """The answer to a POST, at most ``ANSWER_BYTES`` of it. Raises ``NotSent`` for everything but a status of 2xx."""
    if not address.startswith(("http://", "https://")):
        raise NotSent("its address is none of http or https")
    result: Future[bytes] = Future()

    def carry() -> None:
        try:
            result.set_result(_post(address, document, timeout_s))
        except BaseException as error:  # noqa: BLE001  # it is raised again where the result is waited for
            result.set_exception(error)

    # A socket's timeout is for each read; the thread bounds the whole, and one that hangs is left behind.
    threading.Thread(target=carry, daemon=True, name="radeng-post").start()
    try:
        return result.result(timeout_s)
    except NotSent:
        raise
    except urllib.error.HTTPError as error:
        error.close()
        raise NotSent(f"it answers HTTP {error.code}") from None
    except TimeoutError:
        raise NotSent(f"it did not answer within {timeout_s:g} s", late=True) from None
    except Exception as error:  # noqa: BLE001  # whatever a network does; its words may hold the address
        reason = getattr(error, "reason", None)
        kind = type(reason if isinstance(reason, Exception) else error).__name__
        raise NotSent(f"it cannot be reached ({kind})") from None


def _post(address: str, document: Mapping[str, object], timeout_s: float) -> bytes:
    request = urllib.request.Request(  # noqa: S310  # the scheme is checked above
        address, json.dumps(document).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    here = urlsplit(address).hostname in _HERE
    handlers = [_NoRedirect(), *([urllib.request.ProxyHandler({})] if here else [])]
    with urllib.request.build_opener(*handlers).open(request, timeout=timeout_s) as answer:
        return answer.read(ANSWER_BYTES)
