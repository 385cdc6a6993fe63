from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.planning.ids import is_valid_id


@pytest.mark.parametrize("text", ["wave-1", "W1-S1", "ui-integration", "a", "1", "a.b_c", "x" * 64])
def test_sound_ids(text: str):
    assert is_valid_id(text)


@pytest.mark.parametrize(
    "text", ["", "../x", "a..b", "a/b", "-a", ".a", "_a", "a b", "a\n", "é", "x" * 65, "a\0", "a\\b"]
)
def test_unsound_ids(text: str):
    assert not is_valid_id(text)


@given(st.text(max_size=70))
def test_a_sound_id_is_one_plain_name(text: str):
    if is_valid_id(text):
        assert 0 < len(text) <= 64
        assert text.isascii()
        assert not set(text) & set("/\\ :\0\n")
        assert text[0].isalnum()
