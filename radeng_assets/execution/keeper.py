"""Where there is no sandbox: runs a command and ends all that it left behind, whatever that did to hide.

``python keeper.py COMMAND...`` makes itself the process to which orphans fall (Linux: a child subreaper), so a daemon
that left its session and its environment has a parent again. Told to end (SIGTERM), it ends all of them too. Standard
library only: it starts before every command. A command that kills its keeper fails by that.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

TYPE_CHECKING = False  # typing, pathlib and contextlib would double the time to start
if TYPE_CHECKING:
    from types import FrameType

_PR_SET_CHILD_SUBREAPER = 36
_NOT_EXECUTABLE, _NOT_FOUND = 126, 127


def main() -> int:
    """Run the command, end what it left, and give its exit code back (negative: the signal that killed it)."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGTERM, _told)
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        try:
            os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606  # the command itself, without a shell
        except FileNotFoundError:
            os._exit(_NOT_FOUND)
        except OSError:
            os._exit(_NOT_EXECUTABLE)
    _, status = os.waitpid(child, 0)
    _end_all()
    return os.waitstatus_to_exitcode(status)


def _told(number: int, frame: FrameType | None) -> None:
    del frame
    _end_all()
    os._exit(128 + number)


def _end_all() -> None:
    """Kill children until there is none: the orphans of each that dies fall to us."""
    while True:
        for child in _children():
            try:
                os.kill(child, signal.SIGKILL)
            except ProcessLookupError:
                continue
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _children() -> list[int]:
    processes = [name for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208  # see above
    return [int(name) for name in processes if _parent(name) == os.getpid()]


def _parent(process: str) -> int:
    try:
        with open(f"/proc/{process}/stat", "rb") as stream:  # noqa: PTH123  # see above
            facts = stream.read()
    except OSError:
        return 0
    # The program's name is in brackets and may hold anything; behind it: state, parent.
    return int(facts.rpartition(b")")[2].split()[1])


if __name__ == "__main__":
    code = main()
    if code < 0:
        if -code != signal.SIGKILL:
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(code)
