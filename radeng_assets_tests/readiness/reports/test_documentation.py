"""The documentation report: stubs, forms, broken maps and commands that fail, each beside an honest document."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.evidence.formats.block_run import BlockRun
from radeng_assets.evidence.formats.prose import read_prose
from radeng_assets.evidence.states import State
from radeng_assets.readiness.reports.assessment import Assessment
from radeng_assets.readiness.reports.documentation import assess
from radeng_assets.readiness.reports.terms import RequiredDocument
from radeng_assets_tests.readiness.reports.materials import Ran, material

PROSE = """\
This counter keeps a number for every visitor and writes it to a small file beside the program. It was made for shops
that want to know how many people come in during a day, without cameras and without sending anything away. The sensor
at the door closes a contact, the board sends one byte, and the counter adds it up. Every hour a line goes into the
log, which any spreadsheet can open.

There are no accounts and no network. Whoever runs the shop reads the file in the evening, or lets the built-in page
show a curve of the week. Old months are kept in one folder for each year. When the disk is full the program says so,
stops counting, and keeps what it has; nothing is ever thrown away by itself. Power cuts lose at most one minute,
because totals are flushed that often. Repairs need a screwdriver and the spare parts list at the back of this manual,
where suppliers and prices are written down too.
"""

HALF = PROSE.partition("\n\n")[2].rpartition(" Repairs")[0] + "\n"

README = f"""\
# Counter

{PROSE}
## Install

