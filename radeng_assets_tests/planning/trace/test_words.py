from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.planning.trace.words import STOP_WORDS, file_names, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rate limiting is not implemented", ["rate", "limiting", "implemented"]),
        ("src/sdk/SDKIntegration.test.ts", ["src", "sdk", "sdk", "integration", "test", "ts"]),
        ("grep 'ipcMain.handle'", ["grep", "ipc", "main", "handle"]),
        ("E2E in the oauth2Client of IDs, a_b", ["e2e", "oauth2", "client", "ids"]),
        ("policies queries metrics caches process status", ["policy", "query", "metric", "cache", "process", "status"]),
        ("Größe über §5", ["größe", "über"]),
        ("log log logs", ["log", "log", "log"]),
        ("", []),
    ],
)
def test_terms(text: str, expected: list[str]) -> None:
    assert terms([text]) == expected


@given(st.lists(st.text()))
def test_terms_are_words_of_two_characters_or_more_and_never_stop_words(texts: list[str]) -> None:
    for term in terms(texts):
        assert len(term) > 1
        assert term not in STOP_WORDS
        assert not any(mark in term for mark in " :/._-")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rad-engineer/src/sdk/ResourceMonitor.ts", ["resourcemonitor.ts"]),
        ("grep -r 'compact' src/StateManager.ts.", ["statemanager.ts"]),
        ("README.md and ipc-handlers.test.ts", ["readme.md", "ipc-handlers.test.ts"]),
        ("test/sdk/*.test.ts", []),
        ("src/**/*.ts", []),
        ("lines 251-254, version 3.11", []),
    ],
)
def test_file_names(text: str, expected: list[str]) -> None:
    assert file_names([text]) == expected
