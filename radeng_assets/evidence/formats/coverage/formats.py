"""Finds every format: each module beside this one that has a ``FORMAT``. Reads a report in whichever it is."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from radeng_assets.evidence.formats import coverage
from radeng_assets.evidence.formats.coverage.format import Format
from radeng_assets.evidence.formats.coverage.lines import CoverageReport
from radeng_assets.evidence.formats.notes import Notes
from radeng_assets.planning.findings import Finding


@cache
def all_formats() -> tuple[Format, ...]:
    """Every format, by name."""
    modules = [
        import_module(f"{coverage.__name__}.{module.name}") for module in pkgutil.iter_modules(coverage.__path__)
    ]
    return tuple(sorted((m.FORMAT for m in modules if hasattr(m, "FORMAT")), key=lambda one: one.name))


def format_of(data: bytes) -> Format | None:
    """The one format that recognises some bytes by their content; ``None`` where none does."""
    return next((one for one in all_formats() if one.recognises(data)), None)


def read_coverage(data: bytes, file: str) -> tuple[CoverageReport | None, tuple[Finding, ...]]:
    """A coverage report in any known format, and what is wrong with it. ``file`` is its name in findings.

    ``None`` where nothing can be used: that is never zero lines, and never a pass.
    """
    notes = Notes(file)
    known = format_of(data)
    if known is not None:
        return known.read(data, notes), notes.findings()
    names = ", ".join(one.name for one in all_formats())
    message = f"{file} is a coverage report in none of the known formats ({names})."
    notes.error("coverage-format-unknown", file, message, "Write it in one of them.", 1)
    return None, notes.findings()
