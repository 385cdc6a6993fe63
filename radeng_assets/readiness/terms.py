"""Reading a part of ``readiness.yaml`` into its record: every field is a key of the same name.

A number must be over 0, and at most what its field's ``le`` says.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, TypeVar, get_args, get_origin

from pydantic.fields import FieldInfo

from radeng_assets.planning.fields import Fields
from radeng_assets.planning.located import Fact, values
from radeng_assets.record import Record

R = TypeVar("R", bound=Record)


def read_terms(fields: Fields, kind: type[R]) -> R:
    """The part as a record. What cannot be used is a finding, and the field's default holds."""
    given: dict[str, object] = {}
    for name, field in kind.model_fields.items():
        value = _value(fields, name, field)
        if value is not None:
            given[name] = value
    fields.leftovers()
    return kind.model_validate(given)


def _value(fields: Fields, name: str, field: FieldInfo) -> object:
    """One key's value in its field's type; ``None`` where it is missing or of no use."""
    kind: object = field.annotation
    if isinstance(kind, type) and issubclass(kind, Record):
        part = fields.mapping(name)
        return read_terms(part, kind) if part else None
    if kind is bool:
        flag = fields.flag(name)
        return flag.value if flag else None
    if kind is str:
        text = fields.text(name)
        return text.value if text else None
    if get_origin(kind) is tuple:
        return values(fields.texts(name)) or None
    if get_origin(kind) is Literal:
        return _choice(fields, name, get_args(kind))
    number = fields.integer(name) if kind is int else fields.number(name)
    if number is None or not _within(fields, name, number, field):
        return None
    return Decimal(str(number.value)) if kind is Decimal else number.value


def _within(fields: Fields, name: str, number: Fact[int] | Fact[float], field: FieldInfo) -> bool:
    most = next((bound.le for bound in field.metadata if hasattr(bound, "le")), None)
    if number.value > 0 and (most is None or number.value <= most):
        return True
    bounds = "over 0" if most is None else f"over 0 and at most {most}"
    message = f"{name!r} is {number.value:g}; it must be {bounds}. The default holds."
    fields.finding("wrong-value", message, "Correct the number.", subject=name, line=number.line)
    return False


def _choice(fields: Fields, name: str, choices: tuple[str, ...]) -> str | None:
    text = fields.text(name)
    if text is None or text.value in choices:
        return text.value if text else None
    message = f"{name!r} is {text.value[:40]!r}; it must be one of {', '.join(choices)}. The default holds."
    fields.finding("wrong-value", message, "Correct the word.", subject=name, line=text.line)
    return None
