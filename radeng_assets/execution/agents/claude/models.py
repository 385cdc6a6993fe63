"""Which models agents run on: from the SDK's own list, none that is near its end."""

from __future__ import annotations

from typing import get_args

# The SDK's own list of ends of life; it moves between versions, and this is where every one of them has it.
from anthropic.resources.messages.messages import DEPRECATED_MODELS  # pyright: ignore[reportPrivateImportUsage]
from anthropic.types import ModelParam

PLAIN = "claude-sonnet-5-5"
ESCALATION = "claude-opus-5-5"


class NoSuchModel(Exception):  # noqa: N818  # named for what was found
    """A model that the SDK does not know, or that has an end of life; the message names those that will do."""


def known_models() -> tuple[str, ...]:
    """Every model of the installed SDK that has no end of life, newest first."""
    literal = next(part for part in get_args(ModelParam) if part is not str)
    return tuple(name for name in get_args(literal) if name not in DEPRECATED_MODELS)


def model_of(name: str, default: str) -> str:
    """A model by its setting, the default for an empty one. Raises ``NoSuchModel``."""
    chosen = name or default
    if chosen in known_models():
        return chosen
    end = DEPRECATED_MODELS.get(chosen)
    why = f"ends on {end}" if end else "is unknown to the SDK"
    raise NoSuchModel(f"the model {chosen!r} {why}; use one of {', '.join(known_models()[:6])}")
