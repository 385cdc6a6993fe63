"""SSH signatures, by the real ``ssh-keygen`` with keys made for the test."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from radeng_assets.evidence.ssh_signature import MOST_BYTES, CannotSign, sign, verify

AT = datetime(2026, 11, 27, 12, tzinfo=UTC)


def make_key(folder: Path, name: str = "key") -> Path:
    """An ed25519 key without a passphrase; its public half beside it."""
    path = folder / name
    argv = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path)]
    subprocess.run(argv, check=True, stdin=subprocess.DEVNULL)
    return path


def line(name: str, key: Path, options: str = "") -> str:
    """A line of allowed signers."""
    public = key.with_suffix(".pub").read_text("ascii").strip()
    return f'"{name}" {options}{" " if options else ""}{public}\n'


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_key(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_key(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def signature(key: Path) -> str:
    return sign(b"statement", key)


def test_a_signature_is_good_and_names_its_key(key: Path, signature: str) -> None:
    found = verify(b"statement", signature, "Ada Lovelace", line("Ada Lovelace", key), AT)
    assert found.state == "good"
    told = subprocess.run(["ssh-keygen", "-l", "-f", str(key)], capture_output=True, text=True, check=True)
    assert found.key in told.stdout.split()


def test_whatever_differs_makes_it_bad(key: Path, other: Path, signature: str) -> None:
    signers = line("Ada", key)
    assert verify(b"statement", signature, "Ada", signers, AT).state == "good"
    assert verify(b"Statement", signature, "Ada", signers, AT).state == "bad"
    assert verify(b"statement", signature, "ada", signers, AT).state == "bad"
    assert verify(b"statement", signature, "Ada", line("Ada", other), AT).state == "bad"
    assert verify(b"statement", sign(b"statement", other), "Ada", signers, AT).state == "bad"
    assert verify(b"statement", signature, "Ada", "", AT).state == "bad"


def test_a_signature_for_another_purpose_is_none(key: Path) -> None:
    argv = ["ssh-keygen", "-Y", "sign", "-n", "git", "-f", str(key)]
    made = subprocess.run(argv, input=b"statement", capture_output=True, check=True).stdout.decode()
    assert verify(b"statement", made, "Ada", line("Ada", key), AT).state == "bad"


EMPTY = "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n"


@pytest.mark.parametrize("text", ["", "x", EMPTY, "\ud800", "x" * MOST_BYTES * 2])
def test_what_is_no_signature_is_bad(text: str, key: Path) -> None:
    assert verify(b"statement", text, "Ada", line("Ada", key), AT).state == "bad"


@pytest.mark.parametrize("name", ["", "-n", "a\0b", "\ud800", "*"])
def test_odd_names_are_bad(name: str, key: Path, signature: str) -> None:
    assert verify(b"statement", signature, name, line("Ada", key), AT).state == "bad"


def test_the_time_of_signing_counts_in_utc(key: Path, signature: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    signers = line("Ada", key, 'valid-before="20261127120100Z"')
    assert verify(b"statement", signature, "Ada", signers, AT).state == "good"
    assert verify(b"statement", signature, "Ada", signers, AT.replace(hour=13)).state == "bad"


def test_without_openssh_nothing_is_known(
    key: Path, signature: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = verify(b"statement", signature, "Ada", line("Ada", key), AT)
    assert (found.state, found.reason) == ("unknown", "ssh-keygen is not installed")
    with pytest.raises(CannotSign, match="not installed"):
        sign(b"statement", key)


def test_a_key_that_cannot_sign_says_why(tmp_path: Path) -> None:
    with pytest.raises(CannotSign, match="is no file"):
        sign(b"statement", tmp_path / "nowhere")
    (tmp_path / "text").write_text("not a key", encoding="utf-8")
    (tmp_path / "text").chmod(0o600)
    with pytest.raises(CannotSign):
        sign(b"statement", tmp_path / "text")
    assert [path.name for path in tmp_path.iterdir()] == ["text"]  # nothing is left beside a key
