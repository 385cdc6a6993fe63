"""Writing a file."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from radeng_assets.execution.tools.arguments import schema, text
from radeng_assets.execution.tools.confined import place
from radeng_assets.execution.tools.tool import Tool, ToolAnswer, Workshop


def _write(arguments: Mapping[str, JsonValue], workshop: Workshop) -> ToolAnswer:
    content = text(arguments, "content").encode("utf-8", errors="surrogatepass")
    with place(workshop.tree, text(arguments, "path"), make=True) as here:
        here.write(content)
    return ToolAnswer(text=f"written: {len(content)} bytes")


TOOL = Tool(
    "write_file",
    "Write a whole file of the workspace; folders on the way are made.",
    schema({"path": "relative to the workspace", "content": "the whole file"}),
    _write,
    mutates=True,
)
