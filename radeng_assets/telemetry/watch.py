"""One look at everything, as often as somebody asks: the record, its course, the present."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from radeng_assets.home import Home
from radeng_assets.telemetry.activity import Activity
from radeng_assets.telemetry.chronicle import Chronicle, Chronicler
from radeng_assets.telemetry.course import Weaver
from radeng_assets.telemetry.present import Observer
from radeng_assets.telemetry.probes import Readiness
from radeng_assets.telemetry.samples import Sample, samples_of


@dataclass
class Watch:
    """Watches a home. What did not change since the last look is not read or put together again."""

    home: Home
    _chronicle: Chronicle = field(default_factory=Chronicle)
    _course: tuple[Activity, ...] = ()
    _weaver: Weaver = field(default_factory=Weaver)

    def __post_init__(self) -> None:
        self._chronicler = Chronicler(self.home.path)
        self._observer = Observer(self.home)

    def course(self) -> tuple[Activity, ...]:
        """The course up to now. Raises ``OSError`` and ``sqlite3.Error`` where the record cannot be read."""
        chronicle = self._chronicler.read()
        if chronicle != self._chronicle:
            if not self._weaver.follows(chronicle):
                self._weaver = Weaver()  # another ledger in its place
            self._chronicle, self._course = chronicle, self._weaver.course(chronicle)
        return self._course

    def samples(self, readiness: Readiness | None = None) -> tuple[Sample, ...]:
        """Every sample as of now; ``readiness`` is what ``Probes`` said last. Raises as ``course`` does."""
        course = self.course()
        present = self._observer.look(course, round(time.time() * 1000), readiness)
        return tuple(samples_of(self._chronicle, course, present))
