"""``python -m load AGENTS ... [--out FILE]``: send fleets out; exit 1 where one is over its limits."""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path

from load.fleet import LETTERS, level, sent_out

LIMITS = {10: (0.01, 5.0), 50: (0.02, 10.0), 100: (0.05, 30.0)}
"""Size of a fleet → the share of requests that may fail, and the 99th percentile of latency in seconds."""


def main(arguments: list[str]) -> int:
    """Send out each fleet that is named, all of them to a report if one is asked for."""
    parser = argparse.ArgumentParser(prog="python -m load")
    parser.add_argument("agents", type=int, nargs="+", choices=sorted(LIMITS))
    parser.add_argument("--out", type=Path)
    given = parser.parse_args(arguments)
    if given.out:
        report = {
            "schema": "radeng/load-target/v1",
            "simulated": False,
            "levels": [level(fleet) for fleet in given.agents],
        }
        given.out.write_text(json.dumps(report), encoding="utf-8")
        return 0
    held = [_holds(fleet) for fleet in given.agents]
    return 0 if all(held) else 1


def _holds(fleet: int) -> bool:
    requests = sent_out(fleet, LETTERS[fleet])
    errors = sum(not request.ok for request in requests)
    took = sorted(request.end - request.start for request in requests)
    slow = took[math.ceil(0.99 * len(took)) - 1]
    rate, latency = LIMITS[fleet]
    print(f"{fleet} agents: {errors} of {len(requests)} requests failed, p99 {slow:.3f} s")
    return errors < rate * len(requests) and slow < latency


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
