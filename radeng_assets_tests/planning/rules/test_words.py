from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.planning.rules.documents import wave_key
from radeng_assets.planning.rules.paths import ends_like, is_path, meet
from radeng_assets.planning.rules.words import same_title, share_a_word, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Config System", "Create Centralized Configuration System"),
        ("Rate Limiting", "Implement rate limiting"),
        ("Health checks", "Add Health Check Endpoints"),
        ("Cross-platform Monitor", "Add Cross-Platform ResourceMonitor"),
    ],
)
def test_a_title_told_shorter_is_the_same(one: str, other: str) -> None:
    assert same_title(one, other)
    assert same_title(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("Rate Limiting", "Prompt Caching"), ("Part number 4", "Part number 5 of many others")]
)
def test_another_title_is_another(one: str, other: str) -> None:
    assert not same_title(one, other)


@given(st.text())
def test_a_title_is_the_same_as_itself(text: str) -> None:
    assert same_title(text, text)
    assert share_a_word(text, text) == bool(words(text))


@pytest.mark.parametrize(
    ("name", "number", "key"),
    [
        ("Wave 2: Core", None, "wave-2"),
        ("wave_2_core", None, "wave-2"),
        ("wave-2", None, "wave-2"),
        ("Critical Foundation", 1, "wave-1"),
        ("UI Integration (Parallel)", None, "ui-integration"),
        ("ui-integration", None, "ui-integration"),
        ("Polish", None, ""),
        ("Build it", None, ""),
    ],
)
def test_a_wave_has_one_key_in_every_document(name: str, number: int | None, key: str) -> None:
    assert wave_key(name, number) == key


def test_paths() -> None:
    assert meet("a/*.ts", "a/b.ts")
    assert meet("a/b.ts", "a/b.ts")
    assert not meet("a/b.ts", "a/c.ts")
    assert ends_like("app/test/a.ts", "test/a.ts")
    assert not ends_like("app/test/a.ts", "est/a.ts")
    assert is_path("src/a.ts")
    assert not is_path("Integration with the adapter")
