"""A command and everything that it started: found, measured, and ended as a whole."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from pathlib import Path

import psutil

from radeng_assets.execution.agent_policy import MachineLimits

KEEPER_S = 0.5
"""How long a command that must be ended, or its keeper, has for it."""

MARKER = "COMMAND_ID_OF_RADENG"
"""Set in every command's environment, so that its descendants are found even after they left its session."""


def excess(pid: int, folder: Path, limits: MachineLimits) -> str:
    """What a running family takes too much of, in words; empty while it is within its limits."""
    try:
        root = psutil.Process(pid)
        family = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return ""
    if len(family) > limits.command_processes:
        return f"started more than {limits.command_processes} processes"
    if sum(_resident(process) for process in family) > limits.command_memory:
        return f"took more than {limits.command_memory // 2**20} MiB of memory"
    if shutil.disk_usage(folder).free < limits.free_disk:
        return f"left less than {limits.free_disk // 2**20} MiB of the disk free"
    return ""


def _resident(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except psutil.Error:
        return 0


def end_family(process: subprocess.Popen[bytes], marker: str) -> None:
    """Kill the process group, and every descendant that carries the marker, until none is left.

    A keeper is told first: it knows those that no longer carry it.
    """
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(KEEPER_S)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for _ in range(20):  # a fork bomb loses members faster than it gains them, or the loop ends
        members = [found for found in psutil.process_iter() if _carries(found, marker)]
        if not members:
            return
        for member in members:
            try:
                member.kill()
            except psutil.NoSuchProcess:
                continue
        psutil.wait_procs(members, timeout=1)


def _carries(process: psutil.Process, marker: str) -> bool:
    try:
        return process.environ().get(MARKER) == marker and process.status() != psutil.STATUS_ZOMBIE
    except (psutil.Error, OSError):
        return False
