"""Generated source trees of any size: TypeScript and Python modules that import, call and test each other, and manuals.

The code is made of a small vocabulary, so that words are as often repeated as in real code, and every file is its own.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

VERBS = ("load", "save", "merge", "parse", "render", "validate", "schedule", "retry", "cache", "notify", "resolve")
NOUNS = (
    *("invoice", "account", "session", "token", "report", "widget", "order", "payment", "customer", "shipment"),
    *("catalog", "price", "stock", "message", "queue", "worker", "template", "document", "policy", "limit"),
    *("quota", "event", "metric", "alert", "profile"),
)


def write_tree(folder: Path, lines: int) -> int:
    """Write a tree of about ``lines`` lines, two thirds TypeScript, and say how many lines it has."""
    total = 0
    for number, (name, text) in enumerate(_files(lines)):
        if total >= lines:
            break
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        total += text.count("\n")
        if number % 40 == 39:
            manual = _manual(number)
            (folder / "docs").mkdir(exist_ok=True)
            (folder / "docs" / f"manual-{number}.md").write_text(manual, encoding="utf-8")
            total += manual.count("\n")
    return total


def subject(number: int) -> tuple[str, str]:
    """The two nouns that module ``number`` is about."""
    return NOUNS[number % len(NOUNS)], NOUNS[number // len(NOUNS) % len(NOUNS)]


def module_path(number: int) -> str:
    """Where module ``number`` stands."""
    first, second = subject(number)
    if number % 3 == 2:
        return f"services/{first}/{second}_{number}.py"
    return f"packages/{first}/src/{second}{number}.ts"


def _files(lines: int) -> Iterator[tuple[str, str]]:
    for number in range(lines // 20):
        chance = random.Random(number)  # the same tree every time
        if number % 3 == 2:
            yield module_path(number), _python(number, chance)
        else:
            yield module_path(number), _typescript(number, chance)


def _typescript(number: int, chance: random.Random) -> str:
    first, second = subject(number)
    kind = f"{first.title()}{second.title()}{number}"
    others = [other for other in (number - 1, number - 3, number - 7) if other >= 0 and other % 3 != 2]
    head = [f"/** Keeps the {second} of each {first} up to date. */", ""]
    for other in others:
        a, b = subject(other)
        up = "../../.." if a != first else "../.."
        head.append(f'import {{ {a.title()}{b.title()}{other}Store }} from "{up}/packages/{a}/src/{b}{other}";')
    body: list[str] = [
        "",
        f"export interface {kind}Options {{",
        f"  readonly {first}Limit: number;",
        f"  readonly {second}Name?: string;",
        "}",
        "",
        f"/** Holds every {second} by its identifier. */",
        f"export class {kind}Store {{",
        f"  private readonly entries = new Map<string, {kind}Options>();",
    ]
    for verb in chance.sample(VERBS, 5):
        noun = chance.choice(NOUNS)
        body += [
            "",
            "  /**",
            f"   * {verb.title()}s the {noun} of a {first}, at most {chance.randint(2, 90)} at once.",
            f"   * @param {noun}Id which {noun}",
            "   */",
            f"  async {verb}{noun.title()}({noun}Id: string, options: {kind}Options): Promise<number> {{",
            f"    const current = this.entries.get({noun}Id) ?? options;",
            f"    if (current.{first}Limit > {chance.randint(10, 900)}) {{",
            f"      throw new Error(`too many for ${{{noun}Id}}`);",
            "    }",
            f"    const total = await compute{kind}(current.{first}Limit, {chance.randint(1, 9)});",
            f"    this.entries.set({noun}Id, {{ ...current, {first}Limit: total }});",
            "    return total;",
            "  }",
        ]
    body += [
        "}",
        "",
        f"export async function compute{kind}(limit: number, step: number): Promise<number> {{",
        "  let sum = 0;",
        "  for (let index = 0; index < limit; index += step) {",
        f"    sum += index % {chance.randint(2, 7)} === 0 ? index : -1;",
        "  }",
        "  return sum;",
        "}",
        "",
        f"export const create{kind} = (options: {kind}Options): {kind}Store => {{",
        f"  const store = new {kind}Store();",
    ]
    for other in others:
        a, b = subject(other)
        body.append(f"  new {a.title()}{b.title()}{other}Store();")
    body += ["  void options;", "  return store;", "};", ""]
    return "\n".join(head + body)


def _python(number: int, chance: random.Random) -> str:
    first, second = subject(number)
    kind = f"{first.title()}{second.title()}{number}"
    lines = [
        f'"""The {second} of each {first}: read, checked and handed on."""',
        "",
        "from __future__ import annotations",
        "",
    ]
    if number >= 3:
        a, b = subject(number - 3)
        lines.append(f"from services.{a}.{b}_{number - 3} import {a.title()}{b.title()}{number - 3}")
    lines += ["", f"{first.upper()}_LIMIT = {chance.randint(5, 500)}", "", "", f"class {kind}:"]
    lines += [f'    """Holds every {second} by its identifier."""', "", "    def __init__(self) -> None:"]
    lines.append("        self.entries: dict[str, int] = {}")
    for verb in chance.sample(VERBS, 7):
        noun = chance.choice(NOUNS)
        lines += [
            "",
            f"    def {verb}_{noun}(self, {noun}_id: str, amount: int = {chance.randint(1, 9)}) -> int:",
            f'        """{verb.title()} the {noun} of a {first}.',
            "",
            f"        Raises ``ValueError`` for more than {chance.randint(10, 90)} of them.",
            '        """',
            f"        known = self.entries.get({noun}_id, 0)",
            f"        if known + amount > {first.upper()}_LIMIT:",
            f'            raise ValueError(f"too many for {{{noun}_id}}")',
            f"        self.entries[{noun}_id] = compute_{first}_{number}(known, amount)",
            f"        return self.entries[{noun}_id]",
        ]
    lines += ["", "", f"def compute_{first}_{number}(known: int, amount: int) -> int:"]
    lines += [f'    """The new {second} after a change."""', "    total = known"]
    lines += [
        "    for index in range(amount):",
        f"        total += index % {chance.randint(2, 7)}",
        "    return total",
        "",
    ]
    return "\n".join(lines)


def _manual(number: int) -> str:
    lines: list[str] = []
    for module in range(max(number - 8, 0), number):
        first, second = subject(module)
        lines += [f"# The {second} of each {first}", "", f"It is kept by `{module_path(module)}`.", ""]
    return "\n".join(lines)
