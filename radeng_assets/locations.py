"""Where a target is, and where a service answers: paths, URLs, addresses."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

GATEWAY_PORT = 3001
"""Where the gateway of the engineering support system listens unless its address says otherwise."""

WEBSERVER_PORT = 3000
"""Where Dagster's web server listens unless its address says otherwise."""


def is_url(target: str) -> bool:
    """Whether a target is named by a URL (``scheme://…`` or ``host:path``), as git tells them from paths."""
    return "://" in target or bool(re.match(r"[^/:]{2,}:", target))


def gateway_address(text: str) -> str:
    """A gateway's base URL in full: ``localhost`` is ``http://localhost:3001``; https keeps its own port, 443.

    Raises ``ValueError`` as ``_address`` does.
    """
    return _address(text, GATEWAY_PORT, "; the key belongs into RADENG_ESS_API_KEY")


def webserver_address(text: str) -> str:
    """The web UI's base URL in full: ``localhost`` is ``http://localhost:3000``. Raises ``ValueError``."""
    return _address(text, WEBSERVER_PORT)


def _address(text: str, port_of_http: int, hint: str = "") -> str:
    """A base URL without a slash at its end.

    Raises ``ValueError``, whose message never repeats the text, for what is no http address, and for one that holds a
    user, a password, a query or a fragment: an address is a setting, and settings hold no secrets.
    """
    given = text.strip()
    try:
        parts = urlsplit(given if "://" in given else f"http://{given}")
        port = parts.port
    except ValueError:
        raise ValueError("it is no address: write http://host:port") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"[\s\\]", given):
        raise ValueError("it is no address: write http://host:port")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError(f"it may hold no user, password, query or fragment{hint}")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    if port is None and parts.scheme == "http":
        port = port_of_http
    return f"{parts.scheme}://{host}{f':{port}' if port is not None else ''}{parts.path.rstrip('/')}"
