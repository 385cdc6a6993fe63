"""What each language's syntax gives, exactly; and that no text is too odd to be read."""

from __future__ import annotations

import hashlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.canonical import canonical
from radeng_assets.ess.index.extract import extract
from radeng_assets.ess.index.facts import Facts, digest_of_file
from radeng_assets.ess.index.language import all_languages, language_of
from radeng_assets.ess.index.sections import read_document
from radeng_assets_tests.ess.index.trees import TREE

TYPESCRIPT = """\
/** About the file. */

import { A, B as C } from "./a";
import type { D } from "@/d";
export * from "./e";

const limits = { a: 1 };

/**
 * Limits rates.
 */
@sealed
export class RateLimiter<T> extends Base implements Port {
  private x: Foo = limits;
  handler = () => this.x;

  // takes one
  // or more
  async acquire(n: number): Promise<T> {
    return lib.wait(n, new Bar());
  }
}

export abstract class Shape {
  abstract area(): number;
}

export interface Port { open(): void }
export type Name = A | string;
export enum Color { Red }

export const make = async (a: A): Promise<void> => {
  const inner = () => require("./late");
  await import("./later");
};

export function* numbers() {}
declare function outside(x: number): void;
"""

PYTHON = '''\
#!/usr/bin/env python
"""About the file."""

import os.path as where
from . import sibling
from .near import one, two as zwei
from far.away import thing

LIMIT: int = 3
"""How many."""

type Name = str


# Not the docstring.
@decorate(LIMIT)
def outer(value: Foo[int]) -> Bar | None:
    """Does it."""
    def inner():
        return one(value)
    return thing.call(inner)


class Store(Base, abc.ABC):
    # Counts them.
    @property
    def size(self):
        return LIMIT

    async def load(self): ...
'''

TSX = """\
import { Button } from "./button";

export function Page({ title }: Props) {
  return <Layout><Button label={title} /></Layout>;
}
"""

JAVASCRIPT = """\
const fs = require("fs-extra");

/** Reads. */
class Reader extends Base {
  read(path) { return fs.readFile(path); }
}

var helper = function (x) { return new Reader(x); };
module.exports = { helper };
"""


def facts(suffix: str, text: str) -> Facts:
    language = language_of(f"file{suffix}")
    assert language
    return extract(language, text)


def places(found: Facts) -> list[tuple[str, str, int, int]]:
    return [(place.kind, place.symbol, place.line_start, place.line_end) for place in found.places]


def edges(found: Facts) -> set[tuple[str, str, str]]:
    """(kind, name, symbol in which it stands)."""
    owners = [place.symbol for place in found.places]
    return {(r.kind, r.name, owners[r.owner] if r.owner >= 0 else "") for r in found.references}


def leads(found: Facts) -> list[tuple[str, int]]:
    return [(lead.text, lead.line) for lead in found.leads]


def test_typescript() -> None:
    found = facts(".ts", TYPESCRIPT)
    assert places(found) == [
        ("constant", "limits", 7, 7),
        ("class", "RateLimiter", 12, 22),
        ("method", "RateLimiter.handler", 15, 15),
        ("method", "RateLimiter.acquire", 19, 21),
        ("class", "Shape", 24, 26),
        ("method", "Shape.area", 25, 25),
        ("interface", "Port", 28, 28),
        ("type", "Name", 29, 29),
        ("enum", "Color", 30, 30),
        ("function", "make", 32, 35),
        ("function", "make.inner", 33, 33),
        ("function", "numbers", 37, 37),
        ("function", "outside", 38, 38),
    ]
    assert not found.limit
    assert found.header == "About the file."
    by_symbol = {place.symbol: place for place in found.places}
    assert by_symbol["RateLimiter"].doc == "Limits rates."
    assert by_symbol["RateLimiter.acquire"].doc == "takes one\nor more"
    assert by_symbol["RateLimiter.acquire"].signature == "async acquire(n: number): Promise<T>"
    assert by_symbol["make"].signature == "export const make = async (a: A): Promise<void>"
    assert edges(found) >= {
        ("reference", "A", ""),
        ("reference", "Base", "RateLimiter"),
        ("reference", "Port", "RateLimiter"),
        ("reference", "limits", "RateLimiter"),
        ("reference", "Foo", "RateLimiter"),
        ("call", "wait", "RateLimiter.acquire"),
        ("call", "Bar", "RateLimiter.acquire"),
        ("reference", "A", "Name"),
    }
    assert leads(found) == [("./a", 3), ("@/d", 4), ("./e", 5), ("./late", 33), ("./later", 34)]


def test_python() -> None:
    found = facts(".py", PYTHON)
    assert places(found) == [
        ("constant", "LIMIT", 9, 9),
        ("type", "Name", 12, 12),
        ("function", "outer", 16, 21),
        ("function", "outer.inner", 19, 20),
        ("class", "Store", 24, 30),
        ("method", "Store.size", 26, 28),
        ("method", "Store.load", 30, 30),
    ]
    assert found.header == "About the file."
    by_symbol = {place.symbol: place for place in found.places}
    assert by_symbol["LIMIT"].doc == "How many."
    assert by_symbol["outer"].doc == "Does it."
    assert by_symbol["Store.size"].doc == "Counts them."
    assert by_symbol["Store.load"].signature == "async def load(self)"
    assert edges(found) == {
        ("reference", "sibling", ""),
        ("reference", "one", ""),
        ("reference", "two", ""),
        ("reference", "thing", ""),
        ("call", "decorate", "outer"),
        ("reference", "LIMIT", "outer"),
        ("reference", "Foo", "outer"),
        ("reference", "int", "outer"),
        ("reference", "Bar", "outer"),
        ("reference", "int", "LIMIT"),
        ("reference", "str", "Name"),
        ("call", "one", "outer.inner"),
        ("call", "call", "outer"),
        ("reference", "thing", "outer"),
        ("reference", "inner", "outer"),
        ("reference", "Base", "Store"),
        ("reference", "ABC", "Store"),
        ("reference", "property", "Store.size"),
        ("reference", "LIMIT", "Store.size"),
    }
    assert leads(found) == [("os.path", 4), (".sibling", 5), (".near.one", 6), (".near.two", 6), ("far.away.thing", 7)]


