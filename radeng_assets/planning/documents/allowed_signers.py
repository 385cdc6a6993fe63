"""allowed_signers: whose SSH key counts as whose signature."""

from __future__ import annotations

from radeng_assets.planning.located import Fact
from radeng_assets.record import Record


class SignerLine(Record):
    """One line as OpenSSH reads it (ssh-keygen(1), ALLOWED SIGNERS), and the names that it gives its key to."""

    text: Fact[str]
    names: tuple[str, ...]


class AllowedSigners(Record):
    """The whole file. Lines that give a key to a pattern (``*``) are not in it: nobody signs as everybody."""

    lines: tuple[SignerLine, ...] = ()

    def of(self, name: str) -> str:
        """The lines that name somebody literally, as a file of their own; empty where none does."""
        return "".join(f"{line.text.value}\n" for line in self.lines if name in line.names)
