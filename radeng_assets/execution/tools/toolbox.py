"""Finds every tool: each module beside this one that has a ``TOOL``."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from radeng_assets.execution import tools
from radeng_assets.execution.tools.tool import Tool


@cache
def all_tools() -> tuple[Tool, ...]:
    """Every tool, by name: a stable order, because a request's prefix is cached."""
    modules = [import_module(f"{tools.__name__}.{module.name}") for module in pkgutil.iter_modules(tools.__path__)]
    return tuple(sorted((m.TOOL for m in modules if hasattr(m, "TOOL")), key=lambda tool: tool.name))
