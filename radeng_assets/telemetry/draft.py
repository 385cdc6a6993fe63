"""A draft: an activity while it is being put together, with what it lies in."""

from __future__ import annotations

from dataclasses import dataclass, field

from radeng_assets.telemetry.activity import Activity, ActivityKind


@dataclass
class Draft:
    """An activity that is being put together."""

    kind: ActivityKind
    key: str
    parent: Draft | None
    began: int
    latest: int
    over: bool = False
    opened: bool = False
    facts: dict[str, object] = field(default_factory=dict[str, object])
    _done: Activity | None = None

    def reach(self, began: int, latest: int) -> None:
        """Reach from this moment to that one at least, as all around it must.

        What is on record of an activity stays: a begin that was recorded, and both ends once it is over.
        """
        place: Draft | None = self
        while place is not None:
            if not place.over:
                place.began = place.began if place.opened else min(place.began, began)
                place.latest = max(place.latest, latest)
            place = place.parent

    def end(self, at: int, **facts: object) -> None:
        """It is over."""
        self.facts = {**facts, **self.facts}
        self.latest = max(self.began, at)
        self.over = True
        if self.parent is not None:
            self.parent.reach(self.parent.began, self.latest)

    def activity(self) -> Activity:
        """What came of it, with the names of all that it lies in. Put together once where nothing can change."""
        if self._done is None:
            activity = self._activity()
            self._done = activity if self.over else None
            return activity
        return self._done

    def _activity(self) -> Activity:
        around = self.parent.names() if self.parent else {}
        return Activity.model_validate(
            {
                **around,
                **self.facts,
                "kind": self.kind,
                "key": self.key,
                "parent": self.parent.key if self.parent else "",
                "began": self.began,
                "latest": self.latest,
                "over": self.over,
                "opened": self.opened,
            }
        )

    def names(self) -> dict[str, object]:
        """The run, wave, story and attempt that it is or lies in."""
        around = self.parent.names() if self.parent else {}
        wanted = ("run", "wave", "story", "attempt")
        return {**around, **{name: self.facts[name] for name in wanted if name in self.facts}}
