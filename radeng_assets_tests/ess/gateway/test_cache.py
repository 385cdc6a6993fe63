"""Kept replies: by everything that an answer hangs on, bounded, and never in the way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from radeng_assets.ess.gateway.cache import ReplyCache
from radeng_assets.ess.gateway.replies import QueryReply
from radeng_assets_tests.ess.loopback import match, reply

QUESTION = ("http://127.0.0.1:3001", "rad", "where is the limiter?", "c" * 40)


def kept(text: str = "x") -> QueryReply:
    return QueryReply.model_validate(reply(match(text, 1, 2)), strict=False)


@pytest.fixture
def cache(tmp_path: Path) -> ReplyCache:
    return ReplyCache(tmp_path / "replies")


def test_a_reply_comes_back_as_it_was(cache: ReplyCache) -> None:
    assert cache.get(*QUESTION) is None
    cache.put(*QUESTION, kept())
    assert cache.get(*QUESTION) == kept()
    assert ReplyCache(cache.folder).get(*QUESTION) == kept()


@pytest.mark.parametrize("part", range(4))
def test_another_gateway_project_question_or_commit_is_another_reply(part: int, cache: ReplyCache) -> None:
    cache.put(*QUESTION, kept())
    other = [*QUESTION]
    other[part] += "1"
    assert cache.get(*other) is None


@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff", b'{"requestId": '])
def test_a_damaged_file_is_no_reply_and_is_written_anew(damage: bytes, cache: ReplyCache) -> None:
    cache.put(*QUESTION, kept())
    (file,) = cache.folder.iterdir()
    file.write_bytes(damage)
    assert cache.get(*QUESTION) is None
    cache.put(*QUESTION, kept())
    assert cache.get(*QUESTION) == kept()


def test_the_longest_unused_go_first(cache: ReplyCache) -> None:
    few = ReplyCache(cache.folder, most_replies=2)
    for number, commit in enumerate("abc"):
        few.put(*QUESTION[:3], commit, kept(commit))
        if commit == "b":
            # Times that the file system is sure to tell apart; then the older one is used.
            for age, file in enumerate(sorted(few.folder.iterdir())):
                os.utime(file, ns=(age, age))
            assert few.get(*QUESTION[:3], "a") == kept("a")
        assert len(list(few.folder.iterdir())) == min(number + 1, 2)
    assert [few.get(*QUESTION[:3], commit) for commit in "abc"] == [kept("a"), None, kept("c")]


def test_bytes_are_bounded(cache: ReplyCache) -> None:
    size = len(kept().model_dump_json(by_alias=True).encode())
    few = ReplyCache(cache.folder, most_bytes=size * 3)
    for commit in "abcdef":
        few.put(*QUESTION[:3], commit, kept())
    assert len(list(few.folder.iterdir())) == 3
    few.put(*QUESTION, kept("y" * size * 3))
    assert few.get(*QUESTION) is None


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    cache = ReplyCache(tmp_path / "file" / "replies")
    cache.put(*QUESTION, kept())
    assert cache.get(*QUESTION) is None
