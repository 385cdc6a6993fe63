"""What a fleet needs before anything starts. Light: the command line asks it, and Dagster takes seconds to import."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec

from radeng_assets.database import ADDRESS, configured
from radeng_assets.locations import is_url
from radeng_assets.settings import Settings

CELERY_URL = "RADENG_CELERY_URL"
"""The variable that names Celery's message broker. No setting, because it may hold a password."""

K8S_IMAGE = "RADENG_K8S_IMAGE"
"""The variable that names the image which Kubernetes starts steps from."""

_MODULES = {"celery": "dagster_celery", "k8s": "dagster_k8s"}
_ADDRESSES = {
    "celery": (CELERY_URL, "redis://HOST:6379/0 or amqp://USER@HOST//"),
    "k8s": (K8S_IMAGE, "the image that this pod runs"),
}


class NoEngine(Exception):  # noqa: N818  # named for what is missing
    """An executor that cannot be used as things are; the message says what to install or to set."""


def require_engine(settings: Settings, environ: Mapping[str, str]) -> None:
    """Raise ``NoEngine`` unless the executor of these settings can carry waves out."""
    engine = settings.executor
    if engine == "processes":
        return
    if find_spec(_MODULES[engine]) is None:
        raise NoEngine(f"RADENG_EXECUTOR={engine} needs an extra: pip install 'radeng-assets[{engine}]'.")
    address, example = _ADDRESSES[engine]
    if not environ.get(address):
        raise NoEngine(f"RADENG_EXECUTOR={engine} needs {address}: {example}.")
    if not settings.shared:
        raise NoEngine(
            f"RADENG_EXECUTOR={engine} needs RADENG_SHARED: a path that all machines have, or an fsspec URL."
        )
    if not configured(environ):
        raise NoEngine(f"RADENG_EXECUTOR={engine} needs {ADDRESS}: one database for all machines.")
    if settings.target_repo and not is_url(settings.target_repo):
        raise NoEngine(
            f"RADENG_EXECUTOR={engine} needs a target that all machines reach: name it by a URL, not by a path."
        )
    if settings.mode == "claude":
        raise NoEngine(
            f"RADENG_EXECUTOR={engine} cannot carry out --agent claude: each machine would have a budget of its own."
        )
