"""Small random processes: flat ones, ladders, compound states and two tracks.

Nothing is generated that the oracle does not model. What the loader refuses is not returned, so
every process is one that could be published.
"""

from __future__ import annotations

import random
from typing import Any

from escalation_engine.errors import DefinitionError
from escalation_engine.loader import load_text
from tests.verify.oracle.written import Condition, Mapping, write

__all__ = ["generate", "is_loaded"]

_HOURS = ["1 hour", "2 hours", "3 hours"]


def generate(seed: int) -> Mapping:
    """Return the process of a seed."""
    for attempt in range(200):
        process = _Generator(random.Random(seed * 1000 + attempt)).process()  # noqa: S311
        if is_loaded(process):
            return process
    raise AssertionError(f"seed {seed} gives nothing that loads")


def is_loaded(process: Mapping) -> bool:
    """Tell whether the loader takes it."""
    try:
        load_text(write(process).text, name="generated.yaml")
    except DefinitionError:
        return False
    return True


class _Generator:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.shape = chance.choice(["flat", "flat", "flat", "compound", "ladder", "tracks"])
        self.events = [f"e{number}" for number in range(1, chance.randint(2, 4) + 1)]
        self.events.insert(0, "z")
        self.side_events = ["x1", "x2"]
        self.data = self._data()
        self.counts = self._counts()
        self.needy = self.events[-1] if self.data and self._likely(0.3) else ""
        self.has_timers = chance.random() < 0.5
        self.has_back = not self.has_timers and chance.random() < 0.2
        self.timers_left = 3

    def process(self) -> Mapping:
        names = [f"s{number}" for number in range(1, self.chance.randint(2, 4) + 1)]
        states = self._states(names)
        may_bring = {"may_bring": self._fields()} if self._likely(0.3) else {}
        process: Mapping = {
            "process": "generated", "version": 1, "title": "Generated",
            "data": self.data, "roles": {"desk": {"title": "Desk"}},
            "guards": {"g1": "Is it one?", "g2": "Is it two?"},
            "checklists": {"list": {"items": {"item": "Is it done?"}}},
            "counts": self.counts,
            "events": self._declared(),
        }  # fmt: skip
        opens = {"opens": {"ask": {"to": names[0], **may_bring}}}
        main: Mapping = {"states": states}
        if self._likely(0.15):
            main = {"on": {"e1": self._branch([*states], stays=False)}, **main}
        if self.has_timers and self.timers_left and self._likely(0.15):
            main = {"timers": self._timers(), **main}
        if self.shape == "tracks":
            main = {**opens, **main}
            process["tracks"] = {"main": main, "side": self._side()}
            return {key: value for key, value in process.items() if value}
        return {key: value for key, value in {**process, **opens, **main}.items() if value}

    # ---- declarations

    def _data(self) -> Mapping:
        fields: Mapping = {
            "kind": {"enum": ["low", "high"]},
            "paid": {"type": "boolean"},
            "size": {"type": "integer", "minimum": 0, "maximum": 2},
            "text": {"type": "string"},
        }
        chosen = {name: body for name, body in fields.items() if self._likely(0.4)}
        if "kind" in chosen and self._likely(0.5):
            chosen["kind"] = {**chosen["kind"], "default": "low"}
        return chosen

    def _counts(self) -> Mapping:
        if not self._likely(0.25):
            return {}
        count: Mapping = {"up_on": self.chance.choice(["event e1", "event e2", "entering s2"])}
        if self._likely(0.3):
            count["reset_on"] = self.chance.choice(["event e2", "entering s1"])
        if self._likely(0.5):
            count["at_most"] = self.chance.randint(1, 3)
        return {"tries": count}

    def _declared(self) -> Mapping:
        declared: Mapping = {name: {"may_bring": self._fields()} for name in self.events}
        if self.needy:
            declared[self.needy] = {"needs": [self.chance.choice([*self.data])]}
        return {name: body for name, body in declared.items() if any(body.values())}

    def _fields(self) -> list[str]:
        return [name for name in self.data if self._likely(0.4)]

    # ---- states

    def _states(self, names: list[str]) -> Mapping:
        ends = ["done", "gone"][: self.chance.randint(1, 2)]
        self.targets = [*names, *ends]
        if self._likely(0.4):
            self.targets.append("choose")
        states: Mapping = {name: self._state(self.targets) for name in names}
        if self.shape == "compound":
            states[names[1]] = self._compound(names[1])
        if self.shape == "ladder":
            states[names[1]] = self._ladder()
        if self.has_back:
            states["wait"] = {"on": {"e1": {"to": "back"}}}
            states[names[0]]["on"] = {**states[names[0]].get("on", {}), "e2": {"to": "wait"}}
        if "choose" in self.targets:
            states["choose"] = self._decision()
        for name in ends:
            states[name] = {"kind": "end", "outcome": name}
        return states

    def _decision(self) -> Mapping:
        state: Mapping = {"kind": "decision"}
        if self._likely(0.85):
            state["assignee"] = "desk"
        if self._likely(0.7):
            state["on"] = self._on(self.events, self.targets)
        return state

    def _state(self, targets: list[str], events: list[str] | None = None) -> Mapping:
        state: Mapping = {}
        if self._likely(0.92):
            state["on"] = self._on(events or self.events, targets)
        if self._likely(0.1):
            state["always"] = {"to": self.chance.choice(targets), "when": self._condition()}
        if self.has_timers and self.timers_left and self._likely(0.5):
            state["timers"] = self._timers(events)
        return state

    def _compound(self, name: str) -> Mapping:
        inner = [f"{name}a", f"{name}b"]
        outer = self._state(self.targets)
        outer["states"] = {one: self._state([*self.targets, *inner]) for one in inner}
        return outer

    def _ladder(self) -> Mapping:
        each = self._state([*self.targets, "next_level", "next_level", "first_level"])
        each.pop("always", None)
        if self._likely(0.4):
            each["states"] = {
                one: self._state([*self.targets, "wa", "wb", "next_level"]) for one in ("wa", "wb")
            }
        levels = {
            f"l{number}": {"assignee": "desk"}
            for number in (1, 2, 3)[: self.chance.choice([2, 2, 3])]
        }
        after = self.chance.choice(self.targets[2:])
        return {"levels": levels, "each_level": each, "after_last_level": after}

    def _side(self) -> Mapping:
        targets = ["r1", "r2", "r3"]
        third: Mapping = (
            {"kind": "end", "outcome": "over"} if self._likely(0.4) else {"kind": "idle"}
        )
        if third["kind"] == "idle" and self._likely(0.6):
            third["on"] = self._on(self.side_events, targets)
        side: Mapping = {
            "start": self.chance.choice(["r1", "r1", "r3"] if third["kind"] == "idle" else ["r1"]),
            "states": {
                "r1": self._state(targets, self.side_events),
                "r2": self._state(targets, self.side_events),
                "r3": third,
            },
        }
        if self._likely(0.4):
            side["at_end"] = "must_be_idle"
        return side

    def _timers(self, events: list[str] | None = None) -> Mapping:
        self.timers_left -= 1
        usable = [name for name in events or self.events if name != self.needy]
        event = self.chance.choice(usable)
        return {f"t{self.timers_left}": {"after": self.chance.choice(_HOURS), "send": event}}

    # ---- branches

    def _on(self, events: list[str], targets: list[str]) -> Mapping:
        chosen = self.chance.sample(events, self.chance.randint(1, min(2, len(events))))
        listed = {name: self._branches(targets) for name in sorted(chosen)}
        for name, one in listed.items():
            self._send(name, one if isinstance(one, list) else [one])
        return listed

    def _send(self, event: str, listed: list[Mapping]) -> None:
        """Let some branches send; only later events, so that no circle comes about."""
        side = self.side_events if self.shape == "tracks" else []
        later = {"e": [*side, "z"], "x": ["z"], "z": []}[event[0]]
        for branch in listed:
            if later and "refuse" not in branch and self._likely(0.1):
                branch["send"] = [self.chance.choice(later)]

    def _branches(self, targets: list[str]) -> Any:
        plain = self._branch(targets)
        kind = self.chance.random()
        if kind < 0.5:
            return plain
        if kind < 0.6:
            return {**plain, **self._chooser()}
        if kind < 0.85:
            return [{**self._branch(targets), **self._chooser()}, plain]
        if kind < 0.92:
            first, second = self._pair()
            return [{**self._branch(targets), **first}, {**plain, **second}]
        first, second = self._chooser(), self._chooser()
        return [{**plain, **first}, {**self._branch(targets), **second}, {"refuse": "No"}]

    def _pair(self) -> tuple[Mapping, Mapping]:
        if "kind" in self.data:
            return (
                {"when": Condition(("==", "kind", "low"))},
                {"when": Condition(("==", "kind", "high"))},
            )
        return {"if": "g1"}, {"unless": "g1"}

    def _branch(self, targets: list[str], *, stays: bool = True) -> Mapping:
        branch: Mapping = {"to": self.chance.choice(targets)}
        if stays and self._likely(0.1):
            branch = {"reason": "Nothing moves"}
        if self._likely(0.25):
            branch["by"] = self.chance.choice([["desk"], ["desk", "engine"], ["engine"]])
        if self._likely(0.15):
            branch["requires"] = self._requires()
        if self.data and self._likely(0.2):
            branch.update(self._change())
        return branch

    def _requires(self) -> Mapping:
        choice = self.chance.random()
        if choice < 0.2:
            return {"checklist": "list"}
        return {"data": [self.chance.choice([*self.data])]} if self.data else {"checklist": "list"}

    def _change(self) -> Mapping:
        name = self.chance.choice([*self.data])
        if self._likely(0.4):
            return {"clear": [name]}
        values: dict[str, list[Any]] = {
            "kind": ["low", "high"],
            "paid": [True, False],
            "size": [0, 1, 2],
            "text": ["word"],
        }
        return {"set": {name: self.chance.choice(values[name])}}

    def _chooser(self) -> Mapping:
        if self._likely(0.35):
            return {self.chance.choice(["if", "unless"]): self.chance.choice(["g1", "g2"])}
        return {"when": self._condition()}

    def _condition(self, depth: int = 2) -> Condition:
        if depth and self._likely(0.2):
            left, right = self._condition(depth - 1), self._condition(depth - 1)
            return Condition((self.chance.choice(["and", "or"]), left.tree, right.tree))
        if depth and self._likely(0.1):
            return Condition(("not", self._condition(depth - 1).tree))
        return Condition(self.chance.choice(self._atoms()))

    def _atoms(self) -> list[tuple[Any, ...]]:
        atoms: list[tuple[Any, ...]] = []
        if "kind" in self.data:
            atoms += [("==", "kind", "low"), ("!=", "kind", "low"), ("set", "kind")]
        if "paid" in self.data:
            atoms += [("flag", "paid"), ("unset", "paid")]
        if "size" in self.data:
            atoms += [("<", "size", 1), (">=", "size", 2), ("==", "size", 1)]
        if "text" in self.data:
            atoms += [("set", "text"), ("unset", "text")]
        if self.counts:
            atoms += [("<", "tries", 1), ("<", "tries", 2), (">=", "tries", 3)]
        if self.shape == "tracks":
            atoms += [("in", "main.s1"), ("in", "side.r2"), ("in", "side.r3")]
        return atoms or [("in", "s1"), ("in", "s2")]

    def _likely(self, share: float) -> bool:
        return self.chance.random() < share
