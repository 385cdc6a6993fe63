"""A fleet of agents that send one another letters through one office, over HTTP on loopback."""

from __future__ import annotations

import json
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from postbox.security.quota import Quota
from postbox.service.opening import opened
from postbox.service.server import Office

LETTERS = {10: 24, 50: 6, 100: 4}
"""Letters of each agent by the size of the fleet: enough requests for an error rate to be told from its limit."""

WAIT_S = 30


@dataclass(frozen=True)
class Request:
    """One request: who asked, when it began and ended (seconds of the Unix epoch), and what came of it."""

    agent: str
    start: float
    end: float
    ok: bool
    tries: int = 1


class Agent(threading.Thread):
    """Waits for a first letter, then writes to its neighbour and reads its own, in turns."""

    def __init__(self, office: Office, number: int, fleet: int, letters: int) -> None:
        super().__init__(name=_name(number))
        self.requests: list[Request] = []
        self._neighbour = _name((number + 1) % fleet)
        self._letters = letters
        self._headers = {"Authorization": f"Bearer {office.keyring.issue(self.name)}"}
        self._connection = HTTPConnection(*office.address, timeout=2 * WAIT_S)

    def run(self) -> None:
        """Do all of it. A request that fails is on record, and the next one follows."""
        self._ask("GET", f"/boxes/{self.name}?wait={WAIT_S}")
        for number in range(self._letters):
            self._ask("POST", f"/boxes/{self._neighbour}", json.dumps({"text": f"Letter {number}."}))
            self._ask("GET", f"/boxes/{self.name}")
        self._connection.close()

    def _ask(self, method: str, path: str, body: str | None = None) -> None:
        start, begun = time.time(), time.monotonic()
        try:
            self._connection.request(method, path, body, self._headers)
            answer = self._connection.getresponse()
            answer.read()
            ok = answer.status < 400
        except (HTTPException, OSError):
            self._connection.close()
            ok = False
        self.requests.append(Request(self.name, start, start + time.monotonic() - begun, ok))


def sent_out(fleet: int, letters: int) -> list[Request]:
    """Every request of a fleet of so many agents, each with so many letters to write, in order of its start.

    The first letters are handed out when the whole fleet waits for them, so all of its agents are there at once.
    """
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder), b"only for the load", quota=_generous()) as office:
        agents = [Agent(office, number, fleet, letters) for number in range(fleet)]
        for agent in agents:
            agent.start()
        _hand_out(office, agents)
        for agent in agents:
            agent.join()
    return sorted((request for agent in agents for request in agent.requests), key=lambda request: request.start)


def level(fleet: int) -> dict[str, object]:
    """What one fleet came to, as the report has it: its size and every request."""
    return {"agents": fleet, "requests": [asdict(request) for request in sent_out(fleet, LETTERS[fleet])]}


def _hand_out(office: Office, agents: list[Agent]) -> None:
    connection = HTTPConnection(*office.address, timeout=2 * WAIT_S)
    headers = {"Authorization": f"Bearer {office.keyring.issue('postmaster')}"}
    while office.boxes.waiting < len(agents) and all(agent.is_alive() for agent in agents):
        time.sleep(0.01)
    for agent in agents:
        connection.request("POST", f"/boxes/{agent.name}", json.dumps({"text": "Begin."}), headers)
        connection.getresponse().read()
    connection.close()


def _generous() -> Quota:
    return Quota(100_000, 60.0)


def _name(number: int) -> str:
    return f"agent-{number}"
