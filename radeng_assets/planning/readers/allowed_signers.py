"""Reads allowed_signers: one signer a line, ``names [options] key-type key``."""

from __future__ import annotations

import re

from radeng_assets.planning.documents.allowed_signers import AllowedSigners, SignerLine
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.located import Fact
from radeng_assets.planning.source import Source

_LINE = re.compile(r'(?:"(?P<quoted>[^"]+)"|(?P<plain>[^\s"]+))[ \t]+(?P<rest>.*\S)')
_KEY = re.compile(r"(?:^|[ \t])(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[\w@.-]+[ \t]+[A-Za-z0-9+/]+={0,3}(?:[ \t]|$)")
_PATTERN = re.compile(r"[*?!]")


def read_allowed_signers(source: Source) -> tuple[AllowedSigners, tuple[Finding, ...]]:
    """The signers, and a finding for each line that gives no key to a name."""
    lines: list[SignerLine] = []
    findings: list[Finding] = []
    for number, text in enumerate(source.text.split("\n"), start=1):
        stripped = text.strip()
        if not stripped or stripped.startswith("#"):
            continue
        fact = Fact(stripped, source.file, number)
        match = _LINE.fullmatch(stripped)
        names = (match["quoted"] or match["plain"]).split(",") if match else []
        if match is None or not all(names) or not _KEY.search(match["rest"]):
            findings.append(_finding("signer-broken", fact, "is not of the form `name key-type key`"))
        elif any(_PATTERN.search(name) for name in names):
            findings.append(_finding("signer-pattern", fact, "gives a key to a pattern instead of to a person's name"))
        else:
            lines.append(SignerLine(text=fact, names=tuple(names)))
    return AllowedSigners(lines=tuple(lines)), tuple(findings)


def _finding(rule: str, line: Fact[str], what: str) -> Finding:
    return Finding(
        rule=rule,
        severity="error",
        subject=line.file,
        message=f"Line {line.line} {what}; nobody can sign by it.",
        at=(line.at,),
        fix='Write a name, in double quotes where it holds a space, and its key: `"Ada Lovelace" ssh-ed25519 AAAA…`.',
    )
