"""Saying what was done. It sets no status: nothing that an agent says does."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from radeng_assets.execution.tools.arguments import schema, text
from radeng_assets.execution.tools.tool import Tool, ToolAnswer, Workshop


def _report(arguments: Mapping[str, JsonValue], workshop: Workshop) -> ToolAnswer:
    del workshop
    text(arguments, "summary")
    return ToolAnswer(text="noted; the gates decide")


TOOL = Tool(
    "report",
    "Tell people what you did and what is left. The gates decide whether it is done.",
    schema({"summary": "a few sentences"}),
    _report,
)
