"""Bodies, gates and values: from names as written to names as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from escalation_engine.chart.amount import AmountReader
from escalation_engine.chart.fault import Faults, Path, did_you_mean
from escalation_engine.chart.fields import misfit
from escalation_engine.chart.model import (
    Action,
    Amount,
    Assignment,
    Body,
    Extend,
    Field,
    Given,
    GivenKind,
    HolderKind,
    Link,
    Recipient,
    Requirements,
)
from escalation_engine.chart.names import Names
from escalation_engine.condition.vocabulary import Kind
from escalation_engine.definition import Body as WrittenBody
from escalation_engine.definition import OpenCase, ValueFrom
from escalation_engine.definition import Requirements as WrittenRequirements

__all__ = ["EVERYONE_TOLD", "BodyReader"]

EVERYONE_TOLD = "everyone_told"
_GIVEN_WORDS = {
    kind.value: kind
    for kind in (
        GivenKind.SENDER,
        GivenKind.NOW,
        GivenKind.CHANNEL,
        GivenKind.NOTE,
        GivenKind.EVIDENCE,
    )
}


@dataclass(slots=True)
class BodyReader:
    """Reads what stands in one part, with everything that it may name.

    `extensions` collects which clock is extended by how much and where: clocks are read later.
    `performed` collects the actions that bodies do.
    """

    names: Names
    fields: Mapping[str, Field]
    actions: Mapping[str, Action]
    parameters: Mapping[str, object]
    faults: Faults
    extensions: list[tuple[str, Amount, Path]] = field(default_factory=list)
    performed: set[str] = field(default_factory=set)

    @property
    def amounts(self) -> AmountReader:
        """The reader of durations and schedules of the same part."""
        return AmountReader(self.names, self.fields, self.parameters)

    def body(self, written: WrittenBody, at: Path, level: str | None) -> Body:
        """Return the body with every name resolved."""
        names = self.names
        sets = [
            (field, given)
            for name, value in written.set.items()
            if (field := names.find("field", name, (*at, "set", name), at_key=True))
            and (given := self.given(value, self.fields[field], (*at, "set", name), level))
        ]
        return Body(
            set=tuple(sets),
            clear=names.find_all("field", written.clear, (*at, "clear")),
            assign=self._assignments(written.assign, (*at, "assign")),
            do=self._actions(written, (*at, "do"), level),
            notify=self._notices(written.notify, (*at, "notify")),
            open_case=tuple(
                link
                for index, case in enumerate(written.open_case)
                if (link := self._link(case, (*at, "open_case", index)))
            ),
            send=names.find_all("event", written.send, (*at, "send")),
            extend=self._extends(written, (*at, "extend")),
            reason=written.reason or "",
        )

    def given(self, value: object, field: Field, at: Path, level: str | None) -> Given | None:
        """Return where a value for `field` comes from, or note why it cannot."""
        if isinstance(value, ValueFrom):
            return self._value_from(value, at)
        if isinstance(value, str) and value not in field.domain.values:
            if value in _GIVEN_WORDS:
                return Given(_GIVEN_WORDS[value])
            if value == "this_level":
                if level is None:
                    self.faults.add("E115", "this_level has a meaning only inside a ladder", at)
                return Given(GivenKind.LITERAL, level)
            if value.startswith("$"):
                return self._parameter(value[1:], field, at)
        problem = misfit(field, value)
        if problem:
            self.faults.add(
                "E122", f"{value!r} {problem}: it cannot be put into `{field.name}`", at
            )
            return None
        return Given(GivenKind.LITERAL, value)

    def _value_from(self, value: ValueFrom, at: Path) -> Given | None:
        if (value.field is None) == (value.slot is None):
            named = "neither a field nor a slot" if value.field is None else "both"
            self.faults.add(
                "E111",
                f"a value is taken from a field or from a slot; here it names {named}",
                at,
                hint="write {field: NAME} or {slot: NAME}",
            )
            return None
        if value.field is not None:
            found = self.names.find("field", value.field, (*at, "field"))
            return Given(GivenKind.FIELD, found) if found else None
        found = self.names.find("slot", value.slot or "", (*at, "slot"))
        return Given(GivenKind.SLOT, found) if found else None

    def _parameter(self, name: str, field: Field, at: Path) -> Given | None:
        found = self.names.find("parameter", name, at)
        if found is None:
            return None
        value = self.parameters[found]
        problem = "" if value is None else misfit(field, value)
        if problem:
            self.faults.add("E122", f"${name} is {value!r}, which {problem} of `{field.name}`", at)
            return None
        return Given(GivenKind.LITERAL, value)

    def _assignments(self, written: Mapping[str, str], at: Path) -> tuple[Assignment, ...]:
        made = []
        for slot, holder in written.items():
            found = self.names.find("slot", slot, (*at, slot), at_key=True)
            assignment = self.assignment(found, holder, (*at, slot)) if found else None
            if assignment is not None:
                made.append(assignment)
        return tuple(made)

    def assignment(self, slot: str, holder: str, at: Path) -> Assignment | None:
        """Return the assignment of a slot: a role, sender, a person field, nobody, or back."""
        if holder in ("sender", "nobody", "back"):
            return Assignment(slot, HolderKind(holder))
        if holder in self.names.known["role"]:
            return Assignment(slot, HolderKind.ROLE, self.names.known["role"][holder])
        field = self.fields.get(self.names.known["field"].get(holder, ""))
        if field is not None:
            if field.domain.kind is Kind.PERSON:
                return Assignment(slot, HolderKind.PERSON, field.name)
            self.faults.add("E122", f"`{holder}` is not a field of type person", at)
            return None
        self.names.find("role", holder, at)
        return None

    def _actions(
        self, written: WrittenBody, at: Path, level: str | None
    ) -> tuple[tuple[str, tuple[tuple[str, Given], ...]], ...]:
        made = []
        for name, arguments in written.do.items():
            found = self.names.find("action", name, (*at, name), at_key=True)
            if found is None:
                continue
            self.performed.add(found)
            taken = self.actions[found].arguments
            values = []
            for argument, value in arguments.items():
                if argument not in taken:
                    self.faults.add(
                        "E113",
                        f"the action `{name}` takes no argument `{argument}`",
                        (*at, name, argument),
                        at_key=True,
                        hint=did_you_mean(argument, taken),
                    )
                    continue
                given = self.given(value, taken[argument], (*at, name, argument), level)
                if given is not None:
                    values.append((argument, given))
            made.append((found, tuple(values)))
        return tuple(made)

    def _notices(self, written: Mapping[str, str], at: Path) -> tuple[tuple[Recipient, str], ...]:
        made = []
        for who, message in written.items():
            recipient = self._recipient(who, (*at, who))
            found = self.names.find("message", message, (*at, who))
            if recipient is not None and found is not None:
                made.append((recipient, found))
        return tuple(made)

    def _recipient(self, who: str, at: Path) -> Recipient | None:
        if who == EVERYONE_TOLD:
            return Recipient()
        if who in self.names.known["slot"]:
            return Recipient(slot=self.names.known["slot"][who])
        roles = self.names.known["role"]
        if who in roles:
            return Recipient(role=roles[who])
        self.faults.add(
            "E113",
            f"nobody is called `{who}`: no role or slot",
            at,
            at_key=True,
            hint=did_you_mean(who, [*roles, *self.names.known["slot"], EVERYONE_TOLD]),
        )
        return None

    def _link(self, written: OpenCase, at: Path) -> Link | None:
        process = self._bound(written.process, (*at, "process"))
        if not process:
            return None
        pairs = written.with_ if isinstance(written.with_, dict) else {n: n for n in written.with_}
        data = {
            theirs: ours
            for theirs, name in pairs.items()
            if (ours := self.names.find("field", name, (*at, "with", theirs)))
        }
        sends = {"otherwise": written.send} if isinstance(written.send, str) else written.send or {}
        send = {
            outcome: event
            for outcome, name in sends.items()
            if (event := self.names.find("event", name, (*at, "send")))
        }
        return Link(process, self._bound(written.event or "", (*at, "event")), data, send)

    def _bound(self, written: str, at: Path) -> str:
        """Return a name, or the one that its parameter is bound to; empty where there is none."""
        if not written.startswith("$"):
            return written
        found = self.names.find("parameter", written[1:], at)
        return str(self.parameters[found]) if found and self.parameters[found] else ""

    def _extends(self, written: WrittenBody, at: Path) -> tuple[Extend, ...]:
        made = []
        for name, extension in written.extend.items():
            clock = self.names.find("clock", name, (*at, name), at_key=True)
            amount = self.amounts.duration(extension.by, (*at, name, "by"))
            if clock is not None and amount is not None:
                made.append(Extend(clock, amount, extension.at_most))
                self.extensions.append((clock, amount, (*at, name)))
        return tuple(made)

    def requirements(self, written: WrittenRequirements | None, at: Path) -> Requirements | None:
        """Return gates with every name resolved; None where nothing is written."""
        if written is None:
            return None
        names = self.names
        pairs = []
        for first, second in written.different_from.items():
            path = (*at, "different_from", first)
            left = "sender" if first == "sender" else names.find("slot", first, path, at_key=True)
            right = names.known["slot"].get(second)
            if right is None:
                field = self.fields.get(names.known["field"].get(second, ""))
                if field is None or field.domain.kind is not Kind.PERSON:
                    names.find("slot", second, path)
                    continue
                right = f"data.{field.name}"
            if left is not None:
                pairs.append((left, right))
        return Requirements(
            data=names.find_all("field", written.data, (*at, "data")),
            note=written.note,
            guards=names.find_all("guard", written.guard, (*at, "guard")),
            evidence=written.evidence,
            checklists=names.find_all("checklist", written.checklist, (*at, "checklist")),
            duties=names.find_all("duty", written.duty, (*at, "duty")),
            tasks=names.find_all("task", written.tasks, (*at, "tasks")),
            tasks_done=names.find_all("task", written.tasks_done, (*at, "tasks_done")),
            past=self._past(written.past, (*at, "past")),
            different_from=tuple(pairs),
        )

    def _past(self, written: str | None, at: Path) -> str:
        """The clock of `due of CLOCK`."""
        if written is None:
            return ""
        return self.names.find("clock", written.removeprefix("due of "), at) or ""
