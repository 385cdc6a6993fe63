"""Small repositories to index: a service in TypeScript and one in Python, with tests, a manual and odd files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from radeng_assets.ess.index.code_index import CodeIndex
from radeng_assets.execution.git import TargetRepository
from radeng_assets_tests.folders import commit, git

TREE: Mapping[str, str] = {
    "src/limits/rateLimiter.ts": """\
/** Holds callers back. */
import { Clock } from "../clock";

export interface Options { perMinute: number }

/**
 * Never lets more calls through than the account may make.
 */
export class RateLimiter {
  constructor(private readonly options: Options, private readonly clock: Clock) {}

  // Waits until there is room.
  async acquire(count: number): Promise<void> {
    await waitUntil(this.clock, count);
  }
}

export const waitUntil = async (clock: Clock, count: number): Promise<void> => {
  await clock.sleep(count);
};
""",
    "src/clock.ts": """\
export class Clock {
  sleep(seconds: number): Promise<void> {
    return later(seconds);
  }
}
""",
    "src/index.ts": 'export { RateLimiter } from "./limits/rateLimiter";\n',
    "src/limits/rateLimiter.test.ts": """\
import { RateLimiter } from "./rateLimiter";

test("limits", () => {
  new RateLimiter({ perMinute: 1 }, null).acquire(1);
});
""",
    "service/__init__.py": "",
    "service/billing.py": '''\
"""Bills customers."""

from service.money import CURRENCY, round_up


def bill_customer(customer_id: str) -> int:
    """What a customer owes in cents."""
    return round_up(len(customer_id), CURRENCY)
''',
    "service/money.py": '''\
"""Sums of money."""

CURRENCY = "EUR"
"""What everything is paid in."""


def round_up(cents: int, currency: str) -> int:
    return cents + 1
''',
    "tests/test_billing.py": """\
from service.billing import bill_customer


def test_bill():
    assert bill_customer('x') == 2
""",
    "docs/manual.md": """\
# Manual

How to use it.

## Limits

See [the limiter](../src/limits/rateLimiter.ts) and `service.billing`.
""",
    "config.yaml": "retries: 3\n",
}


def repository(folder: Path, files: Mapping[str, str | bytes]) -> TargetRepository:
    """A new repository of one commit that holds the files."""
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    change(folder, files)
    return TargetRepository.open(folder)


def change(folder: Path, files: Mapping[str, str | bytes | None], message: str = "Change") -> str:
    """Commit files as they are to be; ``None`` deletes one. The new commit's id."""
    for name, content in files.items():
        path = folder / name
        if content is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return commit(folder, message)


def contents_of(index: CodeIndex) -> tuple[object, ...]:
    """All that an index says: two that say the same are the same."""
    questions = ("rate limiter waits", "bill a customer", "currency", "manual limits", "sleep later retries")
    symbols = ("RateLimiter", "acquire", "waitUntil", "bill_customer", "CURRENCY", "round_up", "Clock")
    return (
        index.digest,
        index.counts,
        *(index.search(question) for question in questions),
        *(index.references(symbol) for symbol in symbols),
        *(index.neighbours(symbol) for symbol in symbols),
        *(index.tests_of(symbol) for symbol in symbols),
        index.nodes(),
    )
