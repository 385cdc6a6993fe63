"""The rich case, made once."""

from __future__ import annotations

import pytest

from radeng_assets.readiness.page.facts import PageFacts
from radeng_assets_tests.readiness.page.sample import bundled_facts


@pytest.fixture(scope="session")
def facts(tmp_path_factory: pytest.TempPathFactory) -> PageFacts:
    return bundled_facts(tmp_path_factory.mktemp("facts"))
