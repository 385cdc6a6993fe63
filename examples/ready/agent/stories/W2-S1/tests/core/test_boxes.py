import threading

from postbox.core.boxes import Boxes
from postbox.core.journal import Journal
from postbox.core.letter import Letter

LETTER = Letter("ada", "bob", "Hello.")


def test_a_letter_is_taken_once(tmp_path):
    boxes = Boxes(Journal(tmp_path / "letters"))
    boxes.put(LETTER)
    assert boxes.counts() == {"bob": 1}
    assert boxes.take("bob") == [LETTER]
    assert boxes.take("bob") == []
    assert boxes.counts() == {}


def test_who_waits_gets_what_comes(tmp_path):
    boxes = Boxes(Journal(tmp_path / "letters"))
    got = []
    waiter = threading.Thread(target=lambda: got.extend(boxes.take("bob", 30.0)))
    waiter.start()
    boxes.put(LETTER)
    waiter.join(30)
    assert got == [LETTER]
    assert boxes.waiting == 0
