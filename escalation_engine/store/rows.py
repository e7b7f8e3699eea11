"""Values as rows and back: what stands in a column, and what in a document."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from escalation_engine.core.case import Case
from escalation_engine.core.chain import Link, canonical
from escalation_engine.core.decision import Entry
from escalation_engine.core.document import (
    case_document,
    case_from,
    effect_document,
    effect_from,
    entry_from,
    instant_from,
    instant_text,
    reasons_document,
    reasons_from,
)
from escalation_engine.core.effect import Effect
from escalation_engine.core.value import FrozenMap
from escalation_engine.errors import BadInput
from escalation_engine.store.due import next_due_of
from escalation_engine.store.protocol import (
    CaseFilter,
    KeptEdition,
    KeptReceipt,
    KeptRefusal,
    Publication,
    Queued,
    Stalled,
)

__all__ = [
    "case_read",
    "case_row",
    "criteria",
    "edition_from",
    "edition_row",
    "effect_row",
    "entry_read",
    "entry_row",
    "publication_from",
    "publication_row",
    "queued_from",
    "receipt_from",
    "receipt_row",
    "refusal_read",
    "refusal_row",
    "searchable",
    "settled_row",
    "stalled_from",
    "stalled_row",
]

Row = Sequence[Any]
Values = dict[str, object]
T = TypeVar("T")


def case_row(case: Case) -> Values:
    """The columns of a case."""
    return {
        "id": case.identity.id,
        "revision": case.revision,
        "process": case.identity.process,
        "state": case.state,
        "is_closed": int(case.is_closed),
        "outcome": case.outcome,
        "reference": case.identity.reference,
        "assignee": _assignee(case),
        "next_due": _optional(next_due_of(case)),
        "closed_at": instant_text(case.at) if case.is_closed else None,
        "document": _text(case_document, case),
    }


def case_read(text: str) -> Case:
    """The case of a document."""
    return case_from(json.loads(text))


def entry_row(entry: Entry, chained: Link, document: dict[str, Any]) -> Values:
    """The columns of a journal entry, whose `document` was made already."""
    return {
        "case_id": entry.case_id,
        "revision": entry.revision,
        "at": instant_text(entry.at),
        "document": _text(dict, document),
        "hash": chained.hash,
        "proof": canonical(chained.proof),
    }


def entry_read(text: str) -> Entry:
    """The entry of a document."""
    return entry_from(json.loads(text))


def effect_row(effect: Effect, *, case_id: str, at: datetime) -> Values:
    """The columns of an effect that is queued at an instant."""
    return {
        "effect_id": effect.id,
        "case_id": case_id,
        "status": "waiting",
        "next_at": "",
        "queued_at": instant_text(at),
        "attempts": 0,
        "problem": "",
        "document": _text(effect_document, effect),
    }


def settled_row(queued: Queued, *, since: Queued) -> Values:
    """What became of an effect, as columns, and how it stood before."""
    return {
        "effect": queued.effect.id,
        "status": queued.status,
        "attempts": queued.attempts,
        "next_at": _optional(queued.next_at) or "",
        "problem": queued.problem,
        "status_before": since.status,
        "attempts_before": since.attempts,
    }


def queued_from(row: Row) -> Queued:
    """The effect of a row of the outbox."""
    text, case_id, queued_at, status, attempts, next_at, problem = row
    return Queued(
        effect_from(json.loads(text)),
        case_id,
        instant_from(queued_at),
        status,
        attempts,
        instant_from(next_at) if next_at else None,
        problem,
    )


def receipt_row(receipt: KeptReceipt) -> Values:
    """The columns of a receipt."""
    return {
        "scope": receipt.scope,
        "key": receipt.key,
        "case_id": receipt.case_id,
        "revision": receipt.revision,
        "payload": canonical(receipt.payload),
    }


def receipt_from(row: Row) -> KeptReceipt:
    """The receipt of a row."""
    scope, key, case_id, revision, payload = row
    return KeptReceipt(scope, key, case_id, revision, FrozenMap(json.loads(payload)))


def refusal_row(refusal: KeptRefusal) -> Values:
    """The columns of a refusal."""
    at = instant_text(refusal.at)
    document = {
        "case_id": refusal.case_id,
        "at": at,
        "what": refusal.what,
        "by": refusal.by,
        "where": refusal.where,
        "reasons": reasons_document(refusal.reasons),
    }
    return {"case_id": refusal.case_id, "at": at, "document": canonical(document)}


def refusal_read(text: str) -> KeptRefusal:
    """The refusal of a document."""
    document = json.loads(text)
    return KeptRefusal(
        case_id=document["case_id"],
        at=instant_from(document["at"]),
        what=document["what"],
        by=document["by"],
        where=document["where"],
        reasons=reasons_from(document["reasons"]),
    )


def stalled_row(stalled: Stalled) -> Values:
    """The columns of what could not be done."""
    return {
        "case_id": stalled.case_id,
        "revision": stalled.revision,
        "attempts": stalled.attempts,
        "next_at": _optional(stalled.next_at),
        "problem": stalled.problem,
    }


def stalled_from(row: Row) -> Stalled:
    """What could not be done, of a row."""
    case_id, revision, attempts, next_at, problem = row
    return Stalled(case_id, revision, attempts, instant_from(next_at) if next_at else None, problem)


def publication_row(publication: Publication) -> Values:
    """The columns of a definition."""
    return {
        "hash": publication.hash,
        "process": publication.process,
        "version": publication.version,
        "source": publication.source,
        "published_at": instant_text(publication.published_at),
    }


def publication_from(row: Row) -> Publication:
    """The definition of a row."""
    hash, process, version, source, published_at = row
    return Publication(hash, process, version, source, instant_from(published_at))


def edition_row(edition: KeptEdition) -> Values:
    """The columns of an edition."""
    return {
        "definition": edition.definition,
        "name": edition.name,
        "source": edition.source,
        "kept_at": instant_text(edition.kept_at),
    }


def edition_from(row: Row) -> KeptEdition:
    """The edition of a row."""
    definition, name, source, kept_at = row
    return KeptEdition(definition, name, source, instant_from(kept_at))


def criteria(wanted: CaseFilter) -> tuple[frozenset[str], Values]:
    """The names of the criteria that are given, and their values."""
    given: Values = {
        "process": wanted.process,
        "state": wanted.state,
        "is_closed": None if wanted.is_closed is None else int(wanted.is_closed),
        "outcome": wanted.outcome,
        "reference": wanted.reference,
        "held_by": None if wanted.held_by is None else searchable(wanted.held_by),
        "closed_after": _optional(wanted.closed_after),
        "after": wanted.after,
    }
    values = {name: value for name, value in given.items() if value is not None}
    names = frozenset(values)
    if wanted.state is not None:
        values |= {"scope": f"{wanted.state}.", "width": len(wanted.state) + 1}
    return names, values


def searchable(name: str) -> str:
    """A name as the assignee column holds it: `,"ann",` fits nothing but ann.

    JSON puts a backslash before every quote inside a name, so a comma and a quote begin one.
    """
    return f",{canonical(name)},"


def _assignee(case: Case) -> str | None:
    names = [
        searchable(name)
        for holder in case.slots.get("assignee", ())
        for name in (holder.person, holder.role)
        if name is not None
    ]
    return "".join(names) or None


def _optional(instant: datetime | None) -> str | None:
    return None if instant is None else instant_text(instant)


def _text(document_of: Callable[[T], dict[str, Any]], value: T) -> str:
    try:
        return canonical(document_of(value))
    except (TypeError, ValueError) as error:
        raise BadInput("data", str(error), accepted="JSON values") from error
