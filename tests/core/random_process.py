"""Random processes, which load by construction, and random stories of what happens to a case.

Everything is drawn from one `Random`. Hypothesis hands in its own and so can shrink; a seed gives
the same story in any interpreter.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Any
from zlib import crc32

from hypothesis import strategies as st

from escalation_engine import load_text
from escalation_engine.chart import Chart
from escalation_engine.core import (
    Actor,
    Answer,
    Ask,
    Case,
    Corrected,
    Decision,
    Found,
    GuardQuestion,
    Input,
    Noted,
    Opened,
    Question,
    Recorded,
    Refusal,
    Reported,
    Sent,
    Unavailable,
    Verdict,
    decide,
)
from tests.core.driving import NOW, blank

__all__ = ["Story", "Told", "chart_of", "processes", "random_process", "stories", "story"]

EVENTS = ["e0", "e1", "e2", "e3"]
INNER_EVENTS = ["i0", "i1"]
WHEN = [
    "x == 1", "x > 1", "not (x == 2)", "x is unset", "color == red", "color != green",
    "hits < 2", "visits >= 1", "sender is desk", "sender is assignee", "sender is customer",
    "channel in [phone, email]", "x == 1 or color == red", "x > 0 and not (color == green)",
]  # fmt: skip
ACTORS = [
    Actor("ann", {"desk"}),
    Actor("bob", {"desk", "chief"}),
    Actor("eve", {"chief"}),
    Actor("cleo", {"client"}),
    Actor("zoe"),
]
Node = dict[str, Any]


# ---- the process --------------------------------------------------------------------------------


def random_process(random: Random) -> str:
    """Return the text of a process, as JSON, which is YAML."""
    main = _track(random, fields=["x", "color", "who"])
    body: Node
    if random.random() < 0.5:
        side = _side(random)
        body = {"tracks": {"ticket": {"start": "s0", **main}, "side": side}}
    else:
        body = {"start": "s0", **main}
    return json.dumps(
        {"process": "random", "version": 1, "title": "A random process", **_words(random), **body}
    )


def _words(random: Random) -> Node:
    hits: Node = {"up_on": ["event e0", "event i0"]}
    if random.random() < 0.3:
        hits["once_per"] = "person"
    if random.random() < 0.3:
        hits["at_most"] = random.randint(1, 3)
    if random.random() < 0.5:
        hits["reset_on"] = "entering s1"
    return {
        "data": {
            "x": {"type": "integer", "minimum": 0, "maximum": 3, "changes": "anytime"},
            "color": {"enum": ["red", "green"], "default": "green"},
            "who": {"type": "person"},
            "y": {"type": "string", "by": ["desk", "engine"]},
            "goal": {"type": "level"},
        },
        "roles": {
            "desk": {"title": "Desk", "alternates": ["chief"]},
            "chief": {"title": "Chief", "alternates": ["desk"], "when_nobody": "refuse"},
            "client": {"title": "Client", "side": "customer"},
        },
        "slots": {"reviewer": {"many": True}},
        "guards": {"wise": "Is it wise?", "late": "Is it late?"},
        "actions": {"call": {"title": "Call", "reports": ["e1", "i1"]}},
        "messages": {"hello": {"subject": "{case.id}", "text": "{data.color} {case.state}"}},
        "checklists": {
            "done": {"items": {"one": "One?", "two": "Two?"}, "reset_on": "entering s1"}
        },
        "counts": {"hits": hits, "visits": {"up_on": "entering s1"}},
        "events": {
            "e0": {"may_bring": ["x", "color", "goal"]},
            "e1": {"may_bring": ["x"]},
            "e2": {"needs": ["color"], "may_bring": ["y", "who"]},
            **{name: name for name in ["e3", *INNER_EVENTS, "wait", "answer", "climb"]},
        },
    }


def _track(random: Random, *, fields: list[str]) -> Node:
    """A track of simple, compound, ladder and waiting states and an end; s0 and s1 always exist."""
    names = [f"s{number}" for number in range(random.randint(3, 5))]
    states: Node = {}
    for index, state in enumerate(names):
        node = _state(random, names, fields)
        node["on"] = {**_on(random, names, fields), **node.get("on", {})}
        if random.random() < 0.3 and index + 1 < len(names):  # Only onwards, so never in a circle.
            node["always"] = {"to": names[random.randint(index + 1, len(names) - 1)]}
            node["always"] |= random.choice([{"when": "x == 3"}, {"if": "late"}, {"when": WHEN[0]}])
        states[state] = node
    states["waiting"] = {"on": {"answer": {"to": "back"}, **_on(random, names, fields)}}
    states["over"] = {"kind": "end", "outcome": "over"}
    known: Node = {event: {} for event in [*EVENTS, *INNER_EVENTS]}
    states["s0"]["on"] = {**known, "wait": {"to": "waiting"}, **states["s0"]["on"]}
    on = {"climb": {"to": "s1"}} | ({"wait": {"to": "waiting"}} if random.random() < 0.5 else {})
    return {"on": on, "states": states}


def _side(random: Random) -> Node:
    states = {
        "rest": {"kind": "idle", "on": {**_on(random, ["busy"], ["y"]), "e0": {"to": "busy"}}},
        "busy": {"assignee": "chief", "on": {"e1": {"to": "rest"}, "i1": {"to": "gone"}}},
        "gone": {"kind": "end", "outcome": "gone"},
    }
    at_end = random.choice(["stop", "must_be_idle"])
    return {"start": "rest", "at_end": at_end, "states": states}


def _state(random: Random, names: list[str], fields: list[str]) -> Node:
    node: Node = {}
    if random.random() < 0.4:
        node["assignee"] = random.choice(["desk", "chief"])
    if random.random() < 0.3:
        node["entry"] = {"do": "call", "notify": {"assignee": "hello"}}
    if random.random() < 0.3:
        node["exit"] = {"do": "call", "send": random.choice(INNER_EVENTS)}
    kind = random.choice(["simple", "simple", "compound", "ladder"])
    if kind == "compound":
        inner = ["a", "b"]
        node["states"] = {one: {"on": _on(random, [*inner, *names], fields)} for one in inner}
    if kind == "ladder":
        up = {"to": random.choice(["next_level", "this_level", "first_level"])}
        field: Node = {"to": {"level": "goal"}, "requires": {"data": ["goal"]}}
        node["levels"] = {"low": {}, "mid": {}, "top": {"must_resolve": random.random() < 0.3}}
        node["each_level"] = {
            "on": {"climb": {"to": "next_level"}, "e3": [up | {"if": "wise"}, field]},
            "states": {"ask": {"on": {"e1": {"to": "work"}}}, "work": {}},
        }
        node["after_last_level"] = random.choice([*names, "over"])
    return node


def _on(random: Random, targets: list[str], fields: list[str]) -> Node:
    events = random.sample([*EVENTS, *INNER_EVENTS], random.randint(1, 3))
    found: Node = {}
    for event in events:
        branches = [_branch(random, event, targets, fields) for _ in range(random.randint(1, 2))]
        if random.random() < 0.2:
            branches.append({"refuse": "Not now"})
        found[event] = branches
    return found


def _branch(random: Random, event: str, targets: list[str], fields: list[str]) -> Node:
    ends = ["over"] if targets[0].startswith("s") or len(targets) > 1 else []
    branch: Node = {}
    if random.random() < 0.7:
        branch["to"] = random.choice([*targets, *targets, *ends])
    parts: dict[str, list[Any]] = {
        "when": WHEN,
        "if": ["wise", "late"],
        "unless": ["late"],
        "by": [["desk"], ["assignee"], ["desk", "engine"], ["customer", "engine"]],
        "requires": [{"note": True}, {"data": ["x"]}, {"checklist": ["done"]}, {"guard": ["wise"]},
                     {"different_from": {"sender": "assignee"}}, {"evidence": True}],
        "asks": [{"note": True}, {"checklist": ["done"]}],
        "assign": [{"owner": "sender"}, {"assignee": "desk"}, {"owner": "back"},
                   {"reviewer": "sender"}, {"poc": "nobody"}],
        "do": ["call"],
        "notify": [{"desk": "hello"}, {"owner": "hello"}, {"everyone_told": "hello"}],
        "visibility": ["client"],
    }  # fmt: skip
    for key, values in parts.items():
        if random.random() < 0.15:
            branch[key] = random.choice(values)
    if random.random() < 0.3:
        given = {"x": random.randint(0, 3), "color": "red", "who": "sender", "y": "words"}
        name = random.choice(fields)
        branch["set"] = {name: given[name]}
    if event in EVENTS and random.random() < 0.3:
        branch["send"] = random.sample(INNER_EVENTS, random.randint(1, 2))
    return branch


# ---- the story ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """One input of a story and what became of it; the answers are those that were given."""

    case: Case
    input: Input
    answers: dict[Question, Answer]
    asks: tuple[Ask, ...]
    found: Decision | Refusal


@dataclass(frozen=True)
class Story:
    """A process, the inputs that happen to one case, and a seed for the host's answers."""

    text: str
    inputs: tuple[Input, ...]
    answers: int

    def __repr__(self) -> str:
        return "\n".join([self.text, *map(repr, self.inputs), f"answers={self.answers}"])

    def play(self) -> Iterator[Told]:
        """Decide the inputs one after the other; what is refused is told and left behind."""
        chart = chart_of(self.text)
        case = blank(chart)
        for number, given in enumerate(self.inputs):
            answers: dict[Question, Answer] = {}
            asks: list[Ask] = []
            found = decide(chart, case, given, now=NOW, answers=answers)
            while isinstance(found, Ask):
                asks.append(found)
                answers[found.question] = self.answer(number, found.question)
                found = decide(chart, case, given, now=NOW, answers=answers)
            yield Told(case, given, answers, tuple(asks), found)
            if isinstance(found, Decision):
                case = found.case
            elif number == 0:
                return

    def answer(self, number: int, question: Question) -> Answer:
        """The host's answer: any, and the same whenever it is asked for the same."""
        drawn = crc32(repr((self.answers, number, tuple(question))).encode())
        if isinstance(question, GuardQuestion):
            return Verdict(drawn % 2 == 0, "so it is")
        people: list[Answer] = [Found("ann"), Found("eve"), Found(None), Unavailable("away")]
        return people[drawn % len(people)]


