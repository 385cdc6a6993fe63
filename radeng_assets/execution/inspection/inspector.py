"""Runs every inspection over a change. Each module of ``checks`` that has an ``INSPECTION`` is one."""

from __future__ import annotations

import pkgutil
from collections.abc import Sequence
from functools import cache
from importlib import import_module

from radeng_assets.execution.globs import covered
from radeng_assets.execution.inspection import checks
from radeng_assets.execution.inspection.change import Change, Objection, Terms
from radeng_assets.execution.inspection.inspection import Inspection
from radeng_assets.execution.inspection.kinds import is_settings, is_test, named_files


@cache
def inspections() -> tuple[Inspection, ...]:
    """Every inspection, by id. ``AttributeError`` for a module without one."""
    found = [import_module(f"{checks.__name__}.{m.name}").INSPECTION for m in pkgutil.iter_modules(checks.__path__)]
    return tuple(sorted(found, key=lambda inspection: inspection.id))


def inspect(change: Change, terms: Terms, chosen: Sequence[Inspection] | None = None) -> tuple[Objection, ...]:
    """Everything that stands against a change. ``chosen`` are the inspections to run, all where it is ``None``."""
    return tuple(
        objection
        for inspection in (inspections() if chosen is None else chosen)
        for objection in inspection.objections(change, terms)
        if not (inspection.excusable and covered(objection.path, terms.may_change))
    )


def proof_files(change: Change, terms: Terms) -> tuple[str, ...]:
    """Changed files of the base that are part of the proof: the proof is run once more with the base's version of them.

    Tests, and gate scripts and tool settings that the story does not declare; none that the plan lets it change.
    """
    named = named_files(terms.commands, change.base_paths)
    return tuple(
        file.path
        for file in change.files
        if file.before is not None
        and not covered(file.path, terms.may_change)
        and (
            is_test(file.path)
            or ((file.path in named or is_settings(file.path)) and not covered(file.path, terms.scope))
        )
    )
