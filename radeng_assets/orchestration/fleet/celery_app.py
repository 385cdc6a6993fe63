"""``celery -A``: the app of a worker (``radeng worker`` starts it). Each step runs in a new process of its own.

Dagster is imported before those are forked; the plan is not, because each step brings its run's.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import cast

from dagster_celery.make_app import make_app  # pyright: ignore[reportUnknownVariableType]  # it states no types
from dagster_celery.tasks import create_task  # pyright: ignore[reportUnknownVariableType]

from radeng_assets.orchestration.fleet.errand import Errand, tell_the_run, where_results_go
from radeng_assets.orchestration.fleet.sign_of_life import SignOfLife
from radeng_assets.orchestration.fleet.terms import CELERY_URL
from radeng_assets.settings import Settings

for name in ("radeng_assets.orchestration.build", "dagster_postgres", "dagster._core.execution.api"):
    import_module(name)

tell_the_run()
_url, _silence = os.environ[CELERY_URL], Settings().worker_silence_s

app = make_app({"broker": _url, "backend": _url if isinstance(where_results_go(), dict) else "rpc://"})
app.conf.update(
    broker_transport_options={
        "visibility_timeout": _silence,
        "unacked_restore_interval": max(1.0, _silence / 4),
        "unacked_restore_throttle": 1,
    },
    broker_connection_retry_on_startup=True,
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=1,
)
cast("dict[str, set[object]]", app.steps)["consumer"].add(SignOfLife)
create_task(app, base=Errand, acks_late=True, reject_on_worker_lost=True)
