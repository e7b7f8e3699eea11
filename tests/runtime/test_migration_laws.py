"""Laws of migrations: on any process, any edit of it, and any cases, on either store."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from zlib import crc32

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from escalation_engine.chart.model import Chart
from escalation_engine.core import Actor, Case, Migrated, Verdict
from escalation_engine.errors import DefinitionError, EscalationError
from escalation_engine.migration import Carried
from escalation_engine.migration.version_map import HOWS
from escalation_engine.runtime import Engine
from escalation_engine.runtime.migration_plan import MigratedCase, Plan
from escalation_engine.store import open_store
from escalation_engine.testing.clock import ManualClock
from escalation_engine.verify import Landed, can_end
from tests.core.random_process import ACTORS, chart_of
from tests.runtime.test_laws import IN_RAM, START, Call, Journey, journey

lawful = settings(
    max_examples=4,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
    deadline=None,
)
MOST = 300


def edited(random: Random, text: str) -> str:
    """Return the next version of a process: some of it is gone, renamed, moved or new."""
    for edits in (3, 2, 1, 0):
        process = json.loads(text)
        process["version"] = 2
        main = process.get("tracks", {}).get("ticket", process)
        for edit in random.sample(EDITS, edits):
            edit(random, process, main)
        with suppress(DefinitionError):  # such as an `always` that leads in a circle now
            chart_of(json.dumps(process))
            return json.dumps(process)
    raise AssertionError("without any edit it loads")


def _without_an_event(random: Random, _process: Any, main: Any) -> None:
    state = random.choice(sorted(main["states"]))
    on = main["states"][state].get("on", {})
    if on:
        del on[random.choice(sorted(on))]


def _another_target(random: Random, _process: Any, main: Any) -> None:
    state = random.choice(sorted(main["states"]))
    on = main["states"][state].get("on", {})
    if on and main["states"][state].get("kind") != "end":
        on[random.choice(sorted(on))] = {"to": random.choice(["s0", "s1", "over"])}


def _with_an_end(random: Random, _process: Any, main: Any) -> None:
    main["states"][random.choice(["s0", "s1"])].setdefault("on", {})["e3"] = {"to": "over"}


def _without_a_state(random: Random, _process: Any, main: Any) -> None:
    """A state goes, and what led to it leads to s0; it may be the one that cases are in."""
    name = max(one for one in main["states"] if one.startswith("s"))
    if name in ("s0", "s1"):
        return
    del main["states"][name]
    _redirected(main, name, "s0")


def _renamed_state(random: Random, _process: Any, main: Any) -> None:
    name = max(one for one in main["states"] if one.startswith("s"))
    if name in ("s0", "s1"):
        return
    moved = {**main["states"].pop(name), "was": name}
    main["states"]["renamed"] = moved
    _redirected(main, name, "renamed")


def _redirected(node: Any, name: str, to: str) -> None:
    found = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in list(found):
        if isinstance(value, (dict, list)):
            _redirected(value, name, to)
        elif value == name and key != "was":
            node[key] = to


def _other_data(random: Random, process: Any, _main: Any) -> None:
    process["data"]["x"] = {"type": "integer", "minimum": 0, "maximum": 2, "changes": "anytime"}
    process["data"]["region"] = {"enum": ["north", "south"], "default": "south"}


def _other_time(random: Random, process: Any, _main: Any) -> None:
    clock = process.get("clocks", {}).get("contact")
    if clock:
        clock["target"] = random.choice(["1 hour", "3 working hours"])
    if random.random() < 0.5 and "duties" in process:
        process["duties"].pop(random.choice(sorted(process["duties"])), None)


EDITS: list[Callable[[Random, Any, Any], None]] = [
    _without_an_event, _another_target, _with_an_end, _without_a_state, _renamed_state,
    _other_data, _other_time,
]  # fmt: skip


class Host:
    """Answers every guard and does every action, the same for the same case."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def _verdict(self, case: Case, guard: str) -> Verdict:
        return Verdict(crc32(repr((self._seed, case.revision, guard)).encode()) % 2 == 0)

    def wise(self, case: Case) -> Verdict:
        return self._verdict(case, "wise")

    def late(self, case: Case) -> Verdict:
        return self._verdict(case, "late")

    def call(self, case: Case, effect: object) -> None: ...

    def notify(self, *_given: object) -> None: ...

    def alarm(self, *_given: object) -> None: ...


