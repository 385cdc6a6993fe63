"""The one base of every value object: frozen, closed, comparable."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """An immutable pydantic model that refuses unknown fields.

    What the pipeline passes between steps, stores and digests is a ``Record``; a field that
    nobody declared is an error (``pydantic.ValidationError``), never silently dropped.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
