"""What a sandboxed command can reach: its workspace, and nothing else that may change or tell a secret."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from radeng_assets.execution.process import CommandRun, run_command
from radeng_assets.execution.sandbox import Sandbox, find_sandbox, program_folders


@pytest.fixture
def sandbox() -> Sandbox:
    found = find_sandbox("required")
    assert found is not None
    return found


def run(command: str, tree: Path, sandbox: Sandbox | None) -> CommandRun:
    return run_command(command, tree, timeout_s=20, output_limit=10_000, sandbox=sandbox)


@pytest.mark.parametrize("place", ["{outside}/x", "/etc/x", "/usr/x", "/var/x", "/x"])
def test_nothing_is_written_outside(tmp_path: Path, sandbox: Sandbox, place: str) -> None:
    tree, outside = tmp_path / "tree", tmp_path / "outside"
    for folder in (tree, outside):
        folder.mkdir()
    inside = run(f"echo x > {place.format(outside=outside)}", tree, sandbox)
    assert inside.state != "passed" or not Path(place.format(outside=outside)).exists()
    assert not list(outside.iterdir())
    assert run(f"echo x > {outside}/x", tree, None).state == "passed"  # without it, it is
    assert list(outside.iterdir())


def test_the_workspace_is_written_and_its_git_pointer_is_not(tmp_path: Path, sandbox: Sandbox) -> None:
    (tmp_path / ".git").write_text("gitdir: x\n", encoding="utf-8")
    assert run("echo x > made", tmp_path, sandbox).state == "passed"
    assert run("echo x > .git", tmp_path, sandbox).state == "failed"
    assert run("rm .git", tmp_path, sandbox).state == "failed"
    assert (tmp_path / "made").exists()


def test_no_network_and_no_other_processes(tmp_path: Path, sandbox: Sandbox) -> None:
    assert (
        run("ls /sys/class/net /proc/net/dev; test $(grep -c : /proc/net/dev) = 1", tmp_path, sandbox).state == "passed"
    )
    assert run("test $(ls -d /proc/[0-9]* | wc -l) -lt 6", tmp_path, sandbox).state == "passed"
    assert run("test $(ls -d /proc/[0-9]* | wc -l) -lt 6", tmp_path, None).state == "failed"


def test_programs_are_found_and_homes_are_not(tmp_path: Path, sandbox: Sandbox) -> None:
    assert run(f"{sys.executable} -c 'import pytest'", tmp_path, sandbox).state == "passed"
    assert run("git --version", tmp_path, sandbox).state == "passed"
    assert Path.home() not in program_folders()
    assert (
        run(f"ls -A {Path.home()}/.ssh {Path.home()}/.config {Path.home()}/.bashrc", tmp_path, sandbox).state
        == "failed"
    )


def test_a_missing_program_is_no_runner_inside_too(tmp_path: Path, sandbox: Sandbox) -> None:
    assert run("no-such-program", tmp_path, sandbox).state == "no_runner"
    assert run("./not-there.sh", tmp_path, sandbox).state == "no_runner"


def test_more_can_be_shown(tmp_path: Path, sandbox: Sandbox) -> None:
    tree, more = tmp_path / "tree", tmp_path / "more.txt"
    tree.mkdir()
    more.write_text("to read", encoding="utf-8")
    shown = sandbox.showing([(more, Path("/run/radeng/more.txt"))])
    assert run("cat /run/radeng/more.txt", tree, shown).output == b"to read"
    assert run("echo x > /run/radeng/more.txt", tree, shown).state == "failed"


BREAK_OUT = [
    pytest.param("mount -o remount,rw,bind {outside}; echo x > {outside}/x", id="makes it writable"),
    pytest.param("umount {outside} && echo x > {outside}/x", id="takes the mount away"),
    pytest.param("unshare -Urm sh -c 'mount -o remount,rw,bind {outside}; echo x > {outside}/x'", id="one more inside"),
    pytest.param("ln {outside}/kept mine && echo x > mine", id="a hard link"),
]


@pytest.mark.parametrize("attack", BREAK_OUT)
def test_what_is_shown_stays_read_only_for_root_as_well(tmp_path: Path, sandbox: Sandbox, attack: str) -> None:
    tree, outside = tmp_path / "tree", tmp_path / "outside"
    for folder in (tree, outside):
        folder.mkdir()
    (outside / "kept").write_text("as it was", encoding="utf-8")
    run(attack.format(outside=outside), tree, sandbox.showing([(outside, outside)]))
    assert [path.name for path in outside.iterdir()] == ["kept"]
    assert (outside / "kept").read_text("utf-8") == "as it was"


def test_no_namespace_and_no_capability_inside(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("unshare -U true", tmp_path, sandbox).state == "failed"
    shown = run("grep CapEff /proc/self/status", tmp_path, sandbox).output.split()
    assert int(shown[1], 16) == 0
    monkeypatch.setattr("radeng_assets.execution.sandbox._NAMESPACES", ("--unshare-all",))
    assert run("unshare -U true", tmp_path, sandbox).state == "passed"


def test_what_only_root_may_read_is_not_shown(tmp_path: Path, sandbox: Sandbox) -> None:
    assert b"root:" not in run("cat /etc/shadow", tmp_path, sandbox).output
    assert b"root:" in run("cat /etc/passwd", tmp_path, sandbox).output


def test_off_is_off(tmp_path: Path) -> None:
    assert find_sandbox("off") is None
