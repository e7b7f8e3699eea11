"""The terms of a chart (data, people, words, counts) as parts of its plain document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from escalation_engine.chart.model import (
    ENGINE,
    Action,
    Chart,
    Checklist,
    Contact,
    Count,
    Event,
    Field,
    Given,
    GivenKind,
    Item,
    Message,
    Moment,
    Passing,
    Role,
    TaskList,
    Wording,
)

__all__ = [
    "brought",
    "given_pair",
    "moments",
    "named",
    "only_said",
    "pairs",
    "passing",
    "plain",
    "terms",
]

Document = dict[str, object]


def terms(chart: Chart) -> Document:
    """Return the parts of the document that are no states, by their keys."""
    return {
        "data": {name: _field(chart, field, name) for name, field in chart.fields.items()},
        "roles": {name: _role(role) for name, role in chart.roles.items()},
        "slots": {
            name: only_said({"title": slot.title, "many": slot.many})
            for name, slot in chart.slots.items()
        },
        "guards": {name: guard.title for name, guard in chart.guards.items()},
        "actions": {name: _action(chart, action) for name, action in chart.actions.items()},
        "messages": {name: _message(message) for name, message in chart.messages.items()},
        "checklists": {
            name: _checklist(chart, listed) for name, listed in chart.checklists.items()
        },
        "tasks": {name: _tasks(chart, tasks) for name, tasks in chart.tasks.items()},
        "counts": {name: _count(count) for name, count in chart.counts.items()},
        "events": {name: _event(event) for name, event in chart.events.items()},
    }


def only_said(document: Document, *, keep: Iterable[str] = ()) -> Document:
    """Return the document without what is empty, false or None; of `keep` only None is left out."""
    kept = frozenset(keep)
    return {
        key: value
        for key, value in document.items()
        if (value is not None if key in kept else _says_something(value))
    }


def _says_something(value: object) -> bool:
    return value is not None and value is not False and value not in ("", [], {})


def pairs(items: Iterable[tuple[str, object]]) -> object:
    """Return a mapping, or a list of mappings of one key where a name comes twice."""
    listed = list(items)
    mapping = dict(listed)
    return mapping if len(mapping) == len(listed) else [{key: value} for key, value in listed]


def named(**names: str) -> Document:
    """Return those of the names that are not empty."""
    return {key: name for key, name in names.items() if name}


def plain(value: object) -> object:
    """Return the value with dictionaries and lists only, so that any writer takes it."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, frozenset | set):
        return sorted((plain(item) for item in value), key=repr)
    return value


def given_pair(name: str, given: Given) -> tuple[str, object]:
    """Return the name with its value, or with where the value will come from."""
    content = plain(given.content)
    if given.kind in (GivenKind.FIELD, GivenKind.SLOT):
        return name, {given.kind.value: content}
    if given.kind is not GivenKind.LITERAL:
        return name, {"from": given.kind.value}
    return name, {"literal": content} if isinstance(content, dict) else content


def brought(needs: tuple[str, ...], brings: frozenset[str]) -> Document:
    """Return what must come with an event, and what may come besides."""
    return {
        "needs": list(needs),
        "may_bring": sorted(brings - set(needs)),
        # What is needed may come; only a chart made by hand says otherwise.
        "may_not_bring": sorted(set(needs) - brings),
    }


def passing(chart: Chart, who: Passing | None) -> object:
    """Return the names as written where they say it all, else also whom they stand for."""
    if who is None:
        return None
    roles = frozenset(name for name in who.names if name in chart.roles)
    slots = frozenset(name for name in who.names if name not in chart.roles and name != ENGINE)
    if (roles, slots, ENGINE in who.names) == (who.roles, who.slots, who.engine):
        return list(who.names)
    resolved = {
        "roles": [name for name in chart.roles if name in who.roles]
        + sorted(who.roles - set(chart.roles)),
        "slots": sorted(who.slots),
        "engine": who.engine,
    }
    return {"names": list(who.names)} | only_said(resolved)


def moments(listed: Iterable[Moment]) -> list[str]:
    """Return the moments in the words of the language."""
    return [_moment(moment) for moment in listed]


def _moment(moment: Moment) -> str:
    kind, _, verdict = moment.kind.value.partition("_")
    verdict = {"slot": "changes", "checklist": "complete"}.get(kind, verdict)
    return f"{kind} {moment.name} {verdict}".rstrip()


def _field(chart: Chart, field: Field, name: str) -> Document:
    domain: Document = {"kind": field.domain.kind.name.lower()}
    if field.domain.name != field.name:
        domain["name"] = field.domain.name
    return only_said(
        {
            "name": field.name if field.name != name else "",
            "title": field.title,
            "type": field.type,
            "compared_as": domain | only_said({"values": list(field.domain.values)}),
            "schema": plain(field.schema),
            "default": plain(field.default),
            "changes": "" if field.changes == "on_events" else field.changes,
            "by": passing(chart, field.by),
            "sensitive": field.sensitive,
        },
        keep=("by", "default"),
    )


def _role(role: Role) -> Document:
    return only_said(
        {
            "title": role.title,
            "side": role.side,
            "contacts": [_contact(contact) for contact in role.contacts],
            "alternates": list(role.alternates),
            "chosen_by": list(role.chosen_by),
            "when_nobody": "refuse" if role.refuses_when_nobody else "",
        }
    )


def _contact(contact: Contact) -> Document:
    return {"channel": contact.channel, "address": contact.address} | named(title=contact.title)


def _action(chart: Chart, action: Action) -> Document:
    return only_said(
        {
            "title": action.title,
            "arguments": {
                name: _field(chart, field, name) for name, field in action.arguments.items()
            },
            "reports": list(action.reports),
            "failed": action.failed,
        }
    )


def _message(message: Message) -> Document:
    said = _wording(message.wording)
    translations = {tag: _wording(wording) for tag, wording in message.translations.items()}
    return said | only_said({"translations": translations, "failed": message.failed})


def _wording(wording: Wording) -> Document:
    return {**named(subject=wording.subject), "text": wording.text}


def _checklist(chart: Chart, checklist: Checklist) -> Document:
    items = {name: _item(chart, item) for name, item in checklist.items.items()}
    return only_said(
        {"title": checklist.title, "items": items, "reset_on": moments(checklist.reset_on)}
    )


def _item(chart: Chart, item: Item) -> Document:
    return {
        "text": item.text,
        "answers": list(item.answers),
        "passes": _in_order(item.passes, item.answers),
    } | only_said(
        {
            "reason_for": _in_order(item.reason_for, item.answers),
            "by": passing(chart, item.by),
            "recorded_by": passing(chart, item.recorded_by),
            "adds_task": dict(item.adds_task),
        },
        keep=("by", "recorded_by"),
    )


def _tasks(chart: Chart, tasks: TaskList) -> Document:
    return only_said(
        {
            "title": tasks.title,
            "by": passing(chart, tasks.by),
            "reset_on": moments(tasks.reset_on),
        },
        keep=("by",),
    )


def _in_order(chosen: frozenset[str], order: tuple[str, ...]) -> list[str]:
    return [answer for answer in order if answer in chosen] + sorted(chosen - set(order))


def _count(count: Count) -> Document:
    return only_said(
        {
            "title": count.title,
            "up_on": moments(count.up_on),
            "reset_on": moments(count.reset_on),
            "once_per": "person" if count.once_per_person else "",
            "at_most": count.at_most,
        },
        keep=("at_most",),
    )


def _event(event: Event) -> Document:
    return only_said({"title": event.title, **brought(event.needs, event.brings)})