@lru_cache(maxsize=64)
def chart_of(text: str) -> Chart:
    """Return the chart of a process, which must load."""
    return load_text(text)


def story(random: Random) -> Story:
    """Return a process with inputs that fit it, more or less."""
    text = random_process(random)
    chart = chart_of(text)
    length = random.randint(1, 12)
    inputs = [_input(random, chart) for _ in range(length)]
    return Story(text, (Opened("open", ACTORS[0]), *inputs), random.randint(0, 10**6))


def _input(random: Random, chart: Chart) -> Input:
    actor = random.choice(ACTORS)
    kind = random.random()
    if kind < 0.75:
        event = random.choice([*EVENTS, *EVENTS, "climb", "climb", "wait", "answer", *INNER_EVENTS])
        return Sent(event, actor, _data(random, event), **_said(random))
    if kind < 0.85:
        answers = {"done": {random.choice(["one", "two"]): (random.choice(["yes", "no"]), None)}}
        if random.random() < 0.5:
            return Recorded(actor, checklists=answers)
        return Recorded(actor, {"x": random.randint(0, 4)}, **_said(random))
    if kind < 0.9:
        return Noted(actor, "a note")
    if kind < 0.95:
        return Reported("effect", random.choice(["e1", "i1", None]))
    track = random.choice(chart.tracks)
    to = random.choice(sorted(track.states))
    return Corrected(actor, to, track.name, "by hand")


def _data(random: Random, event: str) -> dict[str, object]:
    values: dict[str, object] = {
        "x": random.randint(0, 3),
        "color": random.choice(["red", "green"]),
        "goal": random.choice(["low", "mid", "top"]),
        "y": "words",
        "who": "ann",
    }
    usual = {"e0": ["x", "color", "goal"], "e1": ["x"], "e2": ["color", "y", "who"]}
    names = [name for name in usual.get(event, []) if random.random() < 0.5]
    if event == "e2" and random.random() < 0.8:
        names.append("color")
    return {name: values[name] for name in names}


def _said(random: Random) -> dict[str, Any]:
    return {
        "note": random.choice([None, "a note"]),
        "channel": random.choice([None, "phone"]),
        "evidence": random.choice([None, "a mail"]),
        "on_behalf_of": random.choice([None, "cleo"]),
    }


_randoms = st.randoms(use_true_random=False)


def processes() -> st.SearchStrategy[str]:
    """Texts of processes that load."""
    return _randoms.map(random_process)


def stories() -> st.SearchStrategy[Story]:
    """Processes with what happens to a case."""
    return _randoms.map(story)
