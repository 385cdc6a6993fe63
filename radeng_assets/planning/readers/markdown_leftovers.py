"""What nobody read of a Markdown section: losses told from prose by structure alone.

A loss is an unread table, a block torn into text, a label that the reader knows (the second of two,
say), a tick box, a list or code block read in part, a list that stands alone in a section otherwise
read, a code block that runs on over other blocks, and whatever is left of a section that states one
item. Prose is the rest: loose text, code examples, lists under text or under unknown labels.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from radeng_assets.planning.located import Fact
from radeng_assets.planning.markdown_tree import (
    Block,
    Fence,
    List,
    Paragraph,
    Section,
    Table,
    plain,
    tick,
)
from radeng_assets.planning.readers.markdown_facts import label_names, swallows

_KINDS: Mapping[type[Block], str] = {
    Paragraph: "text",
    List: "list",
    Table: "table",
    Fence: "code block",
}

_TORN = re.compile(r"[-*+]\s|[-+][^\s\d-]|[0-9]{1,9}[.)](?!\d)|\[[ xX]?\]|#{1,6}(?!#)|\||```|~~~|<!--")
"""How a line of text begins that was a list's, heading's or table's before something broke it."""


@dataclass(frozen=True, slots=True)
class Account:
    """What is known of a section when its reader is done.

    ``read`` and ``header`` are lines read for facts and for the document's header; ``known`` are
    the labels that the reader understands; ``strict`` says that the section states one item.
    """

    read: AbstractSet[int]
    header: AbstractSet[int]
    known: AbstractSet[str]
    strict: bool

    def unread(self, block: Block) -> tuple[Fact[str], ...]:
        """The block's lines that nobody took."""
        if isinstance(block, Fence) and not self.is_read(block):
            return block.lines
        return tuple(fact for fact in stated(block) if fact.line not in self.read and fact.line not in self.header)

    def is_read(self, block: Block | None) -> bool:
        """Whether any line of the block was read for a fact."""
        return block is not None and any(fact.line in self.read for fact in stated(block))

    def knows(self, line: Fact[str]) -> bool:
        """Whether a known label stands on the line."""
        return any(name in self.known for name in label_names(line))


Facts = tuple[Fact[str], ...]


def leftovers(section: Section, account: Account) -> tuple[tuple[tuple[str, Facts], ...], Facts]:
    """(losses as kind of block and lines, lines of prose) of a section."""
    losses: list[tuple[str, Facts]] = []
    prose: list[Fact[str]] = []
    partly_read = any(account.is_read(block) for block in section.blocks)
    around = [None, *section.blocks, None]
    for above, block, below in zip(around, section.blocks, around[2:], strict=False):
        left = account.unread(block)
        if not left or _is_comment(block) or _is_caption(block, below, account):
            continue
        if _is_loss(above, block, account, partly_read):
            losses.append((_KINDS[type(block)], left))
        else:
            prose.extend(left)
    return tuple(losses), tuple(prose)


def spoken(facts: Facts) -> str:
    """The lines of facts as people say them: ``line 4``, ``lines 4-9, 12``."""
    runs: list[tuple[int, int]] = []
    for line in (fact.line for fact in facts):
        if runs and line <= runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], line)
        else:
            runs.append((line, line))
    shown = ", ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in runs[:8])
    more = " and more" if len(runs) > 8 else ""
    return f"{'line' if len(facts) == 1 else 'lines'} {shown}{more}"


def stated(block: Block) -> Facts:
    """One fact a line on which a block states something."""
    if isinstance(block, Paragraph):
        return block.lines
    if isinstance(block, List):
        return tuple(item.text for item in block.items)
    if isinstance(block, Table):
        return (block.header[0], *(row[0] for row in block.rows))
    return tuple(line for line in block.lines if line.value.strip())


def _is_comment(block: Block) -> bool:
    if not isinstance(block, Paragraph):
        return False
    return block.lines[0].value.startswith("<!--") and block.lines[-1].value.endswith("-->")


def _is_caption(block: Block, below: Block | None, account: Account) -> bool:
    """Whether a paragraph only introduces the block below, which was read."""
    if not isinstance(block, Paragraph) or account.is_read(block) or not account.is_read(below):
        return False
    return plain(block.lines[-1].value).endswith(":")


def _is_loss(above: Block | None, block: Block, account: Account, partly_read: bool) -> bool:
    if isinstance(block, Table) or account.strict:
        return True
    left = account.unread(block)
    if isinstance(block, Paragraph):
        return any(_TORN.match(line.value) or account.knows(line) for line in left)
    if account.is_read(block):
        return True
    if isinstance(block, Fence):
        return _cuts_table(above, block) or swallows(block) or any(account.knows(line) for line in left)
    if any(tick(line) for line in left):
        return True
    if isinstance(above, Paragraph) and not account.is_read(above):
        last = above.lines[-1]
        if account.knows(last) or plain(last.value).endswith(":"):
            return account.knows(last)
    return partly_read


def _cuts_table(above: Block | None, fence: Fence) -> bool:
    """Whether a code block begins in the middle of a table, right below its last row."""
    if not isinstance(above, Table):
        return False
    last = above.rows[-1][0].line if above.rows else above.line + 1
    return fence.line == last + 1
