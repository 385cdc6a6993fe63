import json
from http.client import HTTPConnection

import pytest

from postbox.__main__ import main
from postbox.security.quota import Quota
from postbox.security.redaction import REDACTED
from postbox.service.opening import opened
from postbox.service.server import LARGEST_BODY


@pytest.fixture
def office(tmp_path):
    with opened(tmp_path, b"only for the tests", quota=Quota(2, 60.0)) as office:
        yield office


def ask(office, method, path, agent=None, body=None, token=None):
    """(status, document) of one request."""
    connection = HTTPConnection(*office.address, timeout=10)
    token = token or (office.keyring.issue(agent) if agent else None)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    connection.request(method, path, json.dumps(body) if body is not None else None, headers)
    answer = connection.getresponse()
    document = json.loads(answer.read())
    connection.close()
    return answer.status, document


def test_a_letter_goes_from_one_agent_to_another(office):
    assert ask(office, "POST", "/boxes/bob", "ada", {"text": "Hello."})[0] == 201
    assert ask(office, "GET", "/status") == (200, {"boxes": {"bob": 1}})
    letter = {"sender": "ada", "owner": "bob", "text": "Hello."}
    assert ask(office, "GET", "/boxes/bob?wait=1.5", "bob") == (200, {"letters": [letter]})
    assert ask(office, "GET", "/boxes/bob?wait=-1", "bob") == (200, {"letters": []})


def test_nobody_empties_anothers_box(office):
    ask(office, "POST", "/boxes/bob", "ada", {"text": "Hello."})
    assert ask(office, "GET", "/boxes/bob", "ada")[0] == 403
    assert ask(office, "GET", "/boxes/bob")[0] == 403
    assert ask(office, "GET", "/boxes/bob", token="bob.0000")[0] == 403
    assert office.boxes.counts() == {"bob": 1}


def test_nobody_sends_in_anothers_name(office):
    assert ask(office, "POST", "/boxes/bob", body={"text": "Hello."})[0] == 401
    ask(office, "POST", "/boxes/bob", "eve", {"text": "Hello.", "sender": "ada"})
    assert office.boxes.take("bob")[0].sender == "eve"


def test_secrets_are_not_kept(office):
    ask(office, "POST", "/boxes/bob", "ada", {"text": "sk-" + "a1" * 12})
    assert office.boxes.take("bob")[0].text == REDACTED


def test_who_sends_too_much_is_refused(office):
    answers = [ask(office, "POST", "/boxes/bob", "ada", {"text": "Hello."})[0] for _ in range(3)]
    assert answers == [201, 201, 429]


@pytest.mark.parametrize("body", [[], {}, {"text": 1}, {"text": " "}])
def test_what_is_no_letter_is_refused(office, body):
    assert ask(office, "POST", "/boxes/bob", "ada", body)[0] == 400


def test_what_is_nowhere_is_not_found(office):
    assert ask(office, "GET", "/nowhere")[0] == 404
    assert ask(office, "POST", "/nowhere", "ada", {"text": "Hello."})[0] == 404


def test_a_huge_body_is_not_read(office):
    connection = HTTPConnection(*office.address, timeout=10)
    connection.putrequest("POST", "/boxes/bob")
    connection.putheader("Content-Length", str(LARGEST_BODY + 1))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_it_is_not_opened_without_a_secret(capsys, monkeypatch):
    monkeypatch.delenv("POSTBOX_SECRET", raising=False)
    assert main(["."]) == 2
    assert "POSTBOX_SECRET" in capsys.readouterr().err
