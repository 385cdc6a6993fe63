"""Imported by the server that steps are forked from: what each of them would otherwise read anew."""

from __future__ import annotations

import gc

from radeng_assets.orchestration.build import served_site
from radeng_assets.orchestration.storage import opened

PLANNING = served_site().planning
"""The documents, a third of the time that a step takes beside its work."""

# Opening the instance imports its storage, SQLAlchemy among it: half of the time that a step takes to start.
with opened(served_site().home):
    pass

# What is here stays. A step that looked through it for garbage would take time, and copy every page that it touched.
gc.collect()
gc.freeze()
