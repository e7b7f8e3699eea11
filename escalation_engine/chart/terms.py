"""The terms of a process: fields, people, and everything that is asked, done, told and counted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from escalation_engine.chart.fault import Path
from escalation_engine.chart.fields import build_field
from escalation_engine.chart.model import (
    Action,
    Checklist,
    Contact,
    Count,
    Event,
    Field,
    Guard,
    Item,
    Message,
    Role,
    Slot,
    TaskList,
    Wording,
)
from escalation_engine.chart.moment import FindState, read_moments
from escalation_engine.chart.names import DEFAULT_SLOTS, Names
from escalation_engine.chart.parameter import read_parameters
from escalation_engine.definition import DataField, Expectations, ItemBody, Process
from escalation_engine.definition import Role as WrittenRole
from escalation_engine.definition import Wording as WrittenWording

__all__ = ["Terms", "read_counting", "read_terms"]

_CASE_WORDS = {"id", "reference", "state", "process", "outcome"}
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}|([{}])")


@dataclass(slots=True)
class Terms:
    """The terms of all parts by canonical name, as they come into a chart."""

    parameters: dict[str, object] = field(default_factory=dict)
    fields: dict[str, Field] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    slots: dict[str, Slot] = field(
        default_factory=lambda: {name: Slot(name, title) for name, title in DEFAULT_SLOTS.items()}
    )
    guards: dict[str, Guard] = field(default_factory=dict)
    actions: dict[str, Action] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    checklists: dict[str, Checklist] = field(default_factory=dict)
    tasks: dict[str, TaskList] = field(default_factory=dict)
    counts: dict[str, Count] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)


def read_terms(
    names: Names, terms: Terms, bound: Mapping[str, object], levels: tuple[str, ...]
) -> None:
    """Add the terms of one part, except those that look at states. `bound` binds its parameters."""
    definition = names.part.definition
    terms.parameters.update(read_parameters(names, bound))
    _fields(definition, names, terms, levels)
    for name, role in definition.roles.items():
        canonical = names.known["role"][name]
        terms.roles[canonical] = _role(canonical, role, names, terms, ("roles", name))
    if definition.expects is not None and not names.part.track:
        _stand_in(definition.expects, names, terms)
    for name, slot in definition.slots.items():
        canonical = names.known["slot"][name]
        terms.slots[canonical] = Slot(canonical, slot.title or name, slot.many)
    for name, guard in definition.guards.items():
        canonical = names.known["guard"][name]
        terms.guards[canonical] = Guard(canonical, guard.title)
    _actions(definition, names, terms, levels)
    for name, message in definition.messages.items():
        canonical, at = names.known["message"][name], ("messages", name)
        translations = {
            language: _wording(wording, names, (*at, "translations", language))
            for language, wording in message.translations.items()
        }
        failed = names.known["event"].get(message.failed or "", "")
        wording = _wording(message, names, at)
        terms.messages[canonical] = Message(canonical, wording, translations, failed)


def _fields(definition: Process, names: Names, terms: Terms, levels: tuple[str, ...]) -> None:
    roles = tuple(names.known["role"].values())
    for name, written in definition.data.items():
        canonical = names.known["field"][name]
        terms.fields[canonical] = build_field(
            canonical,
            written,
            by=names.passing(written.by, ("data", name, "by")),
            levels=levels,
            roles=roles,
            at=("data", name),
            faults=names.faults,
        )


def _stand_in(expects: Expectations, names: Names, terms: Terms) -> None:
    """What a taker would bring, for a track file that is looked at alone."""
    for name in expects.data:
        terms.fields[name] = build_field(
            name,
            DataField(),
            by=None,
            levels=(),
            roles=(),
            at=("expects", "data"),
            faults=names.faults,
        )
    for name in expects.roles:
        terms.roles[name] = Role(name, name)


def _role(canonical: str, written: WrittenRole, names: Names, terms: Terms, at: Path) -> Role:
    contacts = []
    for index, contact in enumerate(written.contacts):
        address = contact.address
        if address is not None and address.startswith("$"):
            found = names.find("parameter", address[1:], (*at, "contacts", index, "address"))
            value = terms.parameters.get(found or "")
            address = None if value is None else str(value)
        contacts.append(Contact(contact.channel, address, contact.title or ""))
    return Role(
        name=canonical,
        title=written.title,
        side=written.side or "",
        contacts=tuple(contacts),
        alternates=names.find_all("role", written.alternates, (*at, "alternates")),
        chosen_by=names.find_all("field", written.chosen_by, (*at, "chosen_by")),
        refuses_when_nobody=written.when_nobody == "refuse",
    )


def _actions(definition: Process, names: Names, terms: Terms, levels: tuple[str, ...]) -> None:
    roles = tuple(names.known["role"].values())
    for name, action in definition.actions.items():
        canonical, at = names.known["action"][name], ("actions", name)
        arguments = {
            argument: build_field(
                argument,
                written,
                by=None,
                levels=levels,
                roles=roles,
                at=(*at, "arguments", argument),
                faults=names.faults,
            )
            for argument, written in action.arguments.items()
        }
        terms.actions[canonical] = Action(
            canonical,
            action.title,
            arguments,
            names.find_all("event", action.reports, (*at, "reports")),
            names.known["event"].get(action.failed or "", ""),
        )


def _wording(written: WrittenWording, names: Names, at: Path) -> Wording:
    return Wording(
        _text(written.subject or "", names, (*at, "subject")),
        _text(written.text, names, (*at, "text")),
    )


def _text(text: str, names: Names, at: Path) -> str:
    """Return the text with canonical placeholders; what cannot be filled in is noted."""

    def canonical(match: re.Match[str]) -> str:
        inside, brace = match.groups()
        if brace is not None:
            names.faults.add(
                "E121",
                "a brace stands alone",
                at,
                hint="a placeholder is {data.FIELD}",
                offset=match.start(),
            )
            return match.group()
        group, _, name = inside.partition(".")
        if group == "case" and name in _CASE_WORDS:
            return match.group()
        if group == "data":
            found = names.find("field", name, at)
            return f"{{data.{found}}}"
        words = ", ".join(f"{{case.{word}}}" for word in sorted(_CASE_WORDS))
        names.faults.add(
            "E121",
            f"{{{inside}}} cannot be filled in",
            at,
            hint=f"write {{data.FIELD}} or one of {words}",
            offset=match.start(),
        )
        return match.group()

    return _PLACEHOLDER.sub(canonical, text)


def read_counting(names: Names, terms: Terms, find_state: FindState) -> None:
    """Add the checklists, task lists and counts of one part, whose moments look at states."""
    definition, faults = names.part.definition, names.faults
    for name, written in definition.checklists.items():
        canonical, at = names.known["checklist"][name], ("checklists", name)
        items = {
            item_name: _item(item_name, item, names, (*at, "items", item_name))
            for item_name, item in written.items.items()
        }
        moments = read_moments(written.reset_on, names, find_state, (*at, "reset_on"), faults)
        terms.checklists[canonical] = Checklist(canonical, written.title or name, items, moments)
    for name, tasks in definition.tasks.items():
        canonical, at = names.known["task"][name], ("tasks", name)
        moments = read_moments(tasks.reset_on, names, find_state, (*at, "reset_on"), faults)
        by = names.passing(tasks.by, (*at, "by"))
        terms.tasks[canonical] = TaskList(canonical, tasks.title or name, by, moments)
    for name, count in definition.counts.items():
        canonical, at = names.known["count"][name], ("counts", name)
        terms.counts[canonical] = Count(
            canonical,
            count.title or name,
            read_moments(count.up_on, names, find_state, (*at, "up_on"), faults),
            read_moments(count.reset_on, names, find_state, (*at, "reset_on"), faults),
            count.once_per == "person",
            count.at_most,
        )


def _item(name: str, written: ItemBody, names: Names, at: Path) -> Item:
    keys: tuple[tuple[str, Iterable[str], bool], ...] = (
        ("passes", written.passes, False),
        ("reason_for", written.reason_for, False),
        ("adds_task", written.adds_task, True),
    )
    for key, answers, at_key in keys:
        for index, answer in enumerate(answers):
            if answer not in written.answers:
                names.faults.add(
                    "E122",
                    f"`{answer}` is not one of the answers",
                    (*at, key, answer if at_key else index),
                    at_key=at_key,
                    hint=f"the answers are {', '.join(written.answers)}",
                )
    adds_task = {
        answer: tasks
        for answer, wanted in written.adds_task.items()
        if (tasks := names.find("task", wanted, (*at, "adds_task", answer)))
    }
    return Item(
        name,
        written.text,
        frozenset(written.passes),
        written.answers,
        frozenset(written.reason_for),
        names.passing(written.by, (*at, "by")),
        names.passing(written.recorded_by, (*at, "recorded_by")),
        adds_task,
    )
