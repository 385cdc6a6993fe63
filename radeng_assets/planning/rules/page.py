"""``docs/rules.md``, made from the rules themselves (``make docs``)."""

from __future__ import annotations

import sys

from radeng_assets.planning.rules.book import family_about, rule_book

_HEAD = """\
# The rules of the plan audit

Made by `make docs` from the rules themselves. `radeng audit --explain RULE` prints one of them. Findings of the readers
(`yaml-broken`, `wrong-value`, `file-missing` …) and of the schedule come on top of these.
"""


def rules_page() -> str:
    """The page as Markdown."""
    parts = [_HEAD]
    for family, found in rule_book().items():
        parts.append(f"\n## {family}\n\n{family_about(family)}\n")
        parts += [f"\n### `{rule.id}`\n\n*{rule.severity}.* {rule.why}\n\n> {rule.example}\n" for rule in found]
    return "".join(parts)


if __name__ == "__main__":
    sys.stdout.write(rules_page())
