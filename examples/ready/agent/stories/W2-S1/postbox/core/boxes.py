"""The boxes of all agents."""

from __future__ import annotations

import threading
from collections import defaultdict

from postbox.core.journal import Journal
from postbox.core.letter import Letter


class Boxes:
    """Letters by owner, until each is taken. What the journal holds is there again after a restart."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._lock = threading.Lock()
        self._letters: defaultdict[str, list[Letter]] = defaultdict(list)
        self._arrived: dict[str, threading.Condition] = {}
        self._waiting = 0
        for letter in journal.letters():
            self._letters[letter.owner].append(letter)

    def put(self, letter: Letter) -> None:
        """Keep a letter: first on the disk, then for its owner."""
        self._journal.append(letter)
        with self._lock:
            self._letters[letter.owner].append(letter)
            if letter.owner in self._arrived:
                self._arrived[letter.owner].notify_all()

    def take(self, owner: str, wait_s: float = 0.0) -> list[Letter]:
        """The owner's letters, oldest first; where there are none, those that come within ``wait_s`` seconds."""
        with self._lock:
            if wait_s > 0 and not self._letters[owner]:
                self._waiting += 1
                arrived = self._arrived.setdefault(owner, threading.Condition(self._lock))
                arrived.wait_for(lambda: self._letters[owner], wait_s)
                self._waiting -= 1
            return self._letters.pop(owner, [])

    @property
    def waiting(self) -> int:
        """How many owners wait for letters now."""
        with self._lock:
            return self._waiting

    def counts(self) -> dict[str, int]:
        """How many letters lie in each box that has any."""
        with self._lock:
            return {owner: len(letters) for owner, letters in sorted(self._letters.items()) if letters}
