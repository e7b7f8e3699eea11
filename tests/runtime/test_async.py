"""What is peculiar to an event loop: tasks that interleave, wait, and are cancelled."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial, wraps
from pathlib import Path
from typing import Any, ParamSpec

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine as Database
from sqlalchemy.ext.asyncio import create_async_engine

from escalation_engine import AsyncEngine
from escalation_engine.core import Act, Case, Effect, Holder, Unavailable
from escalation_engine.errors import (
    BadInput,
    CaseNotFound,
    Conflict,
    EventRefused,
    HookError,
    HooksMismatch,
    StoreError,
)
from escalation_engine.loader import load_text
from escalation_engine.runtime import Engine, Ticked
from escalation_engine.store import MemoryStore, SqlStore
from escalation_engine.testing.clock import ManualClock
from tests.runtime.desk import HELP_DESK, Desk, ann

P = ParamSpec("P")

TWO_GUARDS = """
process: two_guards
version: 1
title: Two questions
start: work
guards: {first: Is it so?, second: Is it so as well?}
states:
  work: {on: {finish: {to: done, requires: {guard: [first, second]}}}}
  done: {kind: end, outcome: done}
"""


def in_a_loop(story: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run an async test to its end, in a loop that looks for mistakes."""

    @wraps(story)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(story(*args, **kwargs), debug=True)

    return run


class WaitingDesk(Desk):
    """A guard that waits for a gate, and tells when it has been asked."""

    def __init__(self) -> None:
        super().__init__()
        self.is_asked, self.gate = asyncio.Event(), asyncio.Event()

    async def resolvable(self, case: Case, event: str | None) -> bool:  # type: ignore[override]
        self.asked.append((case, event))
        self.is_asked.set()
        await self.gate.wait()
        return True


def opened(url: object, desk: object, **options: Any) -> AsyncEngine:
    chart = load_text(options.pop("text", HELP_DESK), name="process.yaml")
    return AsyncEngine(url, [chart], hooks=desk, **options)  # type: ignore[arg-type]  # some are wrong


async def a_case(engine: AsyncEngine) -> Case:
    return await engine.open_case("help_desk", by=ann, data={"client": "C-7"})


def lent(engine: AsyncEngine) -> int:
    """How many connections are out of the engine's pool."""
    assert engine._engine is not None
    connections = getattr(engine._engine._store, "_connections", None)
    return connections.engine.pool.checkedout() if connections else 0


# ---- many tasks ---------------------------------------------------------------------------------


@in_a_loop
async def test_of_many_that_have_seen_one_revision_one_is_heard(url: str):
    async with opened(url, Desk()) as engine:
        case = await a_case(engine)
        sends = [engine.send(case.id, "log", by=ann, as_of=1) for _ in range(20)]
        found = await asyncio.gather(*sends, return_exceptions=True)

        assert sorted(type(one).__name__ for one in found) == ["Case"] + ["Conflict"] * 19
        assert (await engine.case(case.id)).revision == 2


@in_a_loop
async def test_senders_at_the_same_time_are_all_heard(url: str):
    async with opened(url, Desk()) as engine:
        case = await a_case(engine)
        sent = await asyncio.gather(*(engine.send(case.id, "log", by=ann) for _ in range(8)))

        assert sorted(moved.revision for moved in sent) == list(range(2, 10))
        assert await engine.replay(case.id) == await engine.case(case.id)


@in_a_loop
async def test_ticks_at_the_same_time_deliver_each_effect_once(url: str):
    desk = Desk()
    async with opened(url, desk) as engine:
        case = await a_case(engine)
        for _ in range(5):
            await engine.send(case.id, "log", by=ann)
        await asyncio.gather(*(engine.tick() for _ in range(3)))

        assert {kept.status for kept in await engine.outbox(case.id)} == {"delivered"}


@in_a_loop
async def test_a_slow_guard_holds_up_nobody_else(url: str):
    desk = WaitingDesk()
    async with opened(url, desk) as engine, asyncio.TaskGroup() as tasks:
        slow, quick = await a_case(engine), await a_case(engine)
        finishing = tasks.create_task(engine.send(slow.id, "finish", by=ann))
        await desk.is_asked.wait()

        assert (await engine.send(quick.id, "log", by=ann)).revision == 2

        desk.gate.set()
        assert (await finishing).is_closed


@in_a_loop
async def test_nothing_is_held_while_a_guard_is_waited_for(url: str):
    desk = WaitingDesk()
    async with opened(url, desk) as engine, asyncio.TaskGroup() as tasks:
        case = await a_case(engine)
        finishing = tasks.create_task(engine.send(case.id, "finish", by=ann))
        await desk.is_asked.wait()

        assert lent(engine) == 0
        await engine.record(case.id, by=ann, data={"phone": "1"})

        desk.gate.set()
        assert (await finishing).revision == 3
    assert [asked.data.get("phone") for asked, _ in desk.asked] == [None, "1"]


