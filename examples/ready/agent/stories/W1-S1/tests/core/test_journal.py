import pytest

from postbox.core.journal import Damaged, Journal
from postbox.core.letter import Letter

FIRST = Letter("ada", "bob", "One.")
SECOND = Letter("bob", "ada", "Zwei, drei: äöü.")


@pytest.fixture
def path(tmp_path):
    journal = Journal(tmp_path / "letters")
    journal.append(FIRST)
    journal.append(SECOND)
    journal.close()
    return journal.path


def test_letters_are_there_after_a_restart(path):
    assert list(Journal(path).letters()) == [FIRST, SECOND]


def test_a_torn_last_line_is_taken_away(path):
    path.write_bytes(path.read_bytes()[:-3])
    journal = Journal(path)
    assert list(journal.letters()) == [FIRST]
    journal.append(SECOND)
    assert list(journal.letters()) == [FIRST, SECOND]


def test_damage_in_the_middle_is_told(path):
    path.write_bytes(path.read_bytes().replace(b"One", b"Two"))
    with pytest.raises(Damaged, match="line 1"):
        list(Journal(path).letters())
