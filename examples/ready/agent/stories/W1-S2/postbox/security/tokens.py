"""Tokens: an agent shows by one that it is who it says."""

from __future__ import annotations

import hashlib
import hmac


class Keyring:
    """Issues tokens and knows its own. ``secret`` is the office's, at least 16 bytes."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < 16:
            raise ValueError("the office's secret is too short")
        self._secret = secret

    def issue(self, agent: str) -> str:
        """The agent's token."""
        return f"{agent}.{self._seal(agent)}"

    def agent_of(self, token: str) -> str | None:
        """Whose token it is; ``None`` for one that was not issued here."""
        agent, _, seal = token.partition(".")
        return agent if hmac.compare_digest(seal.encode(), self._seal(agent).encode()) else None

    def _seal(self, agent: str) -> str:
        return hmac.new(self._secret, agent.encode(), hashlib.sha256).hexdigest()
