"""Commands: bounded, alone, honest about what they did."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import psutil
import pytest

from radeng_assets.execution.process import CommandRun, argv_of, command_environment, run_command

PYTHON = sys.executable


def run(command: str, cwd: Path, *, timeout_s: float = 60, output_limit: int = 65_536) -> CommandRun:
    return run_command(command, cwd, timeout_s=timeout_s, output_limit=output_limit)


def script(folder: Path, text: str) -> str:
    (folder / "script.py").write_text(text, encoding="utf-8")
    return f"{PYTHON} script.py"


def test_only_exit_code_zero_passes(tmp_path: Path) -> None:
    assert run("true", tmp_path).state == "passed"
    failed = run("sh -c 'exit 3'", tmp_path)
    assert (failed.state, failed.exit_code) == ("failed", 3)
    assert "3" in failed.reason


@pytest.mark.parametrize(
    "command",
    ["no-such-program-here", "./missing.sh", "true && no-such-program-here", "sh -c 'exit 127'", "   ", "# tests"],
)
def test_what_cannot_run_is_no_runner(tmp_path: Path, command: str) -> None:
    result = run(command, tmp_path)
    assert result.state == "no_runner"
    assert command in result.reason


def test_a_command_that_the_shell_cannot_read_fails(tmp_path: Path) -> None:
    assert run("echo 'unclosed", tmp_path).state == "failed"


def test_a_file_without_execute_permission_is_no_runner(tmp_path: Path) -> None:
    (tmp_path / "tool").write_text("#!/bin/sh\n", encoding="utf-8")
    assert run("./tool", tmp_path).state == "no_runner"


def test_shell_syntax_goes_through_the_shell_and_plain_words_do_not(tmp_path: Path) -> None:
    assert argv_of("bun test 'a b'") == ("bun", "test", "a b")
    assert argv_of("bun test | tail")[:2] == ("/bin/sh", "-c")
    assert argv_of("X=1 bun test")[:2] == ("/bin/sh", "-c")
    assert run("X=5 sh -c 'exit $X'", tmp_path).exit_code == 5


def test_a_command_that_does_not_end_is_a_timeout_and_dies(tmp_path: Path) -> None:
    command = script(tmp_path, "import time\nprint('up', flush=True)\ntime.sleep(600)\n")
    result = run(command, tmp_path, timeout_s=1.5)
    assert result.state == "timeout"
    assert result.exit_code is None
    assert not [p for p in psutil.process_iter() if str(tmp_path) in _cwd(p)]


def _cwd(process: psutil.Process) -> str:
    try:
        return process.cwd()
    except (psutil.Error, OSError):
        return ""


def test_a_killed_command_failed_and_says_by_what(tmp_path: Path) -> None:
    command = script(tmp_path, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    result = run(command, tmp_path)
    assert result.state == "failed"
    assert "SIGKILL" in result.reason


DAEMON = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        open("daemon.pid", "w").write(str(os.getpid()))
        time.sleep(600)
    os._exit(0)
while not os.path.exists("daemon.pid") or not open("daemon.pid").read():
    pass
"""


def test_a_daemon_that_holds_the_pipe_neither_hangs_us_nor_outlives_the_command(tmp_path: Path) -> None:
    result = run(script(tmp_path, DAEMON), tmp_path)
    assert result.state == "passed"
    pid = int((tmp_path / "daemon.pid").read_text("utf-8"))
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


NAMELESS = """
import os, subprocess, sys, time
command = [sys.executable, "-c", "import time; time.sleep(600)", sys.argv[1]]
daemon = subprocess.Popen(command, env={}, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
time.sleep(float(sys.argv[2]))
"""


def nameless(name: str) -> list[psutil.Process]:
    return [p for p in psutil.process_iter(["cmdline"]) if (p.info["cmdline"] or [""])[-1] == name]


@pytest.mark.parametrize(("lasts", "state"), [("0", "passed"), ("600", "timeout")])
def test_a_daemon_that_left_session_and_environment_is_ended_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lasts: str, state: str
) -> None:
    name = f"daemon of {tmp_path}"
    command = f"{script(tmp_path, NAMELESS)} '{name}' {lasts}"
    assert run(command, tmp_path, timeout_s=2).state == state
    assert nameless(name) == []
    # Without a keeper it lives on.
    monkeypatch.setattr("radeng_assets.execution.process._kept", tuple)
    assert run(command, tmp_path, timeout_s=2).state == state
    (left,) = nameless(name)
    left.kill()


def test_a_flood_of_output_is_counted_and_cut_in_bounded_memory(tmp_path: Path) -> None:
    flood = "import sys\nfor n in range(200):\n    sys.stdout.write(f'{n:03}' + 'x' * 1_048_573)\nprint('end')\n"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = run(script(tmp_path, flood), tmp_path, output_limit=10_000)
    grown_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert result.state == "passed"
    assert result.total_bytes == 200 * 1_048_576 + 4
    assert len(result.output) < 10_200
    assert result.output.startswith(b"000x")
    assert result.output.endswith(b"x" * 100 + b"end\n")
    assert b"bytes cut" in result.output
    assert grown_mb < 50


def test_short_output_is_kept_whole(tmp_path: Path) -> None:
    result = run(script(tmp_path, "import sys\nprint('out')\nprint('err', file=sys.stderr)\n"), tmp_path)
    assert sorted(result.output.split()) == [b"err", b"out"]
    assert result.total_bytes == 8


def test_no_secret_reaches_a_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["ANTHROPIC_API_KEY", "GITHUB_TOKEN", "RADENG_ESS_API_KEY", "DAGSTER_HOME", "DB_PASSWORD", "CANARY"]
    for name in names:
        monkeypatch.setenv(name, "canary-7f3a")
    result = run(script(tmp_path, "import os\nprint(dict(os.environ))\n"), tmp_path)
    assert b"canary-7f3a" not in result.output
    assert not set(names) & command_environment().keys()
    assert command_environment()["CI"] == "true"


def test_standard_input_is_empty(tmp_path: Path) -> None:
    assert run(script(tmp_path, "import sys\nassert sys.stdin.read() == ''\n"), tmp_path).state == "passed"