@in_a_loop
async def test_guards_are_waited_for_one_by_one():
    told: list[str] = []

    class Host:
        async def first(self, case: Case) -> bool:
            return await self.answer("first")

        async def second(self, case: Case) -> bool:
            return await self.answer("second")

        async def answer(self, name: str) -> bool:
            told.append(f"{name} is asked")
            await asyncio.sleep(0)
            told.append(f"{name} answers")
            return True

    async with opened("memory://", Host(), text=TWO_GUARDS) as engine:
        case = await engine.open_case("two_guards", by=ann)
        await engine.send(case.id, "finish", by=ann)

    assert told == ["first is asked", "first answers", "second is asked", "second answers"]


# ---- cancelled ----------------------------------------------------------------------------------


@in_a_loop
async def test_a_send_that_is_cancelled_while_a_guard_is_asked_leaves_nothing(url: str):
    desk = WaitingDesk()
    async with opened(url, desk) as engine:
        case = await a_case(engine)
        finishing = asyncio.ensure_future(engine.send(case.id, "finish", by=ann, key="k"))
        await desk.is_asked.wait()
        finishing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await finishing

        assert await engine.case(case.id) == case._replace(receipt=None)
        desk.gate.set()
        assert (await engine.send(case.id, "finish", by=ann, key="k")).receipt == (2, False)


@pytest.mark.parametrize("cancellations", [1, 2])
@in_a_loop
async def test_a_send_that_is_cancelled_anywhere_leaves_nothing_or_all(
    url: str, cancellations: int
):
    async with opened(url, Desk()) as engine:
        for moment in range(40):
            case = await a_case(engine)
            sending = asyncio.ensure_future(engine.send(case.id, "log", by=ann, key="k"))
            await steps(moment)
            for _ in range(cancellations):
                sending.cancel()
                await steps(1)
            with suppress(asyncio.CancelledError):
                await sending

            after = await engine.case(case.id)
            outbox = await engine.outbox(case.id)
            assert (after.revision, len(outbox)) in [(1, 0), (2, 1)]
            assert await engine.replay(case.id) == after
            repeated = (await engine.send(case.id, "log", by=ann, key="k")).receipt
            assert repeated == (2, after.revision == 2)
            assert lent(engine) == 0


@in_a_loop
async def test_what_a_cancelled_tick_was_delivering_is_delivered_again(
    url: str, clock: ManualClock
):
    class Slow(Desk):
        async def write_log(self, case: Case, effect: Act) -> object:
            self._do("write_log", case, effect)
            await gate.wait()
            return None

    gate, desk = asyncio.Event(), Slow()
    async with opened(url, desk, clock=clock) as engine:
        case = await a_case(engine)
        await engine.send(case.id, "log", by=ann)
        ticking = asyncio.ensure_future(engine.tick())
        while not desk.done:
            await steps(1)
        ticking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await ticking

        gate.set()
        clock.move_by(timedelta(hours=1))  # longer than any claim on what the tick was doing
        assert (await engine.tick()).delivered == 1
    assert desk.names() == ["write_log", "write_log"]


