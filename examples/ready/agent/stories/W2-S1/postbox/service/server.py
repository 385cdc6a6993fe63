"""The post office's counter: HTTP on loopback, JSON in and out."""

from __future__ import annotations

import json
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from postbox.core.boxes import Boxes
from postbox.core.letter import LONGEST, BadLetter, Letter
from postbox.security.quota import Quota
from postbox.security.redaction import redact
from postbox.security.tokens import Keyring

LONGEST_WAIT_S = 30.0
LARGEST_BODY = 8 * LONGEST


class Office(ThreadingHTTPServer):
    """The service. ``port`` 0 takes any that is free; ``address`` says which."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, boxes: Boxes, keyring: Keyring, quota: Quota, port: int = 0) -> None:
        self.boxes = boxes
        self.keyring = keyring
        self.quota = quota
        super().__init__(("127.0.0.1", port), Counter)

    @property
    def address(self) -> tuple[str, int]:
        """Host and port."""
        return "127.0.0.1", self.server_port


class Counter(BaseHTTPRequestHandler):
    """Serves one caller."""

    server: Office
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        """``/status``: how many letters lie where. ``/boxes/NAME?wait=S``: the caller's own letters."""
        url = urlsplit(self.path)
        if url.path == "/status":
            self._answer(HTTPStatus.OK, {"boxes": self.server.boxes.counts()})
            return
        owner = self._box(url.path)
        if owner is None:
            self._answer(HTTPStatus.NOT_FOUND, {"error": "there is no such place"})
        elif self._caller() != owner:
            self._answer(HTTPStatus.FORBIDDEN, {"error": "a box is emptied by its owner"})
        else:
            letters = self.server.boxes.take(owner, _seconds(url.query))
            self._answer(HTTPStatus.OK, {"letters": [letter.document() for letter in letters]})

    def do_POST(self) -> None:
        """``/boxes/NAME``: put a letter of the caller's into a box."""
        size = self._size()
        if not 0 <= size <= LARGEST_BODY:
            self.close_connection = True
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"error": "that is no letter"})
            return
        body = self.rfile.read(size)
        owner, sender = self._box(urlsplit(self.path).path), self._caller()
        if owner is None:
            self._answer(HTTPStatus.NOT_FOUND, {"error": "there is no such place"})
        elif sender is None:
            self._answer(HTTPStatus.UNAUTHORIZED, {"error": "who are you?"})
        elif not self.server.quota.admits(sender):
            self._answer(HTTPStatus.TOO_MANY_REQUESTS, {"error": "not so many"})
        else:
            self._put(sender, owner, body)

    def _put(self, sender: str, owner: str, body: bytes) -> None:
        try:
            text = json.loads(body)["text"]
            letter = Letter(sender, owner, redact(text))
        except (ValueError, KeyError, TypeError) as error:
            reason = str(error) if isinstance(error, BadLetter) else "that is no letter"
            self._answer(HTTPStatus.BAD_REQUEST, {"error": reason})
            return
        self.server.boxes.put(letter)
        self._answer(HTTPStatus.CREATED, {"kept": letter.document()})

    def log_message(self, *_: object) -> None:
        """Say nothing: what callers send is theirs."""

    def _caller(self) -> str | None:
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        return self.server.keyring.agent_of(token) if scheme == "Bearer" else None

    def _size(self) -> int:
        length = self.headers.get("Content-Length", "")
        return int(length) if length.isdigit() else -1

    def _box(self, path: str) -> str | None:
        place, _, owner = path.removeprefix("/").partition("/")
        return owner if place == "boxes" and owner else None

    def _answer(self, status: HTTPStatus, document: object) -> None:
        self._send(status, "application/json", json.dumps(document).encode())

    def _send(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _seconds(query: str) -> float:
    """What ``wait`` says, within bounds; 0 for anything else."""
    text = parse_qs(query).get("wait", ["0"])[0]
    return min(float(text), LONGEST_WAIT_S) if text.replace(".", "", 1).isdigit() else 0.0
