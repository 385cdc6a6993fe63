import pytest

from postbox.core.letter import LONGEST, BadLetter, Letter, is_name, letter_of


def test_a_letter_is_what_its_document_says():
    letter = Letter("ada", "bob", "Good morning.")
    assert letter_of(letter.document()) == letter


@pytest.mark.parametrize("name", ["", "Ada", "a b", "../etc", "a" * 41])
def test_what_is_no_name(name):
    assert not is_name(name)
    with pytest.raises(BadLetter, match="name"):
        Letter("ada", name, "Hello.")


@pytest.mark.parametrize("text", ["", "  \n", "x" * (LONGEST + 1)])
def test_what_is_no_text(text):
    with pytest.raises(BadLetter):
        Letter("ada", "bob", text)


@pytest.mark.parametrize("document", [[], {"sender": "ada"}, {"sender": "ada", "owner": "bob", "text": 1}])
def test_what_is_no_letter(document):
    with pytest.raises(BadLetter):
        letter_of(document)
