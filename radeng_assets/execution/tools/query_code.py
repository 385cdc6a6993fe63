"""Asking the code index."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from radeng_assets.execution.tools.arguments import schema, text
from radeng_assets.execution.tools.confined import Refused
from radeng_assets.execution.tools.tool import Tool, ToolAnswer, Workshop


def _query(arguments: Mapping[str, JsonValue], workshop: Workshop) -> ToolAnswer:
    if workshop.query is None:
        raise Refused("there is no code index")
    return ToolAnswer(text=workshop.query(text(arguments, "text")))


TOOL = Tool(
    "query_code",
    "Ask the index of the code for symbols, documents and tests.",
    schema({"text": "what you look for"}),
    _query,
)
