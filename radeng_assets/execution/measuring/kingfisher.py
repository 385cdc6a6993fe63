"""kingfisher, a scanner with many more forms of secrets than ours (extra ``scanners``), over texts that we give it.

Scanners look away where a name or a comment tells them to (lock files, ``node_modules``, ignore marks), so it is given
numbered files and no settings. It reaches no network: nothing is validated. https://github.com/mongodb/kingfisher
"""

from __future__ import annotations

import secrets
import subprocess
import sys
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory

from radeng_assets.evidence.formats.json_tree import read_json
from radeng_assets.evidence.formats.notes import Notes
from radeng_assets.execution.measuring.secret_report import Catch, SecretScan
from radeng_assets.execution.process import command_environment

TOOL = "kingfisher"
DISTRIBUTION = "kingfisher-bin"
TIMEOUT_S = 900.0

_ENDED_WELL = (0, 200, 205)
"""200: it found something; 205: something that is valid."""

_DECOY = "decoy.txt"


def installed() -> Path | None:
    """The program, as the distribution put it beside this interpreter; ``None`` where it is not there."""
    program = Path(sys.executable).parent / TOOL
    return program if program.is_file() else None


@dataclass(slots=True)
class Pool:
    """A folder of texts to be scanned."""

    folder: Path
    _blobs: dict[str, str] = field(default_factory=dict[str, str])

    def add(self, blob: str, text: str) -> None:
        """One more text of a content."""
        name = f"{len(self._blobs)}.txt"
        (self.folder / name).write_text(text, encoding="utf-8", newline="")
        self._blobs[name] = blob

    def scan(self, program: Path, cache: Path) -> SecretScan:
        """Scan them all. ``cache`` keeps its compiled rules.

        A decoy lies among them: a scanner that does not find it shows nothing.
        """
        decoy = f"ghp_{secrets.token_hex(18)}"
        (self.folder / _DECOY).write_text(f'token = "{decoy}"\n', encoding="utf-8")
        report = self.folder.parent / "report.json"
        argv = [
            *(str(program), "scan", str(self.folder), "--quiet", "--format", "json", "--output", str(report)),
            *("--no-validate", "--no-update-check", "--no-ignore", "--no-dedup", "--no-limits"),
            *("--rule-cache-dir", str(cache), "--git-history", "none"),
        ]
        try:
            done = subprocess.run(argv, env=command_environment(), capture_output=True, timeout=TIMEOUT_S, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            return _scan((), {}, f"it could not be run ({type(error).__name__})")
        if done.returncode not in _ENDED_WELL or not report.is_file():
            return _scan((), {}, f"it broke down (exit code {done.returncode})")
        return self._read(report.read_bytes(), decoy)

    def _read(self, data: bytes, decoy: str) -> SecretScan:
        notes = Notes(TOOL)
        top = read_json(data, notes)
        catches: list[Catch] = []
        rules: dict[str, str] = {}
        decoys = 0
        for one in () if top is None else top["findings"].elements():
            rule = one["rule"]["id"].text() or "secret"
            text, path = one["finding"]["snippet"].text(), one["finding"]["path"].text()
            name = Path(path or "").name
            rules.setdefault(rule, one["rule"]["name"].text() or rule)
            if name == _DECOY:
                decoys += text == decoy
            elif name in self._blobs and text:
                catches.append(Catch(self._blobs[name], rule, one["finding"]["line"].number() or 1, text))
            else:
                one.error("kingfisher-finding", "A finding names none of the texts.")
        faults = [] if decoys else ["it did not find a token that was laid for it"]
        return _scan(tuple(catches), rules, *faults, *(finding.message for finding in notes.findings()))


@contextmanager
def pool() -> Generator[Pool]:
    """An empty pool; its folder is gone afterwards."""
    with TemporaryDirectory(prefix="radeng-secrets-") as folder:
        texts = Path(folder) / "texts"
        texts.mkdir()
        yield Pool(texts)


def _scan(catches: Iterable[Catch], rules: dict[str, str], *faults: str) -> SecretScan:
    try:
        release = version(DISTRIBUTION)
    except PackageNotFoundError:
        release = "unknown"
    return SecretScan(TOOL, release, rules, tuple(catches), faults)