Run `make install`, see [the guide](docs/guide.md#first-steps) and [below](#usage).

```bash
make install
```

## Usage

![the board](docs/board.png) and <a href="docs/guide.md">the guide</a>, [source](src/), [line](src/a.py#L3),
[the law](https://example.org/law), [mail](mailto:a@example.org).
"""

FILES = {
    "README.md": README,
    "docs/guide.md": "# Guide\n\n## First steps\n\nBack to [the top](../README.md) or [root](/README.md#counter).\n",
    "docs/board.png": "png",
    "src/a.py": "",
}
SECTIONS = RequiredDocument(path="README.md", sections=("install", "Usage"))


def blob(text: str) -> str:
    data = text.encode()
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()  # noqa: S324  # git's own


def judged(
    files: Mapping[str, str],
    *required: RequiredDocument,
    runs: Mapping[str, bytes] | None = None,
    tree: Mapping[str, str] | None = None,
) -> Assessment:
    left = {("documents", path): text.encode() for path, text in files.items() if path.endswith((".md", ".rst"))}
    left |= {("runs", name): data for name, data in (runs or {}).items()}
    listed = {path: blob(text) for path, text in files.items()} if tree is None else tree
    return assess(material("documentation", Ran(left), terms={"required": required} if required else {}, tree=listed))


def readme(text: str) -> Assessment:
    return judged({**FILES, "README.md": text}, SECTIONS)


def rules(found: Assessment) -> list[str]:
    return [issue.rule for issue in found.issues]


def test_an_honest_readme_passes() -> None:
    found = readme(README)
    assert (found.state, found.issues, found.measured, found.threshold) == ("passed", (), 1.0, 1.0)
    assert found.tables[0].rows == (("README.md", 3, 8, 2, 0),)


def test_half_of_the_prose_has_words_enough_and_too_few_of_them() -> None:
    """So that the stubs that repeat it are told by the repetition alone."""
    (found,) = readme(README.replace(PROSE, HALF)).issues
    distinct = int(found.message.partition("(")[2].split(" ", maxsplit=1)[0])
    assert distinct >= 60


def test_by_default_a_readme_is_required() -> None:
    found = judged({"src/a.py": ""})
    assert (rules(found), found.measured, found.threshold) == (["document-missing"], 0.0, 1.0)
    assert judged(FILES).issues == ()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (
            "# Counter\n\nA counter.\n\n## Install\n\n```\nx\n```\n\n## Usage\n\nRun it as you like to do.\n",
            "document-stub",
        ),
        (README.replace(PROSE, "It counts the visitors of a shop.\n" * 60), "document-stub"),
        (README.replace(PROSE, "".join(f"Step {n} counts one more visitor.\n" for n in range(60))), "document-stub"),
        (README.replace(PROSE, "counter " * 300), "document-stub"),
        (README.replace(PROSE, HALF * 3), "document-stub"),
        (README.replace(PROSE, HALF + HALF.replace("\n", " ") + HALF.replace(" ", "\n")), "document-stub"),
        (README.replace(PROSE, f"```\n{PROSE}```\n"), "document-stub"),
        (README.replace(PROSE, f"<!--\n{PROSE}-->\n"), "document-stub"),
        (README.replace("## Install", "## Setup"), "document-section"),
        (README.replace("## Install", "Install"), "document-section"),
        (README.split("## Usage", maxsplit=1)[0] + "## Usage\n", "document-section"),
        (
            README.split("## Usage", maxsplit=1)[0] + "## Usage\n\n## More\n\nHere is quite a lot of other text.\n",
            "document-section",
        ),
        (README + "\nTODO\n", "document-placeholder"),
        (README + "\nThe rest is TBD.\n", "document-placeholder"),
        (README + "\nComing soon!\n", "document-placeholder"),
        (README + "\nAsk <insert name here> for help.\n", "document-placeholder"),
        (README + "\n<insert the rest here>\n", "document-placeholder"),
        (README + "\n| a | b |\n|---|---|\n| x | FIXME |\n", "document-placeholder"),
        (README + "\n## TODO\n\nNothing more is said about this here.\n", "document-placeholder"),
        (README + "\nLorem ipsum dolor sit amet.\n", "document-placeholder"),
        (README + "\n[gone](docs/gone.md)\n", "document-link"),
        (README + "\n[gone][1]\n\n[1]: docs/gone.md\n", "document-link"),
        (README + "\n![gone](docs/gone.png)\n", "document-link"),
        (README + '\n<img src="docs/gone.png">\n', "document-link"),
        (README + "\n[gone](#nowhere)\n", "document-link"),
        (README + "\n[gone](docs/guide.md#nowhere)\n", "document-link"),
        (README + "\n[out](../../etc/passwd)\n", "document-link"),
        (README + "\n[empty]()\n", "document-link"),
        (README + "\n[case](DOCS/guide.md)\n", "document-link"),
    ],
)
def test_each_fault_is_an_issue(text: str, rule: str) -> None:
    assert rules(readme(text)) == [rule]


@pytest.mark.parametrize(
    "text",
    [
        README + "\n`TODO` is a word that we search for, and so is\n\n```\nFIXME: coming soon\n```\n",
        README + "\n<!-- TODO: more -->\n",
        README + "\nThe todo list is empty; XXXL is a size and methods are not TODOs.\n",
        README + "\n[a page](docs/guide.md?raw=1), [encoded](docs/%67uide.md), [here](.), [folder](docs)\n",
        README + "\n## Usage\n\nAgain, see [the second](#usage-1) of them.\n",
        README + '\n<a id="deep"></a> leads [here](#deep).\n',
        README.replace("\n", "\r\n"),
        "\ufeff" + README,
    ],
)
def test_a_harmless_change_is_none(text: str) -> None:
    assert readme(text).issues == ()


def test_an_issue_is_its_content_and_not_its_line() -> None:
    one, other = readme(README + "\nTODO: the law\n"), readme("\n\n" + README + "\n   TODO:  the law\n")
    assert [issue.digest for issue in one.issues] == [issue.digest for issue in other.issues]
    assert readme(README + "\nTODO: the tax\n").issues[0].digest != one.issues[0].digest


def test_every_document_of_a_glob_must_obey_and_one_must_be_there() -> None:
    every = RequiredDocument(path="docs/*.md", words=5)
    assert judged(FILES, SECTIONS, every).measured == 2.0
    found = judged({**FILES, "docs/other.md": "# Other\n"}, SECTIONS, every)
    assert (rules(found), found.measured) == (["document-stub"], 1.0)
    assert rules(judged(FILES, RequiredDocument(path="manual/*.md"))) == ["document-missing"]


def test_bytes_that_are_not_the_commits_count_for_nothing() -> None:
    tree = {path: blob(text) for path, text in FILES.items()} | {"README.md": blob("# Stub\n")}
    found = judged(FILES, SECTIONS, tree=tree)
    assert (found.state, found.measured) == ("missing", 0.0)
    assert "README.md is not as the commit has it" in found.reason


def test_a_required_document_that_was_not_collected_is_unknown() -> None:
    found = judged(FILES, RequiredDocument(path="docs/board.png"))
    assert (found.state, found.issues, found.measured) == ("missing", (), 0.0)


def test_restructured_text_is_read_for_its_headings_and_words() -> None:
    text = f"Counter\n=======\n\n{PROSE}\nInstall\n-------\n\nRun the installer of your system.\n"
    demand = RequiredDocument(path="README.rst", sections=("Install",))
    assert judged({"README.rst": text}, demand).issues == ()
    assert rules(judged({"README.rst": text.split("Run the", maxsplit=1)[0]}, demand)) == ["document-section"]


# --- marked blocks -----------------------------------------------------------------------------

MARKED = README + "\n```bash run\nmake check\n```\n"
LINE = MARKED[: MARKED.index("```bash run")].count("\n") + 1


def ran(
    state: State = "passed", code: int | None = 0, text: str = "make check", line: int = LINE
) -> Mapping[str, bytes]:
    run = BlockRun(
        path="README.md",
        line=line,
        text=text,
        exit_code=code,
        state=state,
        reason=state,
        started="",
        ended="",
        output="",
    )
    return {f"README.md:{LINE}": run.model_dump_json().encode()}


@pytest.mark.parametrize(
    ("runs", "state", "issues"),
    [
        (ran(), "passed", []),
        (ran("failed", 1), "passed", ["document-command"]),
        (ran("failed", None), "failed", []),
        (ran("timeout", None), "timeout", []),
        (ran("no_runner", 127), "no_runner", []),
        (ran("passed", 1), "failed", []),
        (ran(text="true"), "failed", []),
        (ran(line=1), "failed", []),
        ({}, "missing", []),
        ({f"README.md:{LINE}": b"passed"}, "missing", []),
    ],
)
def test_a_marked_block_must_have_run(runs: Mapping[str, bytes], state: State, issues: list[str]) -> None:
    found = judged({**FILES, "README.md": MARKED}, SECTIONS, runs=runs)
    assert (found.state, rules(found)) == (state, issues)


def test_a_marked_block_of_any_document_counts() -> None:
    files = {**FILES, "docs/guide.md": FILES["docs/guide.md"] + "\n```sh run\nexit 1\n```\n"}
    assert judged(files, SECTIONS).state == "missing"


@given(st.text(alphabet="#`[]()<>!-*_ ab\n|:=~\t\\\"'&;", max_size=80))
def test_no_document_ends_in_a_traceback(text: str) -> None:
    for path in ("a.md", "a.rst"):
        prose = read_prose(text.encode(), path)
        last = text.count("\n") + 1
        assert all(1 <= one.line <= last for one in (*prose.headings, *prose.texts, *prose.links, *prose.blocks))
        assert not rules(judged({path: text}, RequiredDocument(path=path, words=1))).count("document-missing")


@given(st.binary(max_size=60))
def test_no_bytes_end_in_a_traceback(data: bytes) -> None:
    for path in ("a.md", "a.txt"):
        read_prose(data, path)
