"""Random processes that are sound by the way they are made: every way leads forward, to an end.

Each state has a timer that leads on, each event an else, each decision point somebody who decides;
what leads back is counted. So whatever the verifier finds wrong with one of them is its own fault.
"""

from __future__ import annotations

import random
from typing import Any

from tests.verify.oracle.written import Condition, Mapping

__all__ = ["sound"]


def sound(seed: int) -> Mapping:
    """Return the sound process of a seed."""
    return _Sound(random.Random(seed)).process()  # noqa: S311 - nothing is secret


class _Sound:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.names = [f"s{number}" for number in range(1, chance.randint(3, 6))]
        self.has_count = chance.random() < 0.4

    def process(self) -> Mapping:
        process: Mapping = {
            "process": "sound", "version": 1, "title": "Sound",
            "data": {"size": {"type": "integer", "minimum": 0, "maximum": 3}},
            "roles": {"desk": {"title": "Desk"}},
            "guards": {"able": "Can it be done?"},
            "events": {"go": {"needs": ["size"]}},
        }  # fmt: skip
        if self.has_count:
            process["counts"] = {"rounds": {"up_on": "event again", "at_most": 2}}
        body: Mapping = {"opens": {"ask": {"to": "s1"}}, "states": self._states()}
        if self.chance.random() < 0.3:
            return {**process, "tracks": {"main": body, "side": self._side()}}
        return {**process, **body}

    def _states(self) -> Mapping:
        states: Mapping = {}
        for index, name in enumerate(self.names):
            onwards = [*self.names[index + 1 :], "done"]
            states[name] = self._state(name, onwards)
        if self.has_count:
            first = states[self.names[-1]]
            first.setdefault("on", {})["again"] = {"to": "s1"}
        states["done"] = {"kind": "end", "outcome": "done"}
        return states

    def _state(self, name: str, onwards: list[str]) -> Mapping:
        shape = self.chance.choice(["plain", "plain", "compound", "ladder", "decision"])
        if shape == "ladder":
            return self._ladder(onwards[0])
        if shape == "decision":
            return {"kind": "decision", "assignee": "desk", "on": self._on(onwards)}
        timers = {"limit": {"after": f"{self.chance.randint(1, 9)} hours", "send": "late"}}
        state: Mapping = {"timers": timers, "on": {"late": {"to": onwards[0]}, **self._on(onwards)}}
        if shape == "compound":
            inner = [f"{name}a", f"{name}b"]
            state["states"] = {inner[0]: {"on": {"deeper": {"to": inner[1]}}}, inner[1]: {}}
        return state

    def _ladder(self, after: str) -> Mapping:
        each: Mapping = {
            "timers": {"limit": {"after": f"{self.chance.randint(1, 9)} hours", "send": "late"}},
            "on": {"late": {"to": "next_level"}, "solve": {"to": "done", "by": ["desk"]}},
        }
        levels: Mapping = {"first": {"assignee": "desk"}, "second": {"assignee": "desk"}}
        return {"levels": levels, "each_level": each, "after_last_level": after}

    def _on(self, onwards: list[str]) -> Mapping:
        further = self.chance.choice(onwards)
        choice = self.chance.random()
        listed: Any = [self._when(further), {"to": onwards[0]}]
        if choice < 0.3:
            listed = [{"to": further, "if": "able"}, {"to": onwards[0], "unless": "able"}]
        if choice > 0.8:
            listed = {"to": onwards[0], "by": ["desk"], "requires": {"note": True}}
        return {"go": listed}

    def _when(self, target: str) -> Mapping:
        sign, value = self.chance.choice(["<", ">="]), self.chance.randint(1, 3)
        return {"to": target, "when": Condition((sign, "size", value))}

    def _side(self) -> Mapping:
        return {
            "start": "resting",
            "states": {
                "resting": {"kind": "idle", "on": {"call": {"to": "busy"}}},
                "busy": {"on": {"answered": {"to": "over"}}},
                "over": {"kind": "end", "outcome": "over"},
            },
        }
