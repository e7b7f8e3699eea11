"""Laws of the whole engine: on any process, on any journey of its cases, on either store.

A journey is calls of the engine with the host's chance beside them. It is played by a real engine
on a store in memory and by one on a SQLite file; what is kept is read by a second engine, which has
loaded no process and, on the file, a connection of its own: what it sees is what was stored.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from zlib import crc32

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from escalation_engine.core import (
    Act,
    Actor,
    Case,
    Corrected,
    Effect,
    Entry,
    Input,
    Noted,
    Recorded,
    Sent,
    Unavailable,
    Verdict,
)
from escalation_engine.errors import EscalationError, EventRefused, KeyReused
from escalation_engine.runtime import Engine, RetryPolicy, StaticDirectory, Ticked
from escalation_engine.store import open_store
from escalation_engine.store.protocol import KeptReceipt, KeptRefusal, Queued, Stalled, Store
from escalation_engine.testing.clock import ManualClock
from tests.core.random_process import ACTORS, chart_of, story

START = datetime(2026, 6, 8, 9, tzinfo=UTC)
KEYS = ("k-1", "k-2", "k-3")
STRANGER = Actor("stranger", {"nobody"})
# No law here is about durability, and waiting for a disk would take most of the time.
IN_RAM = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - folders of their own

# As for the laws of the core, shrinking would load thousands of processes.
lawful = settings(
    max_examples=30,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


# ---- the journey --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Call:
    """One call of the engine; `wait` moves the clock, `retry` takes the first that is parked."""

    verb: str
    arguments: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"{self.verb}({', '.join(f'{name}={it!r}' for name, it in self.arguments.items())})"

    def but(self, **changed: object) -> Call:
        """The same call with other arguments."""
        return replace(self, arguments={**self.arguments, **changed})


@dataclass(frozen=True)
class Journey:
    """A process, what is done to its cases, and a seed for what the host answers."""

    text: str
    calls: tuple[Call, ...]
    answers: int
    directory: str

    def __repr__(self) -> str:
        host = f"answers={self.answers} directory={self.directory}"
        return "\n".join([self.text, *map(repr, self.calls), host])


def journey(random: Random) -> Journey:
    """Return a process with calls that fit it, more or less, and calls that do not."""
    told = story(random)
    calls = [_keyed(random, OPEN)]
    for input in told.inputs[1:]:
        if random.random() < 0.15:
            calls.append(_opening(random))
        calls.append(_call(random, input))
        if random.random() < 0.4:
            calls += random.choice(BETWEEN)
        if random.random() < 0.15:
            calls.append(random.choice(calls))
    directory = random.choice(["none", "empty", "full"])
    text = _with_contacts(told.text) if random.random() < 0.5 else told.text
    text = _with_time(random, text) if random.random() < 0.5 else text
    return Journey(text, tuple(calls), told.answers, directory)


OPEN = Call("open_case", {"process": "random", "by": ACTORS[0]})
TICK = Call("tick", {})
WAIT = Call("wait", {"minutes": 90})
BETWEEN = [
    [TICK],
    [Call("wait", {"minutes": 1}), TICK],
    [WAIT],
    [TICK, WAIT, TICK, Call("retry", {})],
    [Call("wait", {"minutes": -5})],
    [Call("recalculate", {"case_id": "c-1", "by": ACTORS[0], "reason": "to be sure"})],
]
HOURS = "09:00-12:00"


def _opening(random: Random) -> Call:
    call = OPEN.but(by=random.choice(ACTORS))
    if random.random() < 0.4:
        call = call.but(reference=random.choice(["TICKET-1", "TICKET-2"]))
    return _disturbed(random, _keyed(random, call))


def _call(random: Random, input: Input) -> Call:
    case_id = random.choice(["c-1"] * 12 + ["c-2"] * 3 + ["c-3", "c-9"])
    match input:
        case Sent() | Recorded():
            call = Call("record" if isinstance(input, Recorded) else "send", _said(input))
            call = call.but(case_id=case_id)
        case Noted():
            call = Call("note", {"case_id": case_id, "text": input.text, "by": input.by})
        case Corrected():
            said = {"to": input.to, "track": input.track, "reason": input.reason, "by": input.by}
            return Call("correct", {"case_id": case_id, **said})
        case _:
            return Call("options", {"case_id": case_id, "by": random.choice(ACTORS)})
    if call.verb == "note" and random.random() < 0.5:
        duty = random.choice(["tell", "word"])
        call = Call("fulfil", {"case_id": case_id, "duty": duty, "by": input.by})
    if call.verb == "send" and random.random() < 0.1:
        call = call.but(as_of=random.randint(1, 4))
    return _disturbed(random, _keyed(random, call))


def _said(input: Sent | Recorded) -> dict[str, Any]:
    names = ["by", "data", "note", "channel", "evidence", "on_behalf_of"]
    names.append("event" if isinstance(input, Sent) else "checklists")
    return {name: getattr(input, name) for name in names}


def _keyed(random: Random, call: Call) -> Call:
    return call.but(key=random.choice(KEYS)) if random.random() < 0.4 else call


def _disturbed(random: Random, call: Call) -> Call:
    """Sometimes with an unknown event, wrong data or a wrong role, or with what no call takes."""
    if random.random() < 0.75:
        return call
    wrong: list[dict[str, object]] = [{"by": STRANGER}, {"by": Actor("engine")}, {"by": "ann"}]
    if call.verb != "note":
        wrong += [{"data": it} for it in ({"x": "many"}, {"nowhere": 1}, {"x": {1}})]
    if call.verb in ("send", "open_case"):
        wrong += [{"event": "unknown"}, {"event": ""}]
    return call.but(**random.choice(wrong))


def _with_contacts(text: str) -> str:
    """The same process with people to be reached, and a word for an action that is given up."""
    process = json.loads(text)
    contacts = [{"channel": "phone", "address": "***"}, {"channel": "mail", "address": "d@desk"}]
    process["roles"]["desk"]["contacts"] = contacts
    process["actions"]["call"]["failed"] = "e3"
    return json.dumps(process)


def _with_time(random: Random, text: str) -> str:
    """The same process with a timer in each state of the main track, a clock and a duty."""
    process = json.loads(text)
    told = {"notify": {"desk": "hello"}}
    process["calendars"] = {"office": {"timezone": "Europe/London", "hours": {"mon-fri": HOURS}}}
    by_color = {"depends_on": "color", "red": "1 working hour", "green": "3 working hours"}
    process["clocks"] = {
        "contact": {
            "title": "First contact",
            "starts": "entering s0",
            "stops": "event e1",
            "target": random.choice(["2 hours", "2 working hours", by_color]),
            "calendar": "office",
            "paused_in": random.choice([[], ["waiting"]]),
            "on_reopen": random.choice(["resume", "restart", "continue"]),
            "on_change": random.choice(["from_origin", "from_change"]),
            "warn": {"50%": told},
            "breach": random.choice([told, {"send": "i0"}, {"send": "e2"}]),
        },
        "amends": {
            "starts": "clock contact breached",
            "stops": "clock contact met",
            "target": "1 working day",
            "calendar": "office",
        },
    }
    often = random.choice(["day at 10:00", "45 minutes", "3 working hours"])
    process["duties"] = {
        "tell": {"title": "Tell", "opens": "entering s0", "due": "4 hours"},
        "word": {
            "every": often,
            "calendar": "office",
            "first": random.choice(["at_once", "on_schedule"]),
            "counted_from": random.choice(["schedule", "last_done"]),
            "catch_up": random.choice(["coalesce", "each", "skip"]),
            "while": "in s0" if "tracks" not in process else "in ticket.s0",
            "done_by": "event e3",
        },
    }
    track = process["tracks"]["ticket"] if "tracks" in process else process
    for name in ("s0", "s1"):
        repeat = random.choice([{}, {"repeat": {"every": "20 minutes", "until": 3}}])
        after, event = (
            random.choice(["30 minutes", "90 minutes"]),
            random.choice(["e0", "e1", "climb"]),
        )
        timers = {"box": {"title": "Time box", "after": after, "send": event, **repeat}}
        track["states"][name]["timers"] = timers
    track["states"]["s0"]["on"]["e0"] = [{"to": "s1", "if": "wise"}, {"to": "s2"}]
    return json.dumps(process)


def journeys() -> st.SearchStrategy[Journey]:
    """Processes with what is done to their cases."""
    return st.randoms(use_true_random=False).map(journey)


# ---- the host and what is kept ------------------------------------------------------------------


class Host:
    """Hooks and directory whose every answer is chance's, and is kept with what was asked."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.asked: list[tuple[str, Case, object, object]] = []

    def wise(self, case: Case, event: str | None) -> bool | Verdict:
        return self._verdict("wise", case, event)

    def late(self, case: Case, event: str | None) -> bool | Verdict:
        return self._verdict("late", case, event)

    def call(self, case: Case, effect: Act) -> object:
        return self._draw("call", case, effect, [None, "e1", "i1", "nonsense", OSError])

    def notify(self, case: Case, effect: Effect) -> object:
        return self._draw("notify", case, effect, [None, None, OSError])

    def holder(self, role: str, case: Case) -> str | Unavailable | None:
        people = ["ann", "ann", "eve", "bob", None, Unavailable("away"), OSError]
        found: str | Unavailable | None = self._draw("holder", case, role, people)
        return found

    def alarm(self, case: Case, effect: Effect) -> object:
        return self._draw("alarm", case, effect, [None, None, OSError])

    def _verdict(self, name: str, case: Case, event: str | None) -> bool | Verdict:
        answers = [True, True, False, False, Verdict(yes=True, reason="so it is"), OSError]
        found: bool | Verdict = self._draw(name, case, event, answers)
        return found

    def _draw(self, what: str, case: Case, about: object, answers: list[Any]) -> Any:
        drawn = crc32(repr((self.seed, len(self.asked), what)).encode())
        answer = answers[drawn % len(answers)]
        self.asked.append((what, case, about, answer))
        if answer is OSError:
            raise OSError("no network")
        return answer


