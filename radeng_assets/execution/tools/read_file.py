"""Reading a file."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from radeng_assets.execution.tools.arguments import number, schema, text
from radeng_assets.execution.tools.confined import Refused, place
from radeng_assets.execution.tools.tool import Tool, ToolAnswer, Workshop

LINES = 800


def _read(arguments: Mapping[str, JsonValue], workshop: Workshop) -> ToolAnswer:
    first, count = number(arguments, "first_line", 1), number(arguments, "lines", LINES)
    with place(workshop.tree, text(arguments, "path")) as here:
        data = here.read()
    if b"\0" in data:
        raise Refused("it is a binary file")
    lines = data.decode("utf-8", errors="replace").splitlines()
    start = max(first, 1) - 1
    shown = lines[start : start + max(1, min(count, LINES))]
    rest = len(lines) - start - len(shown)
    numbered = [f"{number:>5} {line}" for number, line in enumerate(shown, start=start + 1)]
    return ToolAnswer(text="\n".join([*numbered, *([f"[{rest} more lines]"] if rest > 0 else [])]) or "[empty]")


TOOL = Tool(
    "read_file",
    "Read a text file of the workspace, with line numbers.",
    schema(
        {"path": "relative to the workspace"},
        first_line=("integer", "from 1"),
        lines=("integer", f"at most {LINES}"),
    ),
    _read,
)
