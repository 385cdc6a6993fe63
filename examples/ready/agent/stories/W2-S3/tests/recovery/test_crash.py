"""The office dies in the middle of its work, and is opened again."""

import json
import os
import signal
import subprocess
import sys
from http.client import HTTPConnection

import pytest

from postbox.core.journal import Damaged
from postbox.core.letter import Letter
from postbox.security.tokens import Keyring
from postbox.service.opening import opened

SECRET = "only for the tests"


@pytest.fixture
def process(tmp_path):
    running = subprocess.Popen(
        [sys.executable, "-m", "postbox", str(tmp_path)],
        env={**os.environ, "POSTBOX_SECRET": SECRET},
        stdout=subprocess.PIPE,
        text=True,
    )
    yield running
    running.kill()
    running.communicate()


def send(address, text):
    host, _, port = address.strip().removeprefix("http://").partition(":")
    connection = HTTPConnection(host, int(port), timeout=10)
    token = Keyring(SECRET.encode()).issue("ada")
    connection.request("POST", "/boxes/bob", json.dumps({"text": text}), {"Authorization": f"Bearer {token}"})
    status = connection.getresponse().status
    connection.close()
    return status


def test_what_was_accepted_survives_a_kill(process, tmp_path):
    address = process.stdout.readline()
    assert [send(address, f"Letter {number}.") for number in range(3)] == [201, 201, 201]
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    with opened(tmp_path, SECRET.encode()) as office:
        assert [letter.text for letter in office.boxes.take("bob")] == ["Letter 0.", "Letter 1.", "Letter 2."]


def test_it_ends_in_order_when_it_is_told_to(process, tmp_path):
    assert send(process.stdout.readline(), "Hello.") == 201
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0


def test_a_write_that_a_crash_cut_off_does_not_stop_it(tmp_path):
    with opened(tmp_path, SECRET.encode()) as office:
        office.boxes.put(Letter("ada", "bob", "Kept."))
    with (tmp_path / "letters").open("ab") as journal:
        journal.write(b'0badc0de {"sender": "ada", ')
    with opened(tmp_path, SECRET.encode()) as office:
        assert [letter.text for letter in office.boxes.take("bob")] == ["Kept."]


def test_it_does_not_open_on_a_damaged_journal(tmp_path):
    with opened(tmp_path, SECRET.encode()) as office:
        office.boxes.put(Letter("ada", "bob", "Kept."))
    path = tmp_path / "letters"
    path.write_bytes(path.read_bytes().replace(b"Kept", b"Lost"))
    with pytest.raises(Damaged), opened(tmp_path, SECRET.encode()):
        pass
