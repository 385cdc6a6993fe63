"""Which models agents run on: from the SDK's own list, none that is near its end.

The SDK takes as long to import as Dagster, so it is imported where a model is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

PLAIN = "claude-sonnet-5-5"
ESCALATION = "claude-opus-5-5"


class NoSuchModel(Exception):  # noqa: N818  # named for what was found
    """A model that the SDK does not know, or that has an end of life; the message names those that will do."""


def known_models() -> tuple[str, ...]:
    """Every model of the installed SDK that has no end of life, newest first."""
    from anthropic.types import ModelParam

    literal = next(part for part in get_args(ModelParam) if part is not str)
    ends = _ends_of_life()
    return tuple(name for name in get_args(literal) if name not in ends)


def model_of(name: str, default: str) -> str:
    """A model by its setting, the default for an empty one. Raises ``NoSuchModel``."""
    chosen = name or default
    if chosen in known_models():
        return chosen
    end = _ends_of_life().get(chosen)
    why = f"ends on {end}" if end else "is unknown to the SDK"
    raise NoSuchModel(f"the model {chosen!r} {why}; use one of {', '.join(known_models()[:6])}")


def _ends_of_life() -> Mapping[str, str]:
    """Model → when it ends, in the SDK's words."""
    from anthropic.resources.messages import DEPRECATED_MODELS

    return DEPRECATED_MODELS
