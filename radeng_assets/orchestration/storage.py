"""Does Dagster's storage answer? For whoever asks whether the service is sound."""

from __future__ import annotations

import dagster as dg


def storage_problem() -> str:
    """Why the instance of ``DAGSTER_HOME`` cannot be used now; empty where its storage answers.

    The reason names the kind of the error and not its text: a driver's texts may hold an address with a password.
    """
    try:
        with dg.DagsterInstance.get() as instance:
            instance.get_run_ids(limit=1)
    except Exception as error:  # noqa: BLE001  # whatever a driver or a configuration raises means the same here
        return f"Dagster's storage does not answer ({type(error).__name__}): see dagster.yaml and RADENG_POSTGRES_URL"
    return ""
