"""Sandboxes: where a command can reach nothing but its workspace."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from radeng_assets.execution.agent_policy import SandboxRule

TMP_BYTES = 1024 * 1024 * 1024
"""Size of a sandbox's ``/tmp``: a tmpfs without one would take the machine's memory."""

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc", "/opt")
_NAMESPACES = ("--unshare-all", "--unshare-user", "--disable-userns", "--cap-drop", "ALL")
"""Bubblewrap leaves root all its capabilities inside, and with them a read-only mount is made writable again; a
user namespace inside the sandbox would give them to anybody."""

_HOME = "/tmp/home"  # noqa: S108  # inside the sandbox's own tmpfs


class NoSandbox(Exception):  # noqa: N818  # named for what was found
    """The policy requires a sandbox and this machine has none that works; the message says what to do."""


class Sandbox(Protocol):
    """Puts a command where it sees the system read-only, its workspace to write, and no network."""

    def wrap(self, argv: tuple[str, ...], tree: Path) -> tuple[str, ...]:
        """The argument vector that runs ``argv`` inside, with ``tree`` as the only folder that it can change."""
        ...

    def showing(self, places: Iterable[tuple[Path, Path]]) -> Sandbox:
        """The same, with more to read: (path on the machine, path inside)."""
        ...

    def networked(self) -> Sandbox:
        """The same, with the machine's network."""
        ...


@dataclass(frozen=True, slots=True)
class Bubblewrap:
    """Linux namespaces by ``bwrap``: of processes, network, users and files.

    ``readable`` are more folders to show, ``places`` single files or folders at another path. Whoever starts the
    wrapped command must give it a minimal environment: bubblewrap's own is readable inside (``/proc/1/environ``).
    """

    readable: tuple[Path, ...] = ()
    places: tuple[tuple[Path, Path], ...] = ()
    network: bool = False

    def wrap(self, argv: tuple[str, ...], tree: Path) -> tuple[str, ...]:
        """See ``Sandbox``. The workspace keeps its own path; its ``.git`` pointer cannot be changed."""
        return ("bwrap", *self._arguments(tree), "--", *argv)

    def showing(self, places: Iterable[tuple[Path, Path]]) -> Bubblewrap:
        """See ``Sandbox``."""
        return Bubblewrap(self.readable, (*self.places, *places), self.network)

    def networked(self) -> Bubblewrap:
        """See ``Sandbox``."""
        return Bubblewrap(self.readable, self.places, network=True)

    def _arguments(self, tree: Path) -> Iterator[str]:
        yield from _NAMESPACES
        yield from ("--die-with-parent", "--new-session", "--proc", "/proc", "--dev", "/dev")
        if self.network:
            yield "--share-net"
        yield from ("--size", str(TMP_BYTES), "--tmpfs", "/tmp")  # noqa: S108  # the sandbox's own
        yield from ("--dir", _HOME, "--setenv", "HOME", _HOME, "--setenv", "TMPDIR", "/tmp")  # noqa: S108
        for folder in (*_SYSTEM, *map(str, program_folders()), *map(str, self.readable)):
            yield from ("--ro-bind-try", folder, folder)
        for path in _closed():
            yield from ("--tmpfs", str(path)) if path.is_dir() else ("--ro-bind", os.devnull, str(path))
        for outside, inside in self.places:
            yield from ("--ro-bind", str(outside), str(inside))
        yield from ("--bind", str(tree), str(tree))
        pointer = tree / ".git"
        if pointer.is_file() and not pointer.is_symlink():
            yield from ("--ro-bind", str(pointer), str(pointer))
        yield from ("--chdir", str(tree))


def find_sandbox(rule: SandboxRule, readable: Iterable[str] = ()) -> Sandbox | None:
    """The machine's sandbox by the policy's rule; ``None`` where there is none and none is required.

    Raises ``NoSandbox``.
    """
    if rule == "off":
        return None
    if _works():
        return Bubblewrap(tuple(Path(path).expanduser() for path in readable))
    if rule == "required":
        raise NoSandbox("agents.sandbox is required, and bubblewrap does not work here: apt-get install bubblewrap")
    return None


@cache
def _works() -> bool:
    """Whether bubblewrap runs a program: some machines have it and forbid user namespaces."""
    if shutil.which("bwrap") is None:
        return False
    command = ["bwrap", *_NAMESPACES, "--die-with-parent", "--ro-bind", "/", "/", "--proc", "/proc", "true"]
    return subprocess.run(command, capture_output=True, timeout=10, check=False).returncode == 0


@cache
def _closed() -> tuple[Path, ...]:
    """What lies in ``/etc`` and is not for everybody's eyes (password hashes, keys): root would read it inside too."""
    found: dict[Path, None] = {}
    for folder, folders, files in os.walk("/etc"):
        for path in (Path(folder, name) for name in (*folders, *files)):
            mode = path.lstat().st_mode
            if not stat.S_ISLNK(mode) and not mode & stat.S_IROTH:
                found[path] = None
        folders[:] = [name for name in folders if Path(folder, name) not in found]
    return tuple(found)


@cache
def program_folders() -> tuple[Path, ...]:
    """Where the programs on ``PATH`` and this process's Python live, as far as they lie outside the system's folders.

    A ``bin`` folder stands for its prefix where that is an installation of its own (a virtual environment, a pyenv
    version); no home folder is ever shown whole.
    """
    found: dict[Path, None] = {}
    homes = {Path.home(), Path.home() / ".local", Path("/")}
    folders = [Path(part) for part in os.environ.get("PATH", "").split(os.pathsep) if part]
    candidates = [prefix for folder in folders for prefix in _prefixes(folder)]
    candidates += [Path(sys.prefix), Path(sys.base_prefix)]
    for place in candidates:
        system = any(place.is_relative_to(folder) for folder in _SYSTEM)
        if place.is_dir() and not system and place not in homes and place.resolve() not in homes:
            found.setdefault(place)
    return tuple(found)


def _prefixes(folder: Path) -> Iterator[Path]:
    yield folder
    installed = (folder.parent / "pyvenv.cfg").exists() or (folder.parent / "lib").is_dir()
    if folder.name in ("bin", "shims") and (installed or (folder.parent / "versions").is_dir()):
        yield folder.parent
