"""What is left of documents once somebody's words and data are forgotten.

By itself, the fields that are sensitive, every text that somebody wrote, and copies of both in
effects; with `everything` all data and the names of people as well. What happened always stays.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from escalation_engine.chart.model import ENGINE

__all__ = ["FORGOTTEN", "Forgetting"]

FORGOTTEN = "(forgotten)"
"""What stands where something was forgotten. A name becomes `forgotten-1`, and so on."""

_NAMED = "forgotten-"
_WORDS = frozenset({"address", "detail", "evidence", "note", "reason", "text"})
_NAMES = frozenset({"on_behalf_of", "owner", "recipient"})

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What is forgotten of one case: `fields`, or everything; `roles` are names of nobody.

    A person has one name in place of another throughout, so that two stay two.
    """

    fields: frozenset[str]
    roles: Collection[str]
    everything: bool = False
    names: dict[str, str] = field(default_factory=dict)

    def entry(self, document: Document) -> Document:
        """Return what is left of an entry; of a forgetting stays who, when and why."""
        kind = document["input"]["type"]
        if kind == "forgotten":
            return {**document, "left": self.case(document["left"])}
        left = {name: self._part(name, value) for name, value in document.items()}
        left["input"] = {name: self._said(name, it) for name, it in document["input"].items()}
        if kind == "corrected":
            left["steps"] = [[event, [_without_reason(move) for move in moves]]
                             for event, moves in document.get("steps", ())]  # fmt: skip
        if kind == "recalculated" and "timing" in document:
            left["timing"] = [[*change[:5], _gone(change[5])] for change in document["timing"]]
        return left

    def case(self, document: Document) -> Document:
        """Return what is left of a case; a field that is forgotten is not set any more."""
        left = dict(document)
        had = left.pop("data", {})
        data = {name: value for name, value in had.items() if not self._is_gone(name)}
        if data:
            left["data"] = data
        for name in ("slots", "previous"):
            if name in left:
                left[name] = {slot: self._holders(held) for slot, held in left[name].items()}
        if "told" in left:
            left["told"] = self._holders(left["told"])
        if "counted" in left:
            left["counted"] = {count: [self._name(it) for it in whose]
                               for count, whose in left["counted"].items()}  # fmt: skip
        if "checklists" in left:
            left["checklists"] = {name: {item: self._answered(it) for item, it in items.items()}
                                  for name, items in left["checklists"].items()}  # fmt: skip
        if "tasks" in left:
            left["tasks"] = {name: [self._task(task) for task in listed]
                             for name, listed in left["tasks"].items()}  # fmt: skip
        return left

    def effect(self, document: Document, *, case_id: str) -> Document:
        """Return what is left of an effect: what was to be done, and not with which words."""
        left = dict(document)
        for name in ("arguments", "data"):
            if name in left:
                left[name] = dict.fromkeys(left[name], FORGOTTEN)
        for name in ("person", "recipient"):
            if name in left:
                left[name] = self._name(left[name])
        for name in ("subject", "text"):
            if left["type"] == "notify" or (left["type"], name) == ("alarm", "text"):
                left[name] = _gone(left.get(name, ""))
        if "translations" in left:
            left["translations"] = dict.fromkeys(left["translations"], [FORGOTTEN, FORGOTTEN])
        if self.everything and "contacts" in left:
            left["contacts"] = [[channel, _gone(address)] for channel, address in left["contacts"]]
        if "rows" in left:
            left["rows"] = [_row(row, case_id) for row in left["rows"]]
        return left

    def name(self, person: str) -> str:
        """Return what stands for a person's name."""
        return str(self._name(person))

    def _part(self, name: str, value: Any) -> Any:
        match name:
            case "data":
                return {field: [_gone(it) for it in change] if self._is_gone(field) else change
                        for field, change in value.items()}  # fmt: skip
            case "slots":
                return {slot: [self._holders(held) for held in both]
                        for slot, both in value.items()}  # fmt: skip
            case "answers":
                return [[question, self._answer(answer)] for question, answer in value]
            case "tasks":
                return [[*task[:3], _gone(task[3]), self._name(task[4])] for task in value]
            case "problem":
                return _gone(value)
        return value

    def _said(self, name: str, value: Any) -> Any:
        if name in _WORDS:
            return _gone(value)
        if name in _NAMES:
            return self._name(value)
        match name:
            case "by":
                return {**value, "id": self._name(value["id"])}
            case "data":
                return {field: _gone(it) if self._is_gone(field) else it
                        for field, it in value.items()}  # fmt: skip
            case "checklists":
                return {checklist: {item: [answer, _gone(reason)]
                                    for item, (answer, reason) in items.items()}
                        for checklist, items in value.items()}  # fmt: skip
        return value

    def _is_gone(self, field: str) -> bool:
        return self.everything or field in self.fields

    def _name(self, person: str | None) -> str | None:
        if person is None or not self.everything or person in self.roles or person == ENGINE:
            return person
        if person.startswith(_NAMED):
            return person
        return self.names.setdefault(person, f"{_NAMED}{len(self.names) + 1}")

    def _holders(self, holders: Any) -> list[Any]:
        return [[role, self._name(person), *acting] for role, person, *acting in holders]

    def _answer(self, answer: Any) -> list[Any]:
        match answer:
            case ["found", person]:
                return ["found", self._name(person)]
            case ["verdict" | "unavailable", *said]:
                return [answer[0], *(_gone(it) if isinstance(it, str) else it for it in said)]
        return list(answer)

    def _answered(self, answered: Any) -> list[Any]:
        answer, by, at, reason, behalf, evidence = answered
        return [answer, self._name(by), at, _gone(reason), self._name(behalf), _gone(evidence)]

    def _task(self, task: Any) -> list[Any]:
        number, text, owner, by, at, done_by, done_at = task
        names = self._name(owner), self._name(by), self._name(done_by)
        return [number, _gone(text), names[0], names[1], at, names[2], done_at]


def _gone(value: Any) -> Any:
    """Return what stands for a value; where there was none, nothing was forgotten."""
    return value if value is None or value == "" else FORGOTTEN


def _without_reason(move: Any) -> list[Any]:
    return [*move[:5], _gone(move[5])]


def _row(row: list[Any], case_id: str) -> list[Any]:
    """Return the row of a digest, without the data of one case."""
    of, reference, states, data, due = row
    return [of, reference, states, dict.fromkeys(data, FORGOTTEN) if of == case_id else data, due]
