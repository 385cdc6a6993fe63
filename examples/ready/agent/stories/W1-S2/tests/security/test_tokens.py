import pytest

from postbox.security.tokens import Keyring

RING = Keyring(b"only for the tests")


def test_a_token_names_its_agent():
    assert RING.agent_of(RING.issue("ada")) == "ada"


@pytest.mark.parametrize("token", ["", "ada", "ada.", "ada.00", "bob." + RING.issue("ada").partition(".")[2], "ä.ö"])
def test_a_forged_token_names_nobody(token):
    assert RING.agent_of(token) is None


def test_another_offices_token_names_nobody():
    assert Keyring(b"another office's one").agent_of(RING.issue("ada")) is None


def test_a_short_secret_is_refused():
    with pytest.raises(ValueError, match="short"):
        Keyring(b"short")
