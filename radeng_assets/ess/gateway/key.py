"""The gateway's key: a secret, so it is no setting, and this is the one place that reads it.

It stays in the environment of our own processes. No command sees it, because a command's environment is an allow-list
(``execution.process.command_environment``), and no message, record or file of ours holds it.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import SecretStr

KEY = "RADENG_ESS_API_KEY"


def read_key(environ: Mapping[str, str]) -> SecretStr | None:
    """The key of an environment; ``None`` where it is missing or blank."""
    text = environ.get(KEY, "").strip()
    return SecretStr(text) if text else None


def sendable(key: SecretStr) -> bool:
    """Whether an HTTP header can carry the key: printable ASCII without blanks."""
    return all("!" <= letter <= "~" for letter in key.get_secret_value())
