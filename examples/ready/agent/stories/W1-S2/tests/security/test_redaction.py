import pytest

from postbox.security.redaction import REDACTED, redact

# Put together here, so that no scanner takes this file for a leak.
KEYS = ["sk-" + "a1" * 12, "AK" + "IA" + "B2" * 8, "gh" + "p_" + "c3" * 16]


@pytest.mark.parametrize("key", KEYS)
def test_a_key_is_taken_out(key):
    assert redact(f"Use {key} for it.") == f"Use {REDACTED} for it."


def test_a_private_key_is_taken_out_whole():
    dashes = "-" * 5
    key = f"{dashes}BEGIN PRIVATE KEY{dashes}\nMII\n{dashes}END PRIVATE KEY{dashes}"
    assert redact(f"Here: {key} and more") == f"Here: {REDACTED} and more"


def test_an_honest_text_stays():
    assert redact("Ask me at 12, sk-etch it, or say AKIA.") == "Ask me at 12, sk-etch it, or say AKIA."