class Kept(NamedTuple):
    """Everything that a store holds for some cases."""

    cases: dict[str, Case]
    journals: dict[str, list[Entry]]
    outbox: dict[str, list[Queued]]
    receipts: dict[tuple[str, str], KeptReceipt | None]
    refusals: dict[str, list[KeptRefusal]]
    parked: list[Queued]
    stalled: list[Stalled]
    next_due: datetime | None

    def without_refusals(self) -> Kept:
        """All but the table of refused inputs."""
        return self._replace(refusals={})


class World:
    """One engine with a host, a clock and a store of its own, and a second one that reads it."""

    def __init__(self, told: Journey, store: Store, *, read_from: Store) -> None:
        self.host = Host(told.answers)
        self.clock = ManualClock(START)
        directories = {"none": None, "empty": StaticDirectory({}), "full": self.host}
        # Each id is offered twice, so that an opening meets one that is taken.
        numbers = count(2)
        self.engine = Engine(
            store,
            [chart_of(told.text)],
            hooks=self.host,
            directory=directories[told.directory],
            clock=self.clock,
            ids=lambda: f"c-{next(numbers) // 2}",
            retries=RetryPolicy(attempts=2),
        )
        self.reader = Engine(read_from, [], clock=self.clock)
        self._stored = read_from

    def do(self, call: Call) -> object:
        """Return what the call returned, or the error that it raised."""
        if call.verb == "wait":
            self.clock.move_by(timedelta(**call.arguments), may_go_back=True)
            return None
        if call.verb == "retry":
            parked = [queued.effect.id for queued in self.reader.parked()]
            parked += [stalled.case_id for stalled in self.reader.stalled()]
            call = call.but(name=parked[0] if parked else "c-1:1:1")
        try:
            return getattr(self.engine, call.verb)(**call.arguments)
        except EscalationError as error:
            return error

    def kept(self) -> Kept:
        """Return everything that is stored."""
        cases = {case.id: case for case in self.reader.cases()}
        outbox = {name: list(self.reader.outbox(name)) for name in cases}
        scopes = ("open:random", *cases)
        effects = [queued.effect.id for queueds in outbox.values() for queued in queueds]
        keys = [*KEYS, *effects, *(f"{effect}/failed" for effect in effects)]
        return Kept(
            cases,
            {name: list(self.reader.journal(name)) for name in cases},
            outbox,
            {(scope, key): self._stored.receipt(scope, key) for scope in scopes for key in keys},
            {scope: list(self.reader.refusals(scope)) for scope in scopes},
            list(self.reader.parked()),
            list(self.reader.stalled()),
            self.reader.next_due(),
        )


