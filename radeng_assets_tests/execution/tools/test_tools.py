"""What a model can do with its tools, and what it cannot: nothing outside its workspace, ever."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from radeng_assets.execution.agent_policy import MachineLimits
from radeng_assets.execution.gates import never
from radeng_assets.execution.sandbox import find_sandbox
from radeng_assets.execution.tools.confined import Refused, parts_of
from radeng_assets.execution.tools.tool import ToolAnswer, Workshop
from radeng_assets.execution.tools.toolbox import all_tools


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """A workspace with a few files, traps around it."""
    tree = tmp_path / "tree"
    (tree / "src").mkdir(parents=True)
    (tree / "src" / "a.py").write_text("one\ntwo\nthree\n", encoding="utf-8")
    (tree / "binary").write_bytes(b"\0\1")
    (tree / ".git").write_text("gitdir: elsewhere\n", encoding="utf-8")
    (tree / ".env").write_text("SECRET=1\n", encoding="utf-8")
    (tmp_path / "outside.txt").write_text("canary", encoding="utf-8")
    (tree / "link").symlink_to(tmp_path / "outside.txt")
    (tree / "up").symlink_to(tmp_path)
    (tree / "loop").symlink_to("loop")
    os.mkfifo(tree / "pipe")
    sandbox = find_sandbox("required")
    return Workshop(tree, MachineLimits(), timeout_s=20, output_bytes=4000, stopping=never, sandbox=sandbox)


def use(workshop: Workshop, name: str, **arguments: JsonValue) -> ToolAnswer:
    (tool,) = [tool for tool in all_tools() if tool.name == name]
    return tool.run(arguments, workshop)


def test_the_tools_and_their_order() -> None:
    names = [tool.name for tool in all_tools()]
    assert names == sorted(names)
    assert {tool.name for tool in all_tools() if tool.mutates} == {"edit_file", "run_command", "write_file"}
    assert all(tool.schema["additionalProperties"] is False for tool in all_tools())


def test_reading(workshop: Workshop) -> None:
    assert use(workshop, "read_file", path="src/a.py").text == "    1 one\n    2 two\n    3 three"
    assert use(workshop, "read_file", path="src/a.py", first_line=2, lines=1).text == "    2 two\n[1 more lines]"
    assert use(workshop, "find_files", pattern="src/**").text == "src/a.py"
    assert use(workshop, "find_files").text.splitlines() == ["binary", "link", "loop", "pipe", "src/a.py"]
    assert "src/a.py:2:two" in use(workshop, "grep", pattern="^t.o$").text
    assert use(workshop, "grep", pattern="nothing like it").text == "[no match]"


def test_writing(workshop: Workshop) -> None:
    assert not use(workshop, "write_file", path="new/deep/b.txt", content="ü").is_error
    assert (workshop.tree / "new" / "deep" / "b.txt").read_text("utf-8") == "ü"
    (workshop.tree / "src" / "a.py").chmod(0o755)
    assert not use(workshop, "edit_file", path="src/a.py", old="two", new="2").is_error
    assert (workshop.tree / "src" / "a.py").read_text("utf-8") == "one\n2\nthree\n"
    assert (workshop.tree / "src" / "a.py").stat().st_mode & 0o777 == 0o755
    assert "stands there 0 times" in use(workshop, "edit_file", path="src/a.py", old="nine", new="9").text
    assert "stands there 2 times" in use(workshop, "edit_file", path="src/a.py", old="e\n", new="9").text
    # A link of that name is replaced, not followed.
    assert not use(workshop, "write_file", path="link", content="mine").is_error
    assert (workshop.tree.parent / "outside.txt").read_text("utf-8") == "canary"
    assert not (workshop.tree / "link").is_symlink()


@pytest.mark.parametrize(
    "path",
    [
        *("../outside.txt", "/etc/passwd", "~/x", "up/outside.txt", "link", "loop", "src/../../outside.txt", "a\0b"),
        *(
            ".git",
            ".git/config",
            ".GIT/config",
            "src/.git/config",
            "git~1/config",
            ".git./config",
            ".env",
            ".env.local",
        ),
        *("C:/x", "src\\..\\..\\outside.txt", "", ".", "pipe", "src", "no/such", "binary", "x" * 2000),
    ],
)
def test_no_path_leads_out(workshop: Workshop, path: str) -> None:
    answer = use(workshop, "read_file", path=path)
    assert answer.is_error
    assert "canary" not in answer.text
    assert str(workshop.tree) not in answer.text


@pytest.mark.parametrize(
    "path", ["../out.txt", "/srv/out.txt", "up/out.txt", ".git", ".git/hooks/x", ".env", "link/x", "src"]
)
def test_nothing_is_written_outside(workshop: Workshop, path: str) -> None:
    assert use(workshop, "write_file", path=path, content="x").is_error
    assert not (workshop.tree.parent / "out.txt").exists()
    assert (workshop.tree / ".git").read_text("utf-8") == "gitdir: elsewhere\n"


PARTS = st.sampled_from(["..", ".", "", "src", "up", "link", "loop", ".git", "new", "a.py", "~", "outside.txt", "/"])


@given(st.lists(PARTS, max_size=6).map("/".join))
def test_whatever_a_path_is_made_of(tmp_path_factory: pytest.TempPathFactory, path: str) -> None:
    root = tmp_path_factory.mktemp("w")
    tree = root / "tree"
    (tree / "src").mkdir(parents=True)
    (root / "outside.txt").write_text("canary", encoding="utf-8")
    (tree / "link").symlink_to(root / "outside.txt")
    (tree / "up").symlink_to(root)
    workshop = Workshop(tree, MachineLimits(), timeout_s=5, output_bytes=100, stopping=never)
    assert "canary" not in use(workshop, "read_file", path=path).text
    use(workshop, "write_file", path=path, content="x")
    assert sorted(p.name for p in root.iterdir()) == ["outside.txt", "tree"]
    assert (root / "outside.txt").read_text("utf-8") == "canary"


@given(st.text(max_size=40))
def test_no_accepted_path_has_a_part_that_climbs(path: str) -> None:
    try:
        parts = parts_of(path)
    except Refused:
        return
    assert not {"..", ".", ""} & set(parts)
    assert not any(part.lower().startswith((".env",)) or part.lower() == ".git" for part in parts)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("read_file", {}),
        ("read_file", {"path": 7}),
        ("read_file", {"path": "src/a.py", "lines": "many"}),
        ("write_file", {"path": "x"}),
        ("write_file", {"path": "x", "content": "y" * 2_000_000}),
        ("edit_file", {"path": "src/a.py", "old": "", "new": "x"}),
        ("grep", {"pattern": "("}),
        ("grep", {"pattern": "x", "path": "../"}),
        ("run_command", {"command": ["a"]}),
        ("run_command", {"command": ""}),
        ("run_command", {"command": "no-such-program"}),
        ("query_code", {"text": "x"}),
        ("report", {}),
    ],
)
def test_a_wrong_input_is_an_answer(workshop: Workshop, name: str, arguments: dict[str, JsonValue]) -> None:
    assert use(workshop, name, **arguments).is_error


def test_running_a_command(workshop: Workshop) -> None:
    assert use(workshop, "run_command", command="echo hi > made; cat made").text.startswith("hi\n")
    assert (workshop.tree / "made").exists()
    failed = use(workshop, "run_command", command="echo no; exit 3")
    assert failed.is_error
    assert "exit code 3" in failed.text
    assert "did not end within 1 s" in use(workshop, "run_command", command="sleep 60", timeout_s=1).text
    assert len(use(workshop, "run_command", command="yes | head -c 1000000").text) < 5000
    for reach in (f"cat {workshop.tree.parent}/outside.txt", "echo x > .git", "cat /root/.bashrc /etc/shadow- /work/*"):
        answer = use(workshop, "run_command", command=reach)
        assert answer.is_error, reach
        assert "canary" not in answer.text
    network = "python3 -c \"import socket; socket.create_connection(('127.0.0.1', 22), 2)\""
    assert use(workshop, "run_command", command=network).is_error


def test_a_pattern_that_takes_for_ever_is_bounded(workshop: Workshop) -> None:
    (workshop.tree / "evil.txt").write_text("a" * 40 + "!\n", encoding="utf-8")
    assert use(workshop, "grep", pattern="(a+)+$").text == "[no match]"


def test_a_role_that_only_reads(workshop: Workshop) -> None:
    reading = Workshop(workshop.tree, MachineLimits(), 5, 100, never, workshop.sandbox, writable=False)
    assert "only reads" in use(reading, "write_file", path="x", content="y").text
    assert not (workshop.tree / "x").exists()