def test_tsx() -> None:
    found = facts(".tsx", TSX)
    assert places(found) == [("function", "Page", 3, 5)]
    assert edges(found) == {
        ("reference", "Button", ""),
        ("reference", "Props", "Page"),
        ("reference", "Layout", "Page"),
        ("reference", "Button", "Page"),
    }
    assert leads(found) == [("./button", 1)]


def test_javascript() -> None:
    found = facts(".mjs", JAVASCRIPT)
    assert places(found) == [
        ("constant", "fs", 1, 1),
        ("class", "Reader", 4, 6),
        ("method", "Reader.read", 5, 5),
        ("function", "helper", 8, 8),
    ]
    assert found.places[1].doc == "Reads."
    assert edges(found) == {
        ("call", "require", "fs"),
        ("reference", "Base", "Reader"),
        ("reference", "fs", "Reader.read"),
        ("call", "readFile", "Reader.read"),
        ("call", "Reader", "helper"),
        ("reference", "helper", ""),
    }
    assert leads(found) == [("fs-extra", 1)]


def test_markdown_by_section() -> None:
    found = read_document("Intro.\n\n# One\n\nSee `src/a.ts`, [b](../b.py) and pkg.mod.\n\n## Two `x`\n\ntext\n")
    assert places(found) == [("section", "", 1, 2), ("section", "One", 3, 6), ("section", "Two x", 7, 10)]
    assert found.places[0].doc == "Intro."
    assert {lead.text for lead in found.leads} >= {"src/a.ts", "../b.py", "pkg.mod"}
    assert {lead.line for lead in found.leads} == {5}


def test_broken_source_gives_what_is_whole() -> None:
    found = facts(".py", "def whole(): pass\n\ndef broken(:\n\nclass Whole: pass\n")
    assert found.limit == "broken"
    assert {"whole", "Whole"} <= {place.name for place in found.places}


@pytest.mark.parametrize("suffix", [".py", ".ts", ".tsx", ".js"])
@pytest.mark.parametrize("text", ["(" * 200_000, "[" * 99_000 + "]" * 99_000, "a" + ".b()" * 40_000, "({[`${" * 30_000])
def test_what_would_take_the_square_of_its_size_is_left(suffix: str, text: str) -> None:
    found = facts(suffix, text)
    assert found.limit == "tangled"
    assert not found.places


def test_large_code_with_an_error_is_no_tangle() -> None:
    text = "\n".join(f"def f{number}(a, b):\n    return [a, (b, {{1: a}})]" for number in range(3000))
    assert len(facts(".py", text).places) == 3000
    assert len(facts(".py", text + "\ndef broken(:\n").places) >= 3000


@pytest.mark.parametrize("suffix", [".py", ".ts", ".tsx", ".js"])
def test_the_same_text_gives_the_same_facts(suffix: str) -> None:
    text = PYTHON if suffix == ".py" else TYPESCRIPT
    digests = {digest_of_file("b", (), facts(suffix, text)) for _ in range(5)}
    assert len(digests) == 1


def mutated(text: str, chance: random.Random) -> str:
    """The text with some pieces cut, doubled, swapped or replaced."""
    for _ in range(chance.randint(1, 12)):
        start = chance.randrange(len(text) + 1)
        end = min(start + chance.randint(0, 40), len(text))
        piece = chance.choice(("", text[start:end] * 2, '"""', "/*", "\x00", "\ud800", "é𝔘\u2028", "`${", "}\n", "\r"))
        text = text[:start] + piece + text[end:]
    return text


@given(seed=st.integers(min_value=0), which=st.sampled_from(sorted(all_languages())))
def test_no_mutated_source_is_fatal(seed: int, which: str) -> None:
    text = mutated(PYTHON if which == "python" else TYPESCRIPT + TSX, random.Random(seed))  # noqa: S311 - repeatable
    lines = text.encode(errors="replace").count(b"\n") + 1
    for place in extract(all_languages()[which], text).places:
        assert 1 <= place.line_start <= place.line_end <= lines


@given(text=st.text(), which=st.sampled_from(sorted(all_languages())))
def test_no_text_is_fatal(text: str, which: str) -> None:
    extract(all_languages()[which], text)
    read_document(text)


@pytest.mark.parametrize("path", [path for path in TREE if language_of(path)])
def test_digests_are_over_canonical_json(path: str) -> None:
    language = language_of(path)
    assert language
    found = extract(language, TREE[path])
    listed = [
        found.language,
        found.header,
        [list(place) for place in found.places],
        [list(reference) for reference in found.references],
        [list(lead) for lead in found.leads],
        found.limit,
    ]
    expected = hashlib.sha256(canonical(["blob", ["broken"], listed])).hexdigest()
    assert digest_of_file("blob", ("broken",), found) == expected