@contextmanager
def worlds(told: Journey) -> Iterator[tuple[World, World]]:
    """A world in memory and one in a file, for one journey."""
    with ExitStack() as stack:
        memory = open_store("memory://")
        folder = stack.enter_context(TemporaryDirectory(dir=IN_RAM))
        url = f"sqlite:///{folder}/desk.db"
        written, read = open_store(url), open_store(url)
        stack.callback(written.close)
        stack.callback(read.close)
        yield World(told, memory, read_from=memory), World(told, written, read_from=read)


# ---- the laws -----------------------------------------------------------------------------------


def refused_inputs_change_nothing(told: Journey) -> None:
    """A refused input leaves one refusal and nothing else; any other error leaves nothing.

    What was due before an input happens all the same, so each time a tick clears the way for it.
    """
    with worlds(told) as both:
        for world in both:
            for call in told.calls:
                world.do(TICK)
                before = world.kept()
                came, after = world.do(call), world.kept()
                if call.arguments.get("case_id") in {it.case_id for it in before.stalled}:
                    continue  # the host made a firing fail: it is tried again before the input
                if isinstance(came, EventRefused):
                    assert after.without_refusals() == before.without_refusals(), call
                    _assert_one_refusal_more(before, after, call, came, world.clock.now())
                elif isinstance(came, EscalationError):
                    assert after == before, call
                elif isinstance(came, Case):
                    assert after.refusals == before.refusals | {
                        name: [] for name in after.cases if name not in before.cases
                    }


