"""Dagster's storage: opened by one process at a time, and asked whether it answers."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import dagster as dg

from radeng_assets.home import Home


@contextmanager
def opened(home: Home) -> Generator[dg.DagsterInstance]:
    """The instance of ``DAGSTER_HOME``. Whoever opens it first makes its databases, and nobody else meanwhile."""
    with home.opening:
        instance = dg.DagsterInstance.get()
    with instance:
        yield instance


def storage_problem(home: Home) -> str:
    """Why the instance of a home, which is ``DAGSTER_HOME``, cannot be used now; empty where its storage answers.

    The reason names the kind of the error and not its text: a driver's texts may hold an address with a password.
    """
    try:
        with opened(home) as instance:
            instance.get_run_ids(limit=1)
    except Exception as error:  # noqa: BLE001  # whatever a driver or a configuration raises means the same here
        return f"Dagster's storage does not answer ({type(error).__name__}): see dagster.yaml and RADENG_POSTGRES_URL"
    return ""
