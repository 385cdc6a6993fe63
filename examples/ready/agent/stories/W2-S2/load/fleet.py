"""A fleet of agents that send one another letters through one office, over HTTP on loopback."""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from postbox.security.quota import Quota
from postbox.service.opening import opened
from postbox.service.server import Office

LETTERS = {10: 24, 50: 6, 100: 4}
"""Letters of each agent by the size of the fleet: enough requests for an error rate to be told from its limit."""

WAIT_S = 25
BEGIN, END = "Begin.", "End."


@dataclass(frozen=True)
class Request:
    """One request: who asked, when it began and ended (seconds of the Unix epoch), and what came of it."""

    agent: str
    start: float
    end: float
    ok: bool
    tries: int = 1


class Agent(threading.Thread):
    """Waits for a first letter, writes to its neighbour and reads its own in turns, and waits for the last one."""

    def __init__(self, office: Office, number: int, fleet: int, letters: int) -> None:
        super().__init__(name=_name(number))
        self.requests: list[Request] = []
        self._neighbour = _name((number + 1) % fleet)
        self._letters = letters
        self._headers = _headers(office, self.name)
        self._connection = HTTPConnection(*office.address, timeout=2 * WAIT_S)

    def run(self) -> None:
        """Do all of it. A request that fails is on record, and the next one follows."""
        self._wait_for(BEGIN)
        for number in range(self._letters):
            self._ask("POST", f"/boxes/{self._neighbour}", json.dumps({"text": f"Letter {number}."}))
            self._ask("GET", f"/boxes/{self.name}")
        self._wait_for(END)
        self._connection.close()

    def _wait_for(self, text: str) -> None:
        """Read until such a letter comes, or a request fails, or nothing comes."""
        while letters := self._ask("GET", f"/boxes/{self.name}?wait={WAIT_S}"):
            if text in letters:
                return

    def _ask(self, method: str, path: str, body: str | None = None) -> list[str]:
        """One request; the texts of the letters that it brought."""
        start, begun, document = time.time(), time.monotonic(), None
        try:
            self._connection.request(method, path, body, self._headers)
            answer = self._connection.getresponse()
            document = json.loads(answer.read()) if answer.status < 400 else None
        except (HTTPException, OSError, ValueError):
            self._connection.close()
        ok = document is not None
        self.requests.append(Request(self.name, start, start + time.monotonic() - begun, ok))
        return [letter["text"] for letter in document.get("letters", [])] if ok else []


def sent_out(fleet: int, letters: int) -> list[Request]:
    """Every request of a fleet of so many agents, each with so many letters to write, in order of its start.

    The first letters are handed out when the whole fleet waits for them, and the last ones too: so all of its agents
    are at work at once, from the first to the last.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        opened(Path(folder), b"only for the load", quota=_generous()) as office,
    ):
        agents = [Agent(office, number, fleet, letters) for number in range(fleet)]
        for agent in agents:
            agent.start()
        for text in (BEGIN, END):
            _hand_out(text, office, agents)
        for agent in agents:
            agent.join()
    return sorted((request for agent in agents for request in agent.requests), key=lambda request: request.start)


def level(fleet: int) -> dict[str, object]:
    """What one fleet came to, as the report has it: its size and every request."""
    return {"agents": fleet, "requests": [asdict(request) for request in sent_out(fleet, LETTERS[fleet])]}


def _hand_out(text: str, office: Office, agents: Sequence[Agent]) -> None:
    """Give each agent a letter, once all that are still there wait for one."""
    while office.boxes.waiting < sum(agent.is_alive() for agent in agents):
        time.sleep(0.01)
    connection = HTTPConnection(*office.address, timeout=2 * WAIT_S)
    for agent in agents:
        body = json.dumps({"text": text})
        connection.request("POST", f"/boxes/{agent.name}", body, _headers(office, "postmaster"))
        connection.getresponse().read()
    connection.close()


def _headers(office: Office, name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {office.keyring.issue(name)}"}


def _generous() -> Quota:
    return Quota(100_000, 60.0)


def _name(number: int) -> str:
    return f"agent-{number}"
