"""Searching in files."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from radeng_assets.execution.process import run_command
from radeng_assets.execution.tools.arguments import schema, text
from radeng_assets.execution.tools.confined import parts_of
from radeng_assets.execution.tools.tool import Tool, ToolAnswer, Workshop

TIMEOUT_S = 20.0
"""A pattern of a model's may take for ever; grep's own engine is linear without back-references."""


def _grep(arguments: Mapping[str, JsonValue], workshop: Workshop) -> ToolAnswer:
    below = "/".join(parts_of(text(arguments, "path", ""))) or "."
    ignored = ("--exclude-dir=.git", "--exclude=.git", "--exclude=.env*", "--binary-files=without-match")
    run = run_command(
        ("grep", "-rnE", "--max-count=50", *ignored, "-e", text(arguments, "pattern"), "--", below),
        workshop.tree,
        timeout_s=TIMEOUT_S,
        output_limit=workshop.output_bytes,
        sandbox=workshop.sandbox,
        stopping=workshop.stopping,
    )
    if run.exit_code == 1:
        return ToolAnswer(text="[no match]")
    output = run.output.decode("utf-8", errors="replace")
    return ToolAnswer(text=output or run.reason, is_error=run.exit_code != 0)


TOOL = Tool(
    "grep",
    "Search the workspace's files for an extended regular expression.",
    schema({"pattern": "POSIX extended regular expression"}, path=("string", "a file or folder; all by default")),
    _grep,
)