def _assert_one_refusal_more(
    before: Kept, after: Kept, call: Call, came: EventRefused, now: datetime
) -> None:
    place = call.arguments.get("case_id", "open:random")
    at = max(before.cases[place].at, now) if place in before.cases else now
    by = call.arguments["by"].id
    kept = KeptRefusal(place, at, came.what, by, came.where, came.reasons)

    assert after.refusals == {**before.refusals, place: [*before.refusals[place], kept]}


def replay_leads_to_the_case(told: Journey) -> None:
    """After every call, every case is what its journal leads to, entry by entry."""
    with worlds(told) as both:
        for world in both:
            for call in told.calls:
                world.do(call)
                for case in world.reader.cases():
                    journal = world.reader.journal(case.id)

                    assert world.reader.replay(case.id) == case == world.engine.case(case.id), call
                    assert [it.revision for it in journal] == [*range(1, case.revision + 1)], call


def the_stores_agree(told: Journey) -> None:
    """Both stores give the same results and errors, ask the host the same, and keep the same."""
    with worlds(told) as (memory, file):
        for call in told.calls:
            assert _comparable(memory.do(call)) == _comparable(file.do(call)), call
            assert memory.kept() == file.kept(), call
            assert memory.host.asked == file.host.asked, call


def _comparable(came: object) -> object:
    return (type(came), str(came), vars(came)) if isinstance(came, EscalationError) else came


