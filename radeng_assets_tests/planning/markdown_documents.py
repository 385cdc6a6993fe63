"""Markdown of every kind, for properties: fragments that open, close, interrupt and continue blocks."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

_PREFIXES: tuple[str, ...] = (
    *(
        "",
        "",
        "",
        "",
        "- ",
        "- ",
        "* ",
        "+ ",
        "1. ",
        "7) ",
        "  - ",
        "    - ",
        "  ",
        "    ",
        "\t",
        " \t",
        "- - ",
        "-   ",
    ),
    *("> ", ">", "> > ", "> - ", "- > ", "# ", "## ", "###### ", "####### ", "- # ", "#", "|", "| a | ", "- | "),
    *(
        "- [ ] ",
        "- [x] ",
        "**",
        "- **",
        "`",
        "[",
        "(",
        "<!-- ",
        "<div>",
        "<b>",
        "\u00a0",
        "\u3000",
        "\x0c",
        "\\",
        "é",
        "_",
    ),
    *("- `", "- (", "-", "--", "=", "0. ", "1.", "* * ", "- * ", "- + ", "- 1. ", "- 10) "),
)
_ENDS: tuple[str, ...] = (
    "",
    "",
    "",
    "",
    " |",
    "  ",
    "\\",
    "**: value",
    ":",
    " -->",
    "</div>",
    "`",
    "```",
    "\0",
    "\t",
    " #",
    " ##",
    " | b",
)
_LINES: tuple[str, ...] = (
    *(
        "",
        "",
        "",
        "",
        "---",
        "---",
        "***",
        "- - -",
        "===",
        "-",
        "--",
        "| - |",
        "|---|",
        "|---|---|",
        "--- | ---",
        ":-:",
    ),
    *("```", "```", "```python", "````", "~~~", "  ```", "- ```", "> ```", "<!--", "-->", "<div>", "</div>", "<pre>"),
    *("   ", "\u00a0", "\x0b", "\u2028", "\t", "-", "*", "#", "# ", "## ##", ">", "| |", "[x]: /url", "---\n---"),
)


def documents(max_lines: int = 24) -> st.SearchStrategy[str]:
    """Documents in which every line with text has a word of its own: ``w0``, ``w1`` ..."""
    textual = st.tuples(st.sampled_from(_PREFIXES), st.sampled_from(_ENDS))
    line = st.one_of(textual, textual, st.sampled_from(_LINES))
    return st.lists(line, max_size=max_lines).map(_assemble)


def _assemble(lines: Sequence[tuple[str, str] | str]) -> str:
    texts = (line if isinstance(line, str) else f"{line[0]}w{n}{line[1]}" for n, line in enumerate(lines))
    return "\n".join(texts)
