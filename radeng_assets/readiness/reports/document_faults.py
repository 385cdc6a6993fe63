"""What makes a document a stub, a form to be filled in, or a map that leads nowhere: each fault an issue."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterator
from urllib.parse import unquote, urlsplit

from radeng_assets.evidence.formats.prose import MARKDOWN, Heading, Prose
from radeng_assets.readiness.reports.assessment import Grade, Issue, issue_digest
from radeng_assets.readiness.reports.terms import RequiredDocument

DISTINCT = 0.4
"""Distinct words of a document at least, as a share of the words that it must have.

Half of the words of a page of English are there once only (Zipf); two fifths leaves room for tables and languages.
"""

REPEATED = 5
"""So many words in the same order are a repetition; two sentences of one text rarely share as many."""

SECTION_WORDS = 5
"""Words of prose that a section must have where it has no code."""

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_PLACEHOLDER = re.compile(
    r"\b(?:TODO|TBD|FIXME|XXX)\b|(?i:\bcoming soon\b|\blorem ipsum\b|<\s*(?:insert|your|fill)\b|\[\s*(?:insert|fill)\b)"
)
_LINE_ANCHOR = re.compile(r"L\d+(?:C\d+)?(?:-L\d+(?:C\d+)?)?")

Reader = Callable[[str], Prose | None]
"""The document at a path, where it was collected."""


def faults(path: str, prose: Prose, demand: RequiredDocument) -> Iterator[Issue]:
    """What is wrong with a document's own text."""
    yield from _substance(path, prose, demand.words)
    for wanted in demand.sections:
        yield from _section(path, prose, wanted)
    for text in prose.texts:
        for found in _PLACEHOLDER.finditer(text.text):
            where = f"{path}:{text.line}"
            yield issue("document-placeholder", path, "medium", f"{where} says {found[0]!r}", text.text)
    for heading in prose.headings:
        for found in _PLACEHOLDER.finditer(heading.text):
            message = f"{path}:{heading.line} is headed {found[0]!r}"
            yield issue("document-placeholder", path, "medium", message, heading.text)


def broken_links(path: str, prose: Prose, tree: Collection[str], folders: Collection[str], read: Reader) -> list[Issue]:
    """Relative links and images of a document that lead nowhere in the commit."""
    found: list[Issue] = []
    for link in prose.links:
        why = "" if is_external(link.target) else _leads_nowhere(path, prose, link.target, tree, folders, read)
        if why:
            message = f"{path}:{link.line} points to {link.target[:120]!r}: {why}"
            found.append(issue("document-link", path, "medium", message, link.target))
    return found


def is_external(target: str) -> bool:
    """Whether a link leads out of the repository, so that nobody can tell without the network."""
    return bool(re.match(r"(?:[a-zA-Z][a-zA-Z0-9+.-]*:|//)", target))


def issue(rule: str, subject: str, grade: Grade, message: str, content: str) -> Issue:
    """An issue about a document, with the identity of its content."""
    return Issue(rule=rule, subject=subject, grade=grade, message=message, digest=issue_digest(rule, subject, content))


def _substance(path: str, prose: Prose, least: int) -> Iterator[Issue]:
    """Words outside of headings and code; what stands there again adds nothing, however its lines are broken."""
    words = [word.lower() for text in prose.texts for word in _WORD.findall(text.text)]
    runs = {tuple(words[at : at + REPEATED]) for at in range(len(words) - REPEATED + 1)}
    said = len(runs) + REPEATED - 1 if runs else len(words)
    distinct = len(set(words))
    if said < least or distinct < DISTINCT * least:
        message = (
            f"{path} is a stub: {said} words without repetitions ({distinct} different), at least {least} are demanded"
        )
        yield issue("document-stub", path, "high", message, " ".join(words))


def _section(path: str, prose: Prose, wanted: str) -> Iterator[Issue]:
    sought = {word.lower() for word in _WORD.findall(wanted)}
    named = [one for one in prose.headings if sought and sought <= {w.lower() for w in _WORD.findall(one.text)}]
    if not named:
        yield issue("document-section", path, "high", f"{path} has no section {wanted!r}", wanted)
    elif not any(_says(prose, heading) for heading in named):
        message = f"{path}:{named[0].line}: the section {wanted!r} is empty"
        yield issue("document-section", path, "high", message, wanted)


def _says(prose: Prose, heading: Heading) -> bool:
    """Whether a section, those below it included, has prose or code."""
    after = (one.line for one in prose.headings if one.line > heading.line and one.level <= heading.level)
    end = next(after, 1 << 62)
    words = sum(len(_WORD.findall(text.text)) for text in prose.texts if heading.line < text.line < end)
    coded = any(block.text.strip() for block in prose.blocks if heading.line < block.line < end)
    return words >= SECTION_WORDS or coded


def _leads_nowhere(
    path: str, prose: Prose, target: str, tree: Collection[str], folders: Collection[str], read: Reader
) -> str:
    """Why a relative link does not resolve; empty where it does."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return "it is no address"
    place, anchor = unquote(parts.path), unquote(parts.fragment)
    if not place and not parts.fragment:
        return "it points to nothing" if not parts.query else ""
    where = path
    if place:
        base = "" if place.startswith("/") else posixpath.dirname(path)
        where = posixpath.normpath(posixpath.join(base, place.lstrip("/") or "."))
        if where.startswith("../") or where == "..":
            return "it leaves the repository"
        if where not in tree and where not in folders and where != ".":
            return f"{where} is not in the commit"
    if not anchor or not where.lower().endswith(MARKDOWN) or _LINE_ANCHOR.fullmatch(anchor):
        return ""
    other = prose if where == path else read(where)
    if other is None or anchor in other.anchors or anchor.lower() in other.anchors:
        return ""
    return f"{where} has no heading #{anchor}"
