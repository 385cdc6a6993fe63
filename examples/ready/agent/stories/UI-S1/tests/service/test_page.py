import re
from http.client import HTTPConnection

from postbox.core.letter import Letter
from postbox.service.opening import opened
from postbox.service.page import page


def test_each_box_has_a_row():
    assert re.findall("<td>(.*?)</td>", page({"ada": 2, "bob": 1})) == ["ada", "2", "bob", "1"]
    assert "3 letters in 2 boxes." in page({"ada": 2, "bob": 1})


def test_a_name_is_shown_and_not_obeyed():
    assert "<script>" not in page({"<script>alert(1)</script>": 1})


def test_it_is_what_the_office_shows(tmp_path):
    with opened(tmp_path, b"only for the tests") as office:
        office.boxes.put(Letter("ada", "bob", "<b>Not shown.</b>"))
        connection = HTTPConnection(*office.address, timeout=10)
        connection.request("GET", "/")
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<td>bob</td><td>1</td>" in text
    assert "Not shown" not in text
