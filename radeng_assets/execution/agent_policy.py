"""What a team lets agents do and spend: the ``agents:`` part of ``readiness.yaml``."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from radeng_assets.record import Record

SandboxRule = Literal["required", "preferred", "off"]
"""Whether commands of agents and gates run in a sandbox: always, where the machine has one, or never."""


class SpendingLimits(Record):
    """USD, each a ceiling that reservations are held against before anything is sent."""

    story: Decimal = Decimal(5)
    wave: Decimal = Decimal(30)
    plan: Decimal = Decimal(100)
    day: Decimal = Decimal(50)


class RateLimits(Record):
    """The account's limits, for all agents of the machine together. Tokens are input and output."""

    requests_per_minute: int = 50
    tokens_per_minute: int = 400_000


class MachineLimits(Record):
    """What must be free before a story starts, and what one command may take.

    Bytes; ``load_per_core`` is the one-minute load average over the number of cores. ``wait_s`` is how long a story
    waits before concurrency is given up.
    """

    free_memory: int = 512 * 1024 * 1024
    free_disk: int = 1024 * 1024 * 1024
    load_per_core: float = 8.0
    wait_s: float = 120.0
    command_memory: int = 4 * 1024 * 1024 * 1024
    command_processes: int = 256
    command_file: int = 1024 * 1024 * 1024


class AgentPolicy(Record):
    """Everything of ``agents:``.

    ``attempts`` at a story; ``turns`` and ``attempt_timeout_s`` bound one attempt; ``output_tokens`` one turn.
    ``retry_deadline_s`` is how long one turn may wait for the account (limits, ``retry-after``, retries) in all.
    ``scope_also`` are globs that every story may change, ``file_bytes`` the size over which a file fails the attempt.
    ``environment`` are variables that a command agent gets (never ``RADENG_*``, which are ours), ``api`` whether it may
    call the Messages API through the broker, ``readable`` more folders that the sandbox shows read-only.
    """

    attempts: int = 3
    turns: int = 80
    attempt_timeout_s: float = 3600.0
    turn_timeout_s: float = 600.0
    output_tokens: int = 16_000
    retry_deadline_s: float = 300.0
    spending: SpendingLimits = SpendingLimits()
    rates: RateLimits = RateLimits()
    machine: MachineLimits = MachineLimits()
    sandbox: SandboxRule = "preferred"
    readable: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    api: bool = False
    scope_also: tuple[str, ...] = ()
    file_bytes: int = 1024 * 1024
