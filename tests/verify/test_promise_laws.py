"""On any journey each promise stands as a plain reading of the specification says.

The reading looks at the whole journey at once, by quantifiers over its inputs; it shares no code
with the monitors, which see one input after the other.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from escalation_engine.core import Due
from escalation_engine.loader import load_text
from escalation_engine.runtime import Engine
from escalation_engine.store import open_store
from escalation_engine.verify import Verdict
from escalation_engine.verify.promised import answers
from tests.verify.playground import gone, instant, play, text_of

EVENTS = [
    "go_a", "go_b", "go_c", "ping", "ask", "relay", "pass_through", "wait", "close", "drop",
]  # fmt: skip
FACTS = ["priority=high", "priority=low", "answer=yes"]
TIMES = {"": None, "2 hours": timedelta(hours=2), "30 minutes": timedelta(minutes=30)}


@dataclass(frozen=True)
class Look:
    """One input as the specification sees it: what passed, and how the case stands after it."""

    at: datetime
    is_silent: bool
    passed: frozenset[str]
    leaf: str
    data: dict[str, object]


Atom = Callable[[Look], bool | None]
ATOMS: dict[str, Atom] = {
    "a": lambda look: look.leaf == "a",
    "b": lambda look: look.leaf == "b",
    "in c": lambda look: look.leaf == "c",
    "closed": lambda look: look.leaf == "closed",
    "outcome dropped": lambda look: look.leaf == "dropped",
    "event ping": lambda look: "event ping" in look.passed,
    "event ask": lambda look: "event ask" in look.passed,
    "entering a": lambda look: "entering a" in look.passed,
    "leaving b": lambda look: "leaving b" in look.passed,
    "answer is set": lambda look: "answer" in look.data,
    "priority == high": lambda look: (
        look.data["priority"] == "high" if "priority" in look.data else None
    ),
}


@dataclass(frozen=True)
class Asked:
    """`left or right`, `left and right`, or left alone."""

    left: str
    join: str
    right: str

    def __str__(self) -> str:
        return f"{self.left} {self.join} {self.right}" if self.join else self.left

    def __call__(self, look: Look) -> bool | None:
        one, other = ATOMS[self.left](look), ATOMS[self.right](look)
        if not self.join:
            return one
        absorbing = self.join == "or"
        if absorbing in (one, other):
            return absorbing
        return None if None in (one, other) else not absorbing


ASKED = st.builds(
    Asked,
    st.sampled_from(sorted(ATOMS)),
    st.sampled_from(["", "", "or", "and"]),
    st.sampled_from(sorted(ATOMS)),
)
MAYBE = st.none() | ASKED
SCOPES = st.one_of(
    st.just((None, None, False)),
    st.tuples(MAYBE, MAYBE, st.just(False)),
    st.tuples(ASKED, ASKED, st.just(True)),
)


@dataclass(frozen=True)
class Sentence:
    """A promise as it is drawn."""

    form: str
    subject: Asked
    then: Asked
    unless: Asked | None
    limit: int
    within: str
    scope: tuple[Asked | None, Asked | None, bool]

    def __str__(self) -> str:
        parts = {self.form: f"'{self.subject}'"}
        if self.form == "at_most":
            parts = {"at_most": str(self.limit), "of": f"'{self.subject}'"}
        if self.form == "whenever":
            parts["then"] = f"'{self.then}'"
            parts |= {"unless": f"'{self.unless}'"} if self.unless else {}
        if self.form == "if_nobody_acts" or (self.form == "whenever" and self.within):
            parts["within"] = self.within or "2 hours"
        if self.form != "if_nobody_acts":
            after, until, repeats = self.scope
            if repeats:
                parts["between"] = f"['{after}', '{until}']"
            else:
                parts |= {"after": f"'{after}'"} if after else {}
                parts |= {"until": f"'{until}'"} if until else {}
        return "{" + ", ".join(f"{key}: {text}" for key, text in parts.items()) + "}"


SENTENCES = st.builds(
    Sentence,
    st.sampled_from(["never", "whenever", "at_most", "every_case", "if_nobody_acts"]),
    ASKED,
    ASKED,
    MAYBE,
    st.integers(0, 2),
    st.sampled_from(sorted(TIMES)),
    SCOPES,
)
STEPS = st.lists(st.tuples(st.integers(0, 180), st.sampled_from([*EVENTS, *FACTS, ""])), max_size=9)


def journey_of(steps: list[tuple[int, str]]) -> str:
    minutes, told = 0, ["Mon 00:00 open"]
    ends = False
    for passed, what in steps:
        minutes += passed
        told.append(f"Mon {minutes // 60:02}:{minutes % 60:02} {'' if ends else what}".strip())
        ends = ends or what in ("close", "drop")
    return "; ".join(told)


def looks_of(engine: Engine, case_id: str) -> list[Look]:
    """The journal as the specification sees it, read by hand."""
    found: list[Look] = []
    data: dict[str, object] = {}
    for entry in engine.journal(case_id):
        passed = {f"event {step.event}" for step in entry.steps if step.moves}
        for step in entry.steps:
            for move in step.moves:
                is_move = step.event in ("open", "wait", "close", "drop") or (
                    step.event.startswith("go_") or step.event == "pass_through"
                )
                if is_move:
                    passed |= {f"entering {move.target}"}
                    passed |= {f"leaving {move.source}"} if move.source else set()
        leaf = entry.states["main"]
        data = {**data, **{name: new for name, (_, new) in entry.data.items()}}
        is_silent = isinstance(entry.input, Due)
        found.append(Look(entry.at, is_silent, frozenset(passed), leaf, dict(data)))
    return found


def happens(looks: list[Look], at: int, asked: Asked | None) -> bool:
    if asked is None or asked(looks[at]) is not True:
        return False
    before = None if at == 0 else looks[at - 1]
    return (
        before is None
        or asked(Look(before.at, True, frozenset(), before.leaf, before.data)) is not True
    )


def spans(looks: list[Look], sentence: Sentence) -> list[tuple[int, int | None]]:
    """From which input the promise counts, and which one ends it."""
    after, until, repeats = sentence.scope
    if sentence.form == "if_nobody_acts":
        after, until, repeats = None, None, False
    starts = [k for k in range(len(looks)) if happens(looks, k, after)]
    ends = [k for k in range(len(looks)) if happens(looks, k, until)]
    if after is None:
        return [(0, ends[0])] if ends else [(0, None)]
    found: list[tuple[int, int | None]] = []
    here = 0
    while True:
        inside = bool(found) and found[-1][1] == here
        start = next(
            (k for k in starts if k >= here and (k not in ends or (inside and k == here))), None
        )
        if not repeats and starts and starts[0] in ends:
            return []
        if start is None:
            return found
        end = next((k for k in ends if k > start), None)
        found.append((start, end))
        if end is None or not repeats:
            return found
        here = end


def reading(looks: list[Look], sentence: Sentence, now: datetime) -> tuple[str, datetime | None]:
    """The verdict and when it broke, or until when it is open."""
    broken: list[datetime] = []
    open_until: list[datetime | None] = []
    last = len(looks) - 1
    is_closed = looks[last].leaf in ("closed", "dropped")
    for start, end in spans(looks, sentence):
        inside = range(start, len(looks) if end is None else end)
        judged = end if end is not None else (last if is_closed else None)
        match sentence.form:
            case "never":
                broken += [looks[k].at for k in inside if sentence.subject(looks[k]) is True]
            case "at_most":
                times = [k for k in inside if happens(looks, k, sentence.subject)]
                broken += [looks[k].at for k in times[sentence.limit :]]
            case "every_case":
                if judged is None:
                    open_until.append(None)
                    continue
                past = frozenset().union(*(looks[k].passed for k in range(start, judged + 1)))
                look = looks[judged]
                looked = Look(look.at, False, past, look.leaf, look.data)
                if sentence.subject(looked) is not True:
                    broken.append(look.at)
            case "whenever":
                length = TIMES[sentence.within]
                for k in inside:
                    if happens(looks, k, sentence.subject):
                        answers = [sentence.then, sentence.unless]
                        reach = range(k, (end if end is not None else last) + 1)
                        met = [m for m in reach if any(c and c(looks[m]) is True for c in answers)]
                        due = looks[k].at + length if length else None
                        _owed(looks, met, due, judged, now, broken, open_until)
            case "if_nobody_acts":
                due_after = TIMES[sentence.within] or timedelta(hours=2)
                acts = [k for k in inside if not looks[k].is_silent]
                for k, following in zip(acts, [*acts[1:], None], strict=True):
                    reach = range(k, len(looks) if following is None else following)
                    met = [m for m in reach if sentence.subject(looks[m]) is True]
                    due = looks[k].at + due_after
                    if following is None:
                        _owed(looks, met, due, judged, now, broken, open_until)
                    elif not met and looks[following].at > due or met and looks[met[0]].at > due:
                        broken.append(due)
    if broken:
        return "broken", min(broken)
    return ("open", open_until[0]) if open_until else ("kept", None)


def _owed(looks, met, due, judged, now, broken, open_until) -> None:  # noqa: PLR0917
    if met:
        if due is not None and looks[met[0]].at > due:
            broken.append(due)
    elif due is not None and now > due and (judged is None or looks[judged].at > due):
        broken.append(due)
    elif judged is not None:
        broken.append(looks[judged].at)
    else:
        open_until.append(due)


@settings(max_examples=150)
@given(st.lists(SENTENCES, min_size=1, max_size=4), STEPS)
def test_a_promise_stands_as_the_specification_reads_on_any_journey(sentences, steps):
    journey = journey_of(steps)

    engine, case = play(text_of(*map(str, sentences)), journey)

    looks, now = looks_of(engine, case.id), instant(" ".join(journey.split("; ")[-1].split()[:2]))
    stood = [
        (one.verdict.value, one.at if one.verdict.value == "broken" else one.until)
        for one in engine.promises(case.id)
    ]
    assert stood == [reading(looks, sentence, now) for sentence in sentences]


@settings(max_examples=10)
@given(st.lists(SENTENCES, min_size=1, max_size=3), STEPS)
def test_both_stores_and_a_second_look_give_the_same_standing(sentences, steps):
    text, journey = text_of(*map(str, sentences)), journey_of(steps)
    in_memory, case = play(text, journey)
    with (
        TemporaryDirectory() as folder,
        closing(open_store(f"sqlite:///{folder}/desk.db")) as store,
    ):
        on_sqlite, same = play(text, journey, store=store)

        found = on_sqlite.promises(same.id)

        assert found == on_sqlite.promises(same.id) == in_memory.promises(case.id)


@settings(max_examples=60)
@given(SENTENCES, st.lists(STEPS, min_size=1, max_size=3))
def test_what_is_proven_holds_on_any_journey_and_what_is_not_breaks_as_told(sentence, journeys):
    text = text_of(str(sentence))
    chart = load_text(text)

    (answer,) = answers(chart)

    if answer.code in ("", "W507"):
        for steps in journeys:
            engine, case = play(text, journey_of(steps))
            assert engine.promises(case.id)[0].verdict is not Verdict.BROKEN
    elif answer.code != "X901":
        waiting = timedelta() if answer.code == "E501" else timedelta(weeks=1)
        (stood,) = gone(chart, answer.path, after=waiting)
        assert stood.verdict is Verdict.BROKEN
