"""SSH signatures over statements, made and checked by OpenSSH's own ``ssh-keygen -Y`` (PROTOCOL.sshsig).

A signature is about exact bytes in a namespace of ours, so one that was made for a commit, an e-mail or another
statement is none here.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from radeng_assets.record import Record

NAMESPACE = "radeng-signoff"
"""What the signatures are for."""

TIMEOUT_S = 20.0
"""How long a check may take, in seconds."""

SIGNING_TIMEOUT_S = 300.0
"""How long making a signature may take, in seconds: people type passphrases and touch keys."""

MOST_BYTES = 64 * 1024
"""Largest signature that is looked at. One of the largest RSA keys has 2 KiB."""

_KEY = re.compile(r" key (SHA256:[A-Za-z0-9+/]+)\s*$")


class SignatureCheck(Record):
    """What a signature came to.

    ``good`` and only that is a signature. ``none``: there is nothing to check. ``unknown``: nothing could check it.
    ``key`` is the fingerprint of the key that signed.
    """

    state: Literal["good", "bad", "unknown", "none"] = "none"
    key: str = ""
    reason: str = ""


class CannotSign(Exception):  # noqa: N818  # named for what happened
    """No signature could be made; the message says why."""


def sign(statement: bytes, key: Path) -> str:
    """An armored signature over a statement, by a private key (or a public one whose private half an agent holds).

    Raises ``CannotSign``. OpenSSH may ask for a passphrase on the terminal.
    """
    if not key.is_file():
        raise CannotSign(f"{key} is no file")
    argv = ("ssh-keygen", "-Y", "sign", "-n", NAMESPACE, "-f", str(key.absolute()))
    try:
        done = _run(argv, statement, {**os.environ, "LC_ALL": "C"}, SIGNING_TIMEOUT_S)
    except (OSError, subprocess.TimeoutExpired, ValueError) as error:
        raise CannotSign(_why(error)) from None
    if done.returncode != 0:
        raise CannotSign(_last_line(done.stderr) or f"ssh-keygen ended with exit code {done.returncode}")
    return done.stdout.decode("ascii", "replace")


def verify(statement: bytes, signature: str, name: str, signers: str, at: datetime) -> SignatureCheck:
    """Whether a signature over a statement is one of ``name``'s. Never raises.

    ``signers`` are the lines of an allowed-signers file that name them; ``at`` is when it was made: a key whose time
    (``valid-before``) has run out since stays good for what it signed. Same arguments, same answer, wherever
    ``ssh-keygen`` is.
    """
    if not signers:
        return SignatureCheck(state="bad", reason=f"allowed_signers has no key for {name}")
    if len(signature) > MOST_BYTES:
        return SignatureCheck(state="bad", reason="it is too large for a signature")
    with tempfile.TemporaryDirectory(prefix="radeng-signature-") as scratch:
        allowed, file = Path(scratch) / "allowed_signers", Path(scratch) / "signature"
        moment = f"verify-time={at.astimezone(UTC):%Y%m%d%H%M%S}"
        argv = ("ssh-keygen", "-Y", "verify", "-f", str(allowed), "-I", name, "-n", NAMESPACE, "-s", str(file))
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
        try:
            allowed.write_text(signers, encoding="utf-8")
            file.write_text(signature, encoding="utf-8")
            done = _run((*argv, "-O", moment), statement, environment, TIMEOUT_S)
        except (OSError, subprocess.TimeoutExpired) as error:
            return SignatureCheck(state="unknown", reason=_why(error))
        except ValueError:  # a name or a text that no file and no argument can hold
            return SignatureCheck(state="bad", reason="its name or its text cannot be read")
    match = _KEY.search(done.stdout.decode("utf-8", "replace"))
    if done.returncode != 0 or match is None:
        return SignatureCheck(state="bad", reason=f"it is not a signature of {name} over this statement")
    return SignatureCheck(state="good", key=match[1])


def _run(
    argv: Sequence[str], stdin: bytes, environment: Mapping[str, str], timeout_s: float
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(argv, input=stdin, env=environment, capture_output=True, timeout=timeout_s, check=False)


def _why(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "ssh-keygen is not installed"
    if isinstance(error, subprocess.TimeoutExpired):
        return f"ssh-keygen did not end within {error.timeout:g} s"
    return f"ssh-keygen did not run: {error}"


def _last_line(output: bytes) -> str:
    lines = output.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else ""