def a_key_is_used_once(told: Journey) -> None:
    """The same again gives the same receipt, another payload is refused; neither does anything."""
    with worlds(told) as both:
        for world in both:
            done: list[tuple[Call, Case]] = []
            for call in told.calls:
                came = world.do(call)
                if call.arguments.get("key") and isinstance(came, Case):
                    done.append((call, came))
                    _assert_used_once(world, call, came)
            for call, came in done:  # also when the case has moved on, or has ended
                _assert_used_once(world, call, came)


def _assert_used_once(world: World, call: Call, came: Case) -> None:
    before, asked = world.kept(), len(world.host.asked)
    again = world.do(call)

    assert isinstance(again, Case), call
    assert came.receipt is not None
    assert again.receipt == (came.receipt.revision, True), call
    assert again.with_receipt(None) == before.cases[came.id], call
    for part, other in _with_other_payloads(call):
        refused = world.do(other)
        assert isinstance(refused, KeyReused), other
        assert refused.differs == (part,), other
    assert world.kept() == before, call
    assert len(world.host.asked) == asked, call


def _with_other_payloads(call: Call) -> Iterator[tuple[str, Call]]:
    yield "actor", call.but(by=Actor("other"))
    yield "channel", call.but(channel="letter")
    if call.verb == "note":
        yield "note", call.but(text="other words")
        yield "event", call.but(kind="condition")
        return
    yield "note", call.but(note="other words")
    yield "data", call.but(data={**(call.arguments.get("data") or {}), "z": 1})
    if call.verb in ("send", "open_case"):
        yield "event", call.but(event="other")


LAWS = [
    refused_inputs_change_nothing,
    replay_leads_to_the_case,
    the_stores_agree,
    a_key_is_used_once,
]


@lawful
@given(journeys())
def test_a_refused_input_changes_nothing(told: Journey):
    refused_inputs_change_nothing(told)


@lawful
@given(journeys())
def test_a_journal_leads_to_its_case(told: Journey):
    replay_leads_to_the_case(told)


@lawful
@given(journeys())
def test_the_memory_store_and_the_sql_store_agree_at_every_step(told: Journey):
    the_stores_agree(told)


@lawful
@given(journeys())
def test_a_key_gives_one_receipt_and_one_effect(told: Journey):
    a_key_is_used_once(told)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_a_law_holds_on_many_journeys(law: Callable[[Journey], None]):
    settings(lawful, max_examples=3000)(given(journeys())(law))()


def test_the_journeys_meet_whatever_may_come():
    seen: Counter[str] = Counter()
    for seed in range(100):
        told = journey(Random(seed))  # noqa: S311 - a story, no secret
        memory = open_store("memory://")
        world = World(told, memory, read_from=memory)
        for call in told.calls:
            seen.update(_kinds(call, world.do(call)))
            seen.update("stalled" for _ in world.reader.stalled())
        seen.update(f"closed {case.is_closed}" for case in world.reader.cases())
        seen.update(f"holder {it[3]}" for it in world.host.asked if it[0] == "holder")

    expected = {"EventRefused", "KeyReused", "Conflict", "CaseNotFound", "BadInput", "HookError"}
    expected |= {f"{verb} done" for verb in ("open_case", "send", "record", "note", "correct")}
    expected |= {"repeated", "delivered", "failed", "parked", "closed True", "closed False"}
    expected |= {
        "fulfil done",
        "recalculate done",
        "fired",
        "stalled",
        "retry done",
        "open_case refused",
        "holder None",
        "holder ann",
    }
    assert expected <= set(seen), expected - set(seen)


def _kinds(call: Call, came: object) -> Iterator[str]:
    match came:
        case EventRefused():
            yield "EventRefused"
            yield f"{call.verb} refused"
        case EscalationError():
            yield type(came).__name__
        case Case(receipt=(_, repeated)):
            yield "repeated" if repeated else f"{call.verb} done"
        case Ticked():
            yield from (name for name, number in came._asdict().items() if number)
        case None:
            yield f"{call.verb} done"
