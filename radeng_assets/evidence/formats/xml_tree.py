"""A report in XML as elements that know their line. Entities, external references and depth bombs are refused.

The parser is defusedxml's: it refuses what XML can do beyond marking up text. Namespaces are dropped, as
writers of one format disagree about them.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from radeng_assets.evidence.formats.notes import Notes
from radeng_assets.evidence.formats.text import is_too_large

MAX_DEPTH = 100
"""Deepest nesting that is read; JUnit suites, the deepest of these formats, nest perhaps ten deep."""

_MEND = "Write the report again with the tool that made it."


class Located(Element):
    """An element with the line (from 1) on which it begins."""

    line: int = 0


class _TooDeep(Exception):  # noqa: N818 - not an error of the program: it ends the parser's walk
    """The document nests deeper than ``MAX_DEPTH``."""


class _Builder(TreeBuilder):
    """Builds ``Located`` elements. ``parser`` is set once both exist, because each needs the other."""

    def __init__(self) -> None:
        super().__init__(element_factory=Located)
        self.parser: DefusedXMLParser | None = None
        self._depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        """Open an element and note its line."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _TooDeep
        element = super().start(tag.rpartition("}")[2], attrs)
        if isinstance(element, Located) and self.parser is not None:
            element.line = _line(self.parser)
        return element

    def end(self, tag: str, /) -> Element:
        """Close the innermost element."""
        self._depth -= 1
        return super().end(tag.rpartition("}")[2])


def read_xml(data: bytes, notes: Notes) -> Located | None:
    """The document's top element; ``None`` and an error with its line where there is no XML that is safe to read."""
    if is_too_large(data, notes):
        return None
    builder = _Builder()
    parser = builder.parser = DefusedXMLParser(target=builder)
    try:
        parser.feed(data)
        root = parser.close()
    except ParseError as error:
        _refuse(notes, f"it is not well-formed: {str(error).partition(':')[0]}", error.position[0])
    except DefusedXmlException as error:
        _refuse(notes, f"it declares entities or external references ({type(error).__name__})", _line(parser))
    except _TooDeep:
        _refuse(notes, f"it nests over {MAX_DEPTH} levels", _line(parser))
    except (ValueError, LookupError) as error:  # an encoding that Python does not know, or that is not what it says
        _refuse(notes, f"its encoding cannot be read: {error}", 1)
    else:
        return root if isinstance(root, Located) else None
    return None


def children(element: Located, *tags: str) -> list[Located]:
    """The direct children that have one of the tags, in order."""
    return [child for child in element if child.tag in tags and isinstance(child, Located)]


def _line(parser: DefusedXMLParser) -> int:
    return max(parser.parser.CurrentLineNumber, 1)


def _refuse(notes: Notes, reason: str, line: int) -> None:
    notes.error("report-not-xml", notes.file, f"{notes.file} was not read: {reason}.", _MEND, max(line, 1))
