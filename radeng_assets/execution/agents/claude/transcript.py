"""The transcript: what was said and done, from the journal, for people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import cast

from pydantic import JsonValue

from radeng_assets.execution.agents.claude.journal import Note

SHOWN = 4000
"""Characters of one text or result that are shown."""


def transcript_of(notes: Sequence[Note]) -> str:
    """The whole conversation in Markdown."""
    return "\n".join(line for note in notes for line in _lines(note)) + "\n"


def _lines(note: Note) -> Iterator[str]:
    body = note.body
    if note.kind == "opened":
        yield from (f"# {body['key']}", "", f"Model {body['model']}.", "")
        for block in cast("list[dict[str, JsonValue]]", body["first"]):
            yield from (_short(str(block.get("text", ""))), "")
    elif note.kind == "answered":
        yield from (f"## Turn {body['turn']} ({body['stop_reason']})", "")
        for block in cast("list[dict[str, JsonValue]]", body["content"]):
            if block.get("type") == "text":
                yield from (_short(str(block["text"])), "")
            elif block.get("type") == "tool_use":
                yield from (f"**{block['name']}** `{_short(json.dumps(block['input'], ensure_ascii=False))}`", "")
    elif note.kind == "done":
        yield from ("```", _short(str(body["text"])), "```", "")


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}\n[… {len(text) - SHOWN} characters]"
