"""A tool's input as the model gave it: looked at before it is used."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from radeng_assets.execution.tools.confined import Refused

LONGEST_TEXT = 1024 * 1024


def text(arguments: Mapping[str, JsonValue], name: str, default: str | None = None) -> str:
    """A text. Raises ``Refused`` for anything else."""
    value = arguments.get(name, default)
    if not isinstance(value, str):
        raise Refused(f"{name!r} must be a text")
    if len(value) > LONGEST_TEXT:
        raise Refused(f"{name!r} is longer than {LONGEST_TEXT} characters")
    return value


def number(arguments: Mapping[str, JsonValue], name: str, default: int) -> int:
    """A whole number. Raises ``Refused`` for anything else."""
    value = arguments.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refused(f"{name!r} must be a whole number")
    return value


def schema(required: Mapping[str, str], **optional: tuple[str, str]) -> dict[str, JsonValue]:
    """The JSON schema of an input: name → what it is (a text); optional ones have (type, what it is)."""
    properties: dict[str, JsonValue] = {
        name: {"type": "string", "description": what} for name, what in required.items()
    }
    properties |= {name: {"type": kind, "description": what} for name, (kind, what) in optional.items()}
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}
