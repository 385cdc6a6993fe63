"""Imported first by the fork server of `radeng run`: it and all that it forks are apart from the terminal.

In a session of their own: an interrupt reaches the conductor alone, who passes it on by closing the lines. And with
nothing to print to: standard output is the conductor's.
"""

from __future__ import annotations

import os

os.setsid()
with open(os.devnull, "wb") as nowhere:  # noqa: PTH123  # a file descriptor is wanted
    os.dup2(nowhere.fileno(), 1)
