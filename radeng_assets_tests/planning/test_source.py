from __future__ import annotations

import hashlib
import os
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.planning import source as module
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.located import Place
from radeng_assets.planning.source import MAX_BYTES, Source, read_source

NAME = "PLAN.md"


def refused(folder: Path, rule: str, *, name: str = NAME, limit: int = MAX_BYTES) -> Finding:
    """The one finding that takes the document's place."""
    source, findings = read_source(folder, name, limit=limit)
    assert source is None
    (finding,) = findings
    assert (finding.rule, finding.subject) == (rule, name)
    assert finding.at[0].file == name
    assert finding.message
    assert finding.fix
    return finding


def read(folder: Path, data: bytes) -> Source:
    (folder / NAME).write_bytes(data)
    source, findings = read_source(folder, NAME)
    assert findings == ()
    assert source is not None
    return source


def test_a_document_is_its_text_its_bytes_and_their_digest(tmp_path: Path):
    data = "# Plan\n\nÄ → 1\n".encode()
    source = read(tmp_path, data)
    assert source == Source(NAME, "# Plan\n\nÄ → 1\n", hashlib.sha256(data).hexdigest(), data)


@pytest.mark.parametrize("severity", ["error", "warning", "info"])
def test_a_missing_file_is_as_bad_as_the_caller_says(tmp_path: Path, severity: str):
    source, (finding,) = read_source(tmp_path, NAME, missing=severity)  # type: ignore[arg-type]  # one of the three
    assert source is None
    assert (finding.rule, finding.severity, finding.at) == ("file-missing", severity, (Place(NAME),))


def test_a_missing_optional_file_is_no_finding(tmp_path: Path):
    assert read_source(tmp_path, NAME, missing=None) == (None, ())


def test_a_missing_folder_is_a_missing_file(tmp_path: Path):
    assert refused(tmp_path / "nowhere", "file-missing").severity == "warning"


@pytest.mark.parametrize("missing", ["info", None])
def test_a_link_to_nowhere_is_an_error_even_for_an_optional_file(tmp_path: Path, missing: None):
    (tmp_path / NAME).symlink_to("gone.md")
    source, (finding,) = read_source(tmp_path, NAME, missing=missing)
    assert source is None
    assert (finding.rule, finding.severity) == ("file-missing", "error")


def test_a_link_inside_the_folder_is_followed(tmp_path: Path):
    (tmp_path / "real.md").write_text("text")
    (tmp_path / NAME).symlink_to("real.md")
    source, findings = read_source(tmp_path, NAME)
    assert source is not None
    assert (source.file, source.text, findings) == (NAME, "text", ())


@pytest.mark.parametrize("name", [NAME, "../secret.md", "folder/../../secret.md"])
def test_nothing_outside_the_folder_is_read(tmp_path: Path, name: str):
    plan = tmp_path / "plan"
    (plan / "folder").mkdir(parents=True)
    (tmp_path / "secret.md").write_text("secret")
    (plan / NAME).symlink_to("../secret.md")
    finding = refused(plan, "file-outside-folder", name=name)
    assert "secret" not in finding.message.replace(name, "")


def test_an_absolute_name_is_outside(tmp_path: Path):
    (tmp_path / "plan").mkdir()
    (tmp_path / NAME).write_text("text")
    refused(tmp_path / "plan", "file-outside-folder", name=str(tmp_path / NAME))


def test_a_folder_that_is_a_link_itself_is_fine(tmp_path: Path):
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan" / NAME).write_text("text")
    (tmp_path / "link").symlink_to("plan")
    source, _ = read_source(tmp_path / "link", NAME)
    assert source is not None


def test_a_loop_of_links_is_unreadable(tmp_path: Path):
    (tmp_path / NAME).symlink_to("b.md")
    (tmp_path / "b.md").symlink_to(NAME)
    refused(tmp_path, "file-unreadable")


def test_a_directory_in_the_place_of_the_file(tmp_path: Path):
    (tmp_path / NAME).mkdir()
    refused(tmp_path, "file-not-regular")


def test_a_pipe_does_not_block(tmp_path: Path):
    os.mkfifo(tmp_path / NAME)
    refused(tmp_path, "file-not-regular")


def test_a_device_is_no_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir("/dev")
    refused(Path("/dev"), "file-not-regular", name="zero")


def test_a_socket_is_no_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(NAME)
        refused(tmp_path, "file-unreadable")


@pytest.mark.parametrize("name", ["n" * 300, "nul\0.md", "\ud800.md"])
def test_a_name_that_the_system_refuses_is_a_finding(tmp_path: Path, name: str):
    refused(tmp_path, "file-unreadable", name=name)


def test_a_file_in_the_place_of_the_folder(tmp_path: Path):
    (tmp_path / "plan").write_text("text")
    refused(tmp_path / "plan", "file-unreadable")


def test_a_file_that_the_system_does_not_give_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Tests run as root, whom no mode stops: the system's answer is played instead."""

    def denied(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    (tmp_path / NAME).write_text("text")
    monkeypatch.setattr(module.os, "open", denied)
    assert "Permission denied" in refused(tmp_path, "file-unreadable").message


def test_the_largest_document_is_read_and_one_byte_more_is_not(tmp_path: Path):
    (tmp_path / NAME).write_bytes(b"x" * 100)
    source, _ = read_source(tmp_path, NAME, limit=100)
    assert source is not None
    assert len(source.text) == 100
    assert "100 bytes" in refused(tmp_path, "file-too-large", limit=99).message


def test_a_giant_file_is_refused_with_its_size(tmp_path: Path):
    with (tmp_path / NAME).open("wb") as stream:
        stream.truncate(50 * 1024 * 1024)
    assert "52,428,800" in refused(tmp_path, "file-too-large").message


def test_the_line_of_the_first_byte_that_is_not_utf8(tmp_path: Path):
    (tmp_path / NAME).write_bytes(b"one\ntwo\nthr\xff\n")
    finding = refused(tmp_path, "file-not-utf8")
    assert finding.at == (Place(NAME, 3),)
    assert "0xff at offset 11" in finding.message


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_other_unicode_encodings_are_not_utf8(tmp_path: Path, encoding: str):
    (tmp_path / NAME).write_bytes("# Plan\n".encode(encoding))
    assert refused(tmp_path, "file-not-utf8").at == (Place(NAME, 1),)


def test_a_byte_order_mark_is_no_text(tmp_path: Path):
    source = read(tmp_path, b"\xef\xbb\xbf# Plan\n")
    assert source.text == "# Plan\n"
    assert source.data.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \n\t\r\n", "\u00a0\u2028".encode()])
def test_a_file_without_text_is_empty(tmp_path: Path, data: bytes):
    (tmp_path / NAME).write_bytes(data)
    assert refused(tmp_path, "file-empty").at == (Place(NAME, 1),)


def test_every_newline_is_one_newline(tmp_path: Path):
    assert read(tmp_path, b"a\r\nb\rc\n\r\nd\r").text == "a\nb\nc\n\nd\n"


def test_separators_that_are_no_newlines_stay(tmp_path: Path):
    assert read(tmp_path, "a\u2028b\x0cc\x85d".encode()).text == "a\u2028b\x0cc\x85d"


@given(st.binary(max_size=60))
def test_any_bytes_give_a_source_or_a_finding(tmp_path_factory: pytest.TempPathFactory, data: bytes):
    folder = tmp_path_factory.getbasetemp()
    (folder / NAME).write_bytes(data)
    source, findings = read_source(folder, NAME)
    assert (source is None) == bool(findings)
    if source is not None:
        assert source.data == data
        assert "\r" not in source.text