async def steps(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


# ---- the host's own transaction -----------------------------------------------------------------


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'desk.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url.replace("postgresql+psycopg:", "postgresql+psycopg_async:")


@asynccontextmanager
async def a_desk(url: str, desk: Desk | None = None) -> AsyncIterator[tuple[AsyncEngine, Database]]:
    database = create_async_engine(url)
    async with opened(database, desk or Desk()) as engine:
        yield engine, database
    await database.dispose()


@in_a_loop
async def test_what_the_host_commits_is_there(database_url: str):
    async with a_desk(database_url) as (engine, database):
        case = await a_case(engine)
        async with database.connect() as connection, engine.using(connection) as joined:
            await joined.send(case.id, "log", by=ann)
            with pytest.raises(BadInput, match="after commit"):
                await engine.tick()
            await connection.commit()

        assert (await engine.case(case.id)).revision == 2
        assert await engine.tick() == Ticked(delivered=1)


@in_a_loop
async def test_what_the_host_rolls_back_has_not_happened(database_url: str):
    async with a_desk(database_url) as (engine, database):
        async with database.connect() as connection, engine.using(connection):
            case = await a_case(engine)
            await connection.rollback()

        with pytest.raises(CaseNotFound):
            await engine.case(case.id)


@in_a_loop
async def test_tasks_that_are_begun_inside_share_the_transaction(database_url: str):
    async with a_desk(database_url) as (engine, database):
        async with database.connect() as connection, engine.using(connection):
            cases = await asyncio.gather(*(a_case(engine) for _ in range(5)))
            with pytest.raises(EventRefused):
                await engine.send(cases[0].id, "escalate", by=ann)
            assert len(await engine.cases()) == len(cases)
            await connection.rollback()

        assert await engine.cases() == []


@in_a_loop
async def test_a_task_that_outlives_the_block_works_outside_from_then_on(database_url: str):
    over = asyncio.Event()

    async def later() -> Ticked:
        await over.wait()
        await a_case(engine)
        return await engine.tick()

    async with a_desk(database_url) as (engine, database):
        async with database.connect() as connection, engine.using(connection):
            outliving = asyncio.create_task(later())
            await steps(1)
        over.set()
        assert await outliving == Ticked()

        assert len(await engine.cases()) == 1


@in_a_loop
async def test_inside_a_conflict_is_raised_and_not_decided_again(database_url: str):
    class Meddled(Desk):
        async def resolvable(self, case: Case, event: str | None) -> bool:  # type: ignore[override]
            self.asked.append((case, event))
            await engine.record(case.id, data={"phone": "1"}, by=ann)
            return True

    desk = Meddled()
    async with a_desk(database_url, desk) as (engine, database):
        case = await a_case(engine)
        async with database.connect() as connection, engine.using(connection):
            with pytest.raises(Conflict):
                await engine.send(case.id, "finish", by=ann)
    assert len(desk.asked) == 1


@in_a_loop
async def test_an_error_in_the_block_passes_and_ends_it(database_url: str):
    async with a_desk(database_url) as (engine, database):

        async def failing() -> None:
            async with database.connect() as connection, engine.using(connection):
                await a_case(engine)
                raise KeyError

        with pytest.raises(KeyError):
            await failing()

        assert await engine.cases() == []


@in_a_loop
async def test_a_connection_that_is_not_of_asyncio_is_told(database_url: str):
    async with a_desk(database_url) as (engine, database):
        with pytest.raises(BadInput, match="object is not an AsyncConnection"):
            async with engine.using(object()):
                pass
        with pytest.raises(BadInput, match="is not open"):
            async with engine.using(database.connect()):
                pass


@in_a_loop
async def test_the_hosts_pool_stays_open(database_url: str):
    async with a_desk(database_url) as (engine, database):
        await engine.close()
        async with database.connect() as connection:
            await connection.exec_driver_sql("SELECT 1")


# ---- hooks --------------------------------------------------------------------------------------


class Later:
    """An object that is called asynchronously."""

    async def __call__(self, case: Case, effect: Effect) -> None:
        await asyncio.sleep(0)


@pytest.mark.parametrize("write_log", [Later(), partial(Later()), lambda _case, _effect: None])
@in_a_loop
async def test_a_hook_may_be_whatever_can_be_called(write_log: Callable[[Case, Act], Any]):
    desk = Desk()
    desk.write_log = write_log  # type: ignore[method-assign,assignment]
    async with opened("memory://", desk) as engine:
        case = await a_case(engine)
        await engine.send(case.id, "log", by=ann)

        assert await engine.tick() == Ticked(delivered=1)


@in_a_loop
async def test_a_handler_may_call_the_engine():
    class Noting(Desk):
        async def write_log(self, case: Case, effect: Act) -> None:
            await engine.note(case.id, "it is logged", by=ann)

    async with opened("memory://", Noting()) as engine:
        case = await a_case(engine)
        await engine.send(case.id, "log", by=ann)
        await engine.tick()

        assert [note.text for note in await engine.notes(case.id)] == ["it is logged"]


@in_a_loop
async def test_a_task_that_a_handler_begins_may_tick_when_the_tick_is_over():
    class Starting(Desk):
        async def write_log(self, case: Case, effect: Act) -> None:
            with pytest.raises(BadInput, match="cannot tick itself"):
                await engine.tick()
            begun.append(asyncio.create_task(later()))

    async def later() -> Ticked:
        await over.wait()
        return await engine.tick()

    begun: list[asyncio.Task[Ticked]] = []
    over = asyncio.Event()
    async with opened("memory://", Starting()) as engine:
        case = await a_case(engine)
        await engine.send(case.id, "log", by=ann)
        assert await engine.tick() == Ticked(delivered=1)
        over.set()

        assert await begun[0] == Ticked()


@in_a_loop
async def test_a_guard_that_raises_is_a_hook_error_with_its_cause():
    class Broken(Desk):
        async def resolvable(self, case: Case, event: str | None) -> bool:  # type: ignore[override]
            raise KeyError("region")

    async with opened("memory://", Broken()) as engine:
        case = await a_case(engine)
        with pytest.raises(HookError, match="raised KeyError") as raised:
            await engine.send(case.id, "finish", by=ann)

    assert isinstance(raised.value.__cause__, KeyError)


@in_a_loop
async def test_a_directory_may_be_async():
    class Directory:
        async def holder(self, role: str, case: Case) -> str | Unavailable | None:
            await asyncio.sleep(0)
            return "mia" if role == "manager" else None

    async with opened("memory://", Desk(), directory=Directory()) as engine:
        case = await a_case(engine)
        moved = await engine.send(case.id, "escalate", by=ann, note="It burns")

    assert moved.slots["assignee"] == (Holder("manager", "mia"),)


@in_a_loop
async def test_a_hook_that_gives_many_answers_is_refused_at_start():
    class Streaming(Desk):
        async def write_log(self, case: Case, effect: Act) -> AsyncIterator[str]:
            yield "done"

    with pytest.raises(HooksMismatch, match="is an async generator, which has no one answer"):
        await opened("memory://", Streaming()).open()


@in_a_loop
async def test_hooks_are_looked_at_when_it_is_opened():
    with pytest.raises(HooksMismatch, match="Desk is a class"):
        await opened("memory://", Desk).open()
    with pytest.raises(HooksMismatch, match="write_log .* is missing"):
        await opened("memory://", object()).open()


# ---- opened, closed -----------------------------------------------------------------------------


@in_a_loop
async def test_before_it_is_opened_it_says_so():
    with pytest.raises(BadInput, match="it is not open; accepted: async with"):
        await opened("memory://", Desk()).cases()


@in_a_loop
async def test_it_is_opened_once_and_closed_for_good(url: str):
    engine = await opened(url, Desk()).open()
    with pytest.raises(BadInput, match="opened before"):
        await engine.open()
    await engine.close()
    await engine.close()

    with pytest.raises(BadInput, match="it was closed"):
        await engine.cases()


def test_it_belongs_to_one_event_loop():
    engine = opened("memory://", Desk())
    asyncio.run(engine.open())

    with pytest.raises(BadInput, match="opened in another event loop"):
        asyncio.run(ignoring(engine.cases()))


async def ignoring(work: Awaitable[object]) -> None:
    await work


@in_a_loop
async def test_a_store_that_would_hold_up_the_loop_is_refused(tmp_path: Path):
    store = SqlStore(f"sqlite:///{tmp_path / 'desk.db'}")
    with pytest.raises(BadInput, match="holds up the event loop"):
        await opened(store, Desk()).open()
    store.close()


@in_a_loop
async def test_a_store_of_the_hosts_stays_open():
    store = MemoryStore()
    async with opened(store, Desk()) as engine:
        await a_case(engine)
    async with opened(store, Desk()) as engine:
        assert len(await engine.cases()) == 1


@in_a_loop
async def test_a_database_that_cannot_be_used_is_told(tmp_path: Path):
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam, " * 100, encoding="utf-8")

    with pytest.raises(StoreError, match="the folder has to exist"):
        await opened(f"sqlite:///{tmp_path / 'gone' / 'desk.db'}", Desk()).open()
    with pytest.raises(StoreError, match="the file holds something else"):
        await opened(f"sqlite:///{tmp_path / 'letter.txt'}", Desk()).open()


@in_a_loop
async def test_what_is_yielded_comes_one_by_one(url: str):
    async with opened(url, Desk()) as engine:
        cases = [await a_case(engine) for _ in range(3)]
        audited = [one async for one in engine.audit_all()]

    assert len(audited) == len(cases)


@in_a_loop
async def test_both_engines_work_on_one_database(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    chart = load_text(HELP_DESK, name="process.yaml")
    with Engine(url, [chart], hooks=Desk()) as plain:
        case = plain.open_case("help_desk", by=ann, data={"client": "C-7"})
        async with opened(url, Desk()) as engine:
            await engine.send(case.id, "log", by=ann)

        assert plain.case(case.id).revision == 2


# ---- one interface ------------------------------------------------------------------------------

METHODS = [name for name, value in inspect.getmembers(Engine, inspect.isfunction) if name[0] != "_"]


@pytest.mark.parametrize("name", METHODS)
def test_every_method_of_the_engine_is_there_with_the_same_arguments(name: str):
    awaited = getattr(AsyncEngine, name)

    is_awaited = inspect.iscoroutinefunction(awaited) or inspect.isasyncgenfunction(awaited)
    assert is_awaited or name == "using"
    assert (
        inspect.signature(awaited).parameters == inspect.signature(getattr(Engine, name)).parameters
    )
