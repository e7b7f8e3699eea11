"""A case as a JSON document and back, written out by hand: every send does both.

The document shares the frozen parts of the case. Parts that stand at their default are left out,
and holders and answered items become arrays. The receipt stays behind: it belongs to one call.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from escalation_engine.core.case import Answered, Case, Holder, Identity, Task
from escalation_engine.core.instant import instant_from, instant_text
from escalation_engine.core.value import EMPTY, FrozenMap, freeze
from escalation_engine.core.watch_document import (
    cycles_document,
    cycles_from,
    duties_document,
    duties_from,
    watches_document,
    watches_from,
)

__all__ = [
    "FORMAT",
    "case_document",
    "case_from",
    "check_format",
    "data_from",
    "holders_from",
    "instant_from",
    "instant_text",
]

FORMAT = 1

Document = dict[str, Any]

_SCALARS = frozenset({str, int, float, bool, type(None)})


def case_document(case: Case) -> Document:
    """Return the case with its identity and without its receipt."""
    document: Document = {
        "format": FORMAT,
        "identity": _identity_document(case.identity),
        "revision": case.revision,
        "at": instant_text(case.at),
        "states": case.states,
    }
    if case.data:
        document["data"] = case.data
    if case.slots:
        document["slots"] = case.slots
    if case.previous:
        document["previous"] = case.previous
    if case.counts:
        document["counts"] = case.counts
    if case.counted:
        document["counted"] = case.counted
    if case.checklists:
        document["checklists"] = case.checklists
    if case.remembered:
        document["remembered"] = case.remembered
    if case.told:
        document["told"] = case.told
    if case.timers:
        document["timers"] = watches_document(case.timers)
    if case.clocks:
        document["clocks"] = watches_document(case.clocks)
    if case.cycles:
        document["cycles"] = cycles_document(case.cycles)
    if case.duties:
        document["duties"] = duties_document(case.duties)
    if case.tasks:
        document["tasks"] = case.tasks
    if case.outcome is not None:
        document["outcome"] = case.outcome
    if case.edition:
        document["edition"] = case.edition
    return document


def case_from(document: Document) -> Case:
    """Return the case that the document was made from. Raises ValueError for another format."""
    check_format(document)
    part = document.get
    # By position, as the fields stand in Case: twice as fast as by name.
    return Case(
        _identity_from(document["identity"]),
        document["revision"],
        instant_from(document["at"]),
        FrozenMap(document["states"]),
        data_from(data) if (data := part("data")) else EMPTY,
        _slots_from(slots) if (slots := part("slots")) else EMPTY,
        _slots_from(previous) if (previous := part("previous")) else EMPTY,
        FrozenMap(counts) if (counts := part("counts")) else EMPTY,
        freeze(counted) if (counted := part("counted")) else EMPTY,
        _checklists_from(checklists) if (checklists := part("checklists")) else EMPTY,
        FrozenMap(remembered) if (remembered := part("remembered")) else EMPTY,
        holders_from(told) if (told := part("told")) else (),
        watches_from(timers) if (timers := part("timers")) else EMPTY,
        watches_from(clocks) if (clocks := part("clocks")) else EMPTY,
        cycles_from(cycles) if (cycles := part("cycles")) else EMPTY,
        duties_from(duties) if (duties := part("duties")) else EMPTY,
        _tasks_from(tasks) if (tasks := part("tasks")) else EMPTY,
        part("outcome"),
        part("edition") or "",
    )


def check_format(document: Document) -> None:
    """Raise ValueError when the document is of another format than this module's."""
    if document.get("format") != FORMAT:
        raise ValueError(
            f"format {document.get('format')!r} is unknown; this version knows {FORMAT}"
        )


def data_from(part: Mapping[str, Any]) -> FrozenMap:
    """Return the data as `freeze` would; its fields are scalars for the most part."""
    return FrozenMap(
        {name: item if type(item) in _SCALARS else freeze(item) for name, item in part.items()}
    )


def holders_from(part: list[list[str | None]]) -> tuple[Holder, ...]:
    """Return the holders of one slot."""
    return tuple([Holder(*holder) for holder in part])


def _identity_document(identity: Identity) -> Document:
    document: Document = {
        "id": identity.id,
        "process": identity.process,
        "version": identity.version,
        "definition": identity.definition,
        "opened_at": instant_text(identity.opened_at),
    }
    if identity.reference is not None:
        document["reference"] = identity.reference
    if identity.opener is not None:
        document["opener"] = identity.opener
    if identity.reopens is not None:
        document["reopens"] = identity.reopens
    if identity.at_end:
        document["at_end"] = identity.at_end
    return document


def _identity_from(document: Document) -> Identity:
    part = document.get
    return Identity(
        document["id"],
        document["process"],
        document["version"],
        document["definition"],
        instant_from(document["opened_at"]),
        part("reference"),
        part("opener"),
        part("reopens"),
        FrozenMap(at_end) if (at_end := part("at_end")) else EMPTY,
    )


def _slots_from(part: Document) -> FrozenMap:
    return FrozenMap({slot: holders_from(holders) for slot, holders in part.items()})


def _checklists_from(part: Document) -> FrozenMap:
    return FrozenMap(
        {
            name: FrozenMap({item: Answered(*answered) for item, answered in items.items()})
            for name, items in part.items()
        }
    )


def _tasks_from(part: Document) -> FrozenMap:
    return FrozenMap(
        {name: tuple([Task(*task) for task in listed]) for name, listed in part.items()}
    )
