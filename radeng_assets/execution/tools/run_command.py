"""Running a command in the workspace."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from radeng_assets.execution import process
from radeng_assets.execution.tools.arguments import number, schema, text
from radeng_assets.execution.tools.tool import Tool, ToolAnswer, Workshop


def _run(arguments: Mapping[str, JsonValue], workshop: Workshop) -> ToolAnswer:
    seconds = max(1, number(arguments, "timeout_s", int(workshop.timeout_s)))
    run = process.run_command(
        text(arguments, "command"),
        workshop.tree,
        timeout_s=min(float(seconds), workshop.timeout_s),
        output_limit=workshop.output_bytes,
        sandbox=workshop.sandbox,
        limits=workshop.limits,
        stopping=workshop.stopping,
    )
    output = run.output.decode("utf-8", errors="replace")
    ending = run.reason or "exit code 0"
    return ToolAnswer(text=f"{output}\n[{ending}]".lstrip("\n"), is_error=run.state != "passed")


TOOL = Tool(
    "run_command",
    "Run a command in the workspace, without network; what it started ends with it.",
    schema({"command": "a command line"}, timeout_s=("integer", "seconds")),
    _run,
    mutates=True,
)
