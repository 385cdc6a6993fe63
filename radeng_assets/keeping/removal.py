"""Taking things away, each whole or not at all, and only what is still as it was when it was decided on.

A folder is renamed before its files are removed, so that nobody ever finds half of one; whoever is killed in between
leaves it in ``.gone/``, where the next collection finds it.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from radeng_assets.execution.broker.kept_replies import forget_replies
from radeng_assets.execution.broker.line import Scope
from radeng_assets.holding import alone
from radeng_assets.keeping.inventory import BOOKS, GONE
from radeng_assets.keeping.items import Item, Kind

_HELD_THEMSELVES: frozenset[Kind] = frozenset({"plans", "setup"})
_HELD_BY_FOLDER: frozenset[Kind] = frozenset({"evidence", "index"})
"""What is held while it is used: the thing itself, or the folder that it lies in (``holding``)."""

_AGELESS: frozenset[Kind] = frozenset({"benches", "leftovers"})
"""What is as old as something on record, whatever its file says."""


class Busy(Exception):  # noqa: N818  # named for what was found
    """Another process collects, or copies the home."""


@contextmanager
def nobody_else(home: Path) -> Generator[None]:
    """Keep other collections and backups of a home away. Raises ``Busy``."""
    lock = FileLock(home / "gc.lock", timeout=0, fallback_to_soft=False)
    try:
        lock.acquire()
    except Timeout:
        raise Busy(f"another gc, backup or restore is at work on {home}") from None
    try:
        yield
    finally:
        lock.release()


@dataclass(frozen=True, slots=True)
class Removal:
    """Takes things out of one home."""

    home: Path

    def remove(self, item: Item) -> str:
        """Take one thing away; why it stayed, or nothing. Runs are not ours to take. Raises ``OSError``."""
        if item.kind == "replies":
            plan, wave, story, attempt = item.name.rsplit("/", 3)
            forget_replies(self.home / BOOKS, Scope(plan=plan, wave=wave, story=story, attempt=int(attempt)))
            return ""
        path = self.home / item.name
        if item.kind in _HELD_THEMSELVES:
            return self._unless_held(item, path, path)
        if item.kind in _HELD_BY_FOLDER:
            return self._unless_held(item, path, path.parent)
        return self._if_unchanged(item, path)

    def _unless_held(self, item: Item, path: Path, holding: Path) -> str:
        with alone(holding) as free:
            if not free:
                return "somebody uses it" if path.exists() else ""
            return self._if_unchanged(item, path)

    def _if_unchanged(self, item: Item, path: Path) -> str:
        try:
            now = path.lstat().st_mtime
        except FileNotFoundError:
            return ""  # it went by itself
        if item.kind not in _AGELESS and now != item.at:
            return "it was used meanwhile"
        if path.is_symlink() or not path.is_dir():
            path.unlink(missing_ok=True)
            return ""
        if item.kind != "leftovers":
            gone = self.home / GONE
            gone.mkdir(exist_ok=True)
            path = path.rename(gone / uuid.uuid4().hex)
        _clear(path)
        return ""


def _clear(folder: Path) -> None:
    """Remove a folder, also where an agent took away the right to."""

    def again(_: object, path: str, __: object) -> None:
        Path(path).parent.chmod(0o700)
        Path(path).chmod(0o700)
        if Path(path).is_dir() and not Path(path).is_symlink():
            shutil.rmtree(path)
        else:
            Path(path).unlink(missing_ok=True)

    shutil.rmtree(folder, onerror=again)
