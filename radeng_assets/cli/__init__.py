"""The command line: flags in, documents and tables out. Each verb is one module."""

import gc

# A verb is mostly imports, and what an import makes is no garbage: looking for some took a tenth of the time of
# `radeng --help`, a sixth of what a run imports.
gc.set_threshold(100_000, 50, 1_000)
