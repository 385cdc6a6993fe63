"""Reading ``agents:`` of ``readiness.yaml``: every field of ``AgentPolicy`` is a key of the same name."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, TypeVar, get_args, get_origin

from radeng_assets.execution.agent_policy import AgentPolicy
from radeng_assets.planning.fields import Fields
from radeng_assets.planning.located import Fact, values
from radeng_assets.record import Record

R = TypeVar("R", bound=Record)


def read_agent_policy(fields: Fields) -> AgentPolicy:
    """The policy for agents. What cannot be used is a finding, and the default holds."""
    return _read(fields, AgentPolicy)


def _read(fields: Fields, kind: type[R]) -> R:
    given: dict[str, object] = {}
    for name, field in kind.model_fields.items():
        value = _value(fields, name, field.annotation)
        if value is not None:
            given[name] = value
    fields.leftovers()
    return kind.model_validate(given)


def _value(fields: Fields, name: str, kind: object) -> object:
    """One key's value in its field's type; ``None`` where it is missing or of no use."""
    if isinstance(kind, type) and issubclass(kind, Record):
        part = fields.mapping(name)
        return _read(part, kind) if part else None
    if kind is bool:
        flag = fields.flag(name)
        return flag.value if flag else None
    if get_origin(kind) is tuple:
        return values(fields.texts(name)) or None
    if get_origin(kind) is Literal:
        return _choice(fields, name, get_args(kind))
    number = fields.integer(name) if kind is int else fields.number(name)
    if number is None or not _positive(fields, name, number):
        return None
    return Decimal(str(number.value)) if kind is Decimal else number.value


def _positive(fields: Fields, name: str, number: Fact[int] | Fact[float]) -> bool:
    if number.value > 0:
        return True
    message = f"{name!r} is {number.value:g}; it must be over 0. The default holds."
    fields.finding("wrong-value", message, "Correct the number.", subject=name, line=number.line)
    return False


def _choice(fields: Fields, name: str, choices: tuple[str, ...]) -> str | None:
    text = fields.text(name)
    if text is None or text.value in choices:
        return text.value if text else None
    message = f"{name!r} is {text.value[:40]!r}; it must be one of {', '.join(choices)}. The default holds."
    fields.finding("wrong-value", message, "Correct the word.", subject=name, line=text.line)
    return None
