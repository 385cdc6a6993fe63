"""Reading a part of ``readiness.yaml`` into its record: every field is a key of the same name.

A number must be over 0 (at least its field's ``ge``, where it has one), and at most what its field's ``le`` says. A
field without a default must be there: an item of a list that lacks it is left out, with an error.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal, TypeVar, get_args, get_origin

from pydantic.fields import FieldInfo

from radeng_assets.planning.fields import Fields
from radeng_assets.planning.located import Fact, values
from radeng_assets.record import Record

R = TypeVar("R", bound=Record)


def read_terms(fields: Fields, kind: type[R]) -> R:
    """The part as a record. What cannot be used is a finding, and the field's default holds."""
    return kind.model_validate(_given(fields, kind))


def read_items(fields: Fields, key: str, kind: type[R]) -> tuple[R, ...]:
    """A list of mappings as records. Whatever lacks a required field is a finding, and left out."""
    items: list[R] = []
    for part in fields.mappings(key, f"{key} of {fields.subject}"):
        given = _given(part, kind)
        lacking = [name for name, field in kind.model_fields.items() if field.is_required() and name not in given]
        for name in lacking:
            part.finding("missing-key", f"{part.subject} ({part.lines}) has no {name!r}; left out.", f"Add {name!r}.")
        if not lacking:
            items.append(kind.model_validate(given))
    return tuple(items)


def _given(fields: Fields, kind: type[Record]) -> dict[str, object]:
    given: dict[str, object] = {}
    for name, field in kind.model_fields.items():
        value = _value(fields, name, field)
        if value is not None:
            given[name] = value
    fields.leftovers()
    return given


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
        item = get_args(kind)[0]
        if isinstance(item, type) and issubclass(item, Record):
            return read_items(fields, name, item) or None
        return values(fields.texts(name)) or None
    if get_origin(kind) is dict:
        return _lists(fields, name)
    if date in (kind, *get_args(kind)):
        return _day(fields, name)
    if get_origin(kind) is Literal:
        return _choice(fields, name, get_args(kind))
    number = fields.integer(name) if int in (kind, *get_args(kind)) else fields.number(name)
    if number is None or not _within(fields, name, number, field):
        return None
    return Decimal(str(number.value)) if kind is Decimal else number.value


def _lists(fields: Fields, name: str) -> dict[str, tuple[str, ...]] | None:
    """A mapping with free keys, each with a text or a list of texts."""
    part = fields.mapping(name)
    if part is None:
        return None
    return {entry.key.text: values(texts) for entry in part.rest() if (texts := part.texts(entry.key.text))}


def _day(fields: Fields, name: str) -> date | None:
    text = fields.text(name)
    try:
        return date.fromisoformat(text.value) if text else None
    except ValueError:
        message = (
            f"{name!r} of {fields.subject} is {text.value[:40] if text else ''!r}; it must be a date (YYYY-MM-DD)."
        )
        fields.finding("wrong-value", message, "Correct the date.", subject=name, line=text.line if text else None)
        return None


def _within(fields: Fields, name: str, number: Fact[int] | Fact[float], field: FieldInfo) -> bool:
    most = next((bound.le for bound in field.metadata if hasattr(bound, "le")), None)
    least = next((bound.ge for bound in field.metadata if hasattr(bound, "ge")), None)
    enough = number.value > 0 if least is None else number.value >= least
    if enough and (most is None or number.value <= most):
        return True
    bounds = "over 0" if least is None else f"at least {least}"
    bounds = bounds if most is None else f"{bounds} and at most {most}"
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
