"""What the tests of the shell share: a clock, a store of each kind, and an engine on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from escalation_engine.loader import load_text
from escalation_engine.runtime import Engine
from escalation_engine.store import open_store
from escalation_engine.store.protocol import Store
from escalation_engine.testing.clock import ManualClock
from tests.runtime.desk import HELP_DESK, Desk
from tests.runtime.presented import Loop, presented

MakeEngine = Callable[..., Engine]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 6, 8, 9, tzinfo=UTC))


ON_POSTGRESQL = {"test_opening", "test_sending", "test_outbox", "test_retry", "test_async"}
"""Tests of these modules run on PostgreSQL each time, the others with `-m long`."""

IN_A_LOOP = {"test_opening", "test_sending", "test_outbox", "test_time"}
"""Tests of these modules hold for AsyncEngine each time in memory and on SQLite, the rest with
`-m long`."""


@pytest.hookimpl(tryfirst=True)  # before those are deselected that are marked
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        given = item.callspec.params if hasattr(item, "callspec") else {}
        is_on_postgresql = given.get("url") == "postgresql"
        is_rare = is_on_postgresql and item.path.stem not in ON_POSTGRESQL
        if given.get("loop") == "AsyncEngine":
            is_rare = is_on_postgresql or item.path.stem not in IN_A_LOOP
        if is_rare:
            item.add_marker(pytest.mark.long)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    match request.param:
        case "memory":
            return "memory://"
        case "sqlite":
            return f"sqlite:///{tmp_path / 'desk.db'}"
    given: str = request.getfixturevalue("postgres_url")
    return given


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture(params=["Engine", "AsyncEngine"])
def loop(request: pytest.FixtureRequest) -> Iterator[Loop | None]:
    """The event loop of an AsyncEngine; None: the test is of an Engine."""
    if request.param == "Engine":
        yield None
        return
    opened = Loop()
    yield opened
    opened.close()


@pytest.fixture
def make_engine(
    store: Store, url: str, clock: ManualClock, desk: Desk, loop: Loop | None
) -> MakeEngine:
    """An engine on the test's store and clock, for processes given as text."""

    def make(*texts: str, **options: object) -> Engine:
        charts = [load_text(text, name="process.yaml") for text in texts or (HELP_DESK,)]
        given: dict[str, object] = {"hooks": desk, "clock": clock, **options}
        if loop is not None:
            return presented(loop, store if url == "memory://" else url, charts, **given)
        return Engine(store, charts, **given)  # type: ignore[arg-type]  # a test's own options

    return make


@pytest.fixture
def engine(make_engine: MakeEngine) -> Engine:
    return make_engine()
