"""The first signal is raised where the program is; what halts then is not disturbed by further ones."""

from __future__ import annotations

import signal

import pytest

from radeng_assets.cli.halting import SIGNALS, Halted, halting


@pytest.mark.parametrize("number", SIGNALS)
def test_the_first_signal_halts_and_further_ones_wait(number: signal.Signals) -> None:
    before = [signal.getsignal(each) for each in SIGNALS]
    drained: list[signal.Signals] = []

    def work() -> None:
        with halting():
            try:
                signal.raise_signal(number)
            finally:
                for each in SIGNALS:
                    signal.raise_signal(each)
                    drained.append(each)

    with pytest.raises(Halted) as halted:
        work()
    assert drained == list(SIGNALS)
    assert halted.value.exit_code == 128 + number
    assert str(halted.value) == number.name
    assert [signal.getsignal(each) for each in SIGNALS] == before
