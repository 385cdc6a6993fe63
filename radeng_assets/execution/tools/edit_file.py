"""Changing one place of a file."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from radeng_assets.execution.tools.arguments import schema, text
from radeng_assets.execution.tools.confined import Refused, place
from radeng_assets.execution.tools.tool import Tool, ToolAnswer, Workshop


def _edit(arguments: Mapping[str, JsonValue], workshop: Workshop) -> ToolAnswer:
    old, new = text(arguments, "old").encode(), text(arguments, "new").encode()
    with place(workshop.tree, text(arguments, "path")) as here:
        data = here.read()
        times = data.count(old) if old else 0
        if times != 1:
            raise Refused(f"the old text stands there {times} times; give enough of it that it stands there once")
        here.write(data.replace(old, new))
    return ToolAnswer(text="changed")


TOOL = Tool(
    "edit_file",
    "Replace a text that stands exactly once in a file.",
    schema({"path": "relative to the workspace", "old": "exactly as it stands", "new": "what it becomes"}),
    _edit,
    mutates=True,
)