def _run(engine: Engine, clock: ManualClock, calls: tuple[Call, ...]) -> None:
    """Do what a journey says, whatever is refused."""
    for call in calls:
        try:
            if call.verb == "wait":
                clock.move_by(timedelta(minutes=abs(call.arguments["minutes"])))
            elif call.verb != "retry":
                getattr(engine, call.verb)(**call.arguments)
        except (EscalationError, AssertionError):
            continue


@contextmanager
def _engines(told: Journey, newer: str) -> Iterator[list[tuple[Engine, ManualClock]]]:
    """Two engines after the same journey, in memory and on a file, that know both versions."""
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(dir=IN_RAM))
        found = []
        for url in ("memory://", f"sqlite:///{Path(folder) / 'desk.db'}"):
            store = open_store(url)
            stack.callback(store.close)
            clock, ids = ManualClock(START), count(1)
            given: dict[str, Any] = {"hooks": Host(told.answers), "clock": clock}
            given["ids"] = lambda ids=ids: f"c-{next(ids)}"
            _run(Engine(store, [chart_of(told.text)], **given), clock, told.calls)
            both = [chart_of(told.text), chart_of(newer)]
            found.append((Engine(store, both, **given), clock))
        yield found


def _planned(engine: Engine, seed: int) -> Plan:
    """A plan by the proposed mapping, with ways of time drawn anew."""
    random = Random(seed)  # noqa: S311 - a test's own
    plan = engine.plan_migration("random", from_version=1, to_version=2, most=1)
    timed = {
        section: {
            name: one and Carried(one.to, random.choice(HOWS)) for name, one in carried.items()
        }
        for section, carried in plan.mapping.timed.items()
    }
    mapping = replace(plan.mapping, timed=timed)
    return engine.plan_migration("random", from_version=1, to_version=2, mapping=mapping, most=MOST)


@lawful
@given(st.randoms(use_true_random=False))
def test_what_a_plan_tells_is_done_and_the_journal_leads_there(random: Random):
    told = journey(random)
    newer, seed = edited(random, told.text), random.randint(0, 10**6)
    with _engines(told, newer) as engines:
        seen: list[Any] = []
        for engine, _ in engines:
            before = {case.id: case for case in engine.cases()}
            plan = _planned(engine, seed)
            assert {case.id: case for case in engine.cases()} == before, "a plan writes nothing"
            done = engine.migrate(plan, by=Actor("otto"), reason="the new rules")
            _told_as_done(plan, done)
            _right(engine, chart_of(newer), plan, done)
            seen.append([(one.case_id, engine.case(one.case_id), one) for one in done])
            again = engine.migrate(plan, by=Actor("otto"), reason="once more")
            assert {one.outcome for one in again} <= {"before", "refused", "closed"}
        assert seen[0] == seen[1], "memory and file"


def _told_as_done(plan: Plan, done: Any) -> None:
    for planned, one in zip(plan.cases, done, strict=True):
        if one.outcome == "migrated":
            assert one.changes == planned.changes
        if planned.is_refused:
            assert one.outcome == "refused"


def _right(engine: Engine, chart: Chart, plan: Plan, done: Sequence[MigratedCase]) -> None:
    for one in done:
        case = engine.case(one.case_id)
        assert engine.replay(case.id) == case
        if one.outcome in ("migrated", "replanned"):
            assert case.version == 2
            assert isinstance(engine.journal(case.id)[-1].input, Migrated)
            edition = engine._definitions.current_edition(chart)
            assert can_end(chart, [Landed(case, case.at, edition)], most=MOST) != [
                False
            ] or engine.outbox(case.id)
        if one.outcome == "refused":
            assert case.version == 1


@lawful
@given(st.randoms(use_true_random=False))
def test_a_migrated_case_lives_on_and_still_replays(random: Random):
    told = journey(random)
    newer = edited(random, told.text)
    with _engines(told, newer) as engines:
        for engine, clock in engines:
            plan = _planned(engine, 1)
            engine.migrate(plan, by=Actor("otto"), reason="the new rules")
            _run(engine, clock, tuple(it for it in told.calls if it.verb != "open_case"))
            for case in engine.cases():
                assert engine.replay(case.id) == case
                assert engine.promises(case.id) == ()
                engine.options(case.id, by=ACTORS[0])
