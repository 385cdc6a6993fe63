"""Listing files by a pattern."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from pydantic import JsonValue

from radeng_assets.execution.globs import covers
from radeng_assets.execution.tools.arguments import schema, text
from radeng_assets.execution.tools.confined import walk
from radeng_assets.execution.tools.tool import Tool, ToolAnswer, Workshop

MOST = 500


def _find(arguments: Mapping[str, JsonValue], workshop: Workshop) -> ToolAnswer:
    pattern = text(arguments, "pattern", "**")
    found = list(islice((path for path in walk(workshop.tree) if covers(pattern, path)), MOST + 1))
    more = [f"[more than {MOST}: narrow the pattern]"] if len(found) > MOST else []
    return ToolAnswer(text="\n".join([*found[:MOST], *more]) or "[none]")


TOOL = Tool(
    "find_files",
    "List files of the workspace by a pattern: * stays within a folder, ** spans folders, a folder means all in it.",
    schema({}, pattern=("string", "for example src/**/*.py; everything by default")),
    _find,
)
