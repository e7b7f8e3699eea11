"""How Hypothesis runs here: no deadline, since machines differ, and the same examples in CI.

And a PostgreSQL server for the tests that want one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests import postgres

collect_ignore_glob = ["*.yaml"]
"""Processes that tests keep are theirs to read; some are faulty on purpose."""

settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    with postgres.server() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: postgres.Server) -> Iterator[str]:
    """A schema of the test's own."""
    with postgres.schema_on(postgres_server) as url:
        yield url
