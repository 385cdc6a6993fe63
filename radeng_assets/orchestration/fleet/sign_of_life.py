"""What a worker tells Redis: that it is still there for the messages which it holds.

Redis gives a message to another worker when nobody acknowledged it for a time, however long the step takes. So the time
is short, and a worker that lives begins it anew, again and again. RabbitMQ needs none of this: it sees connections end.
"""

from __future__ import annotations

import time
from typing import Any

from celery import bootsteps

from radeng_assets.settings import Settings

PER_SILENCE = 4
"""How many signs a worker gives within the time after which it counts as lost."""


class SignOfLife(bootsteps.StartStopStep):
    """A timer of the worker's own process, which does no step itself and so is never long away."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def start(self, parent: Any) -> None:
        """Begin when the worker listens. ``parent`` is Celery's consumer."""
        every = Settings().worker_silence_s / PER_SILENCE
        self.timer = parent.timer.call_repeatedly(every, renew, (parent.task_consumer.channel,))

    def stop(self, parent: Any) -> None:
        """End with the connection; the next one begins anew."""
        del parent
        self.timer.cancel()


def renew(channel: Any) -> None:
    """Let the time of all messages begin anew that a channel holds. One that is acknowledged meanwhile stays so."""
    index, tags = getattr(channel, "unacked_index_key", None), list(getattr(channel.qos, "_delivered", ()))
    if index and tags:
        with channel.conn_or_acquire() as client:
            client.zadd(index, dict.fromkeys(tags, time.time()), xx=True)
