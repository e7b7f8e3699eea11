"""Whether a journal is as it was written: every link of its chain, and every column beside it.

It finds what was changed, left out or put in by hand. It cannot find that all of it was written
anew: for that, keep the heads of the chains somewhere else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from escalation_engine.core.chain import canonical, case_digest, forgotten_digest, hash_of
from escalation_engine.store.kept import Columns, KeptCase
from escalation_engine.store.rows import case_read, case_row

__all__ = ["Audited", "Break", "audited"]


@dataclass(frozen=True, slots=True)
class Break:
    """The first thing that does not fit: at which revision, and what. 0 is the case itself."""

    revision: int
    what: str


@dataclass(frozen=True, slots=True)
class Audited:
    """What an audit of one case has found; `broken` is None where everything fits.

    `unchained` counts the first entries, which were written before there were chains; `forgotten`
    those of which something was forgotten. `head` is the hash that the whole chain comes to.
    """

    case_id: str
    entries: int
    unchained: int
    forgotten: int
    head: str
    broken: Break | None


class _Broken(Exception):
    """Something does not fit. Never leaves `audited`."""


@dataclass(slots=True)
class _Walked:
    """How far the chain was followed."""

    revision: int = 0
    head: str = ""
    unchained: int = 0
    proof: Mapping[str, Any] | None = None


def audited(kept: KeptCase) -> Audited:
    """Return what fits of a case and its journal, and the first thing that does not."""
    at, broken = _Walked(), None
    told: dict[int, str] = {}
    try:
        if kept.case is None:
            raise _Broken("entries stand in the journal, and no case")
        documents = [_entry(kept.case_id, columns, at) for columns in kept.entries]
        told = _forgotten(kept, documents, at)
        at.revision = 0
        _check_case(kept.case, kept, at)
    except _Broken as found:
        broken = Break(at.revision, str(found))
    return Audited(kept.case_id, len(kept.entries), at.unchained, len(told), at.head, broken)


def _entry(case_id: str, columns: Columns, at: _Walked) -> dict[str, Any]:
    """Follow the chain over one entry; return its document."""
    at.revision += 1
    if columns["revision"] != at.revision:
        raise _Broken(f"the entry is missing: the next has revision {columns['revision']}")
    document, proof = _read(columns, "document"), _read(columns, "proof")
    for name, value in (("case_id", case_id), ("revision", at.revision), ("at", columns["at"])):
        if document.get(name) != value or columns[name] != value:
            raise _Broken(f"`{name}` is not what its document says")
    if not columns["hash"] and not at.head and not proof:
        at.unchained += 1
        return document
    try:
        counted = hash_of(document, proof, at.head)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _Broken(f"`proof` cannot be followed: {type(error).__name__}") from error
    if counted != columns["hash"]:
        raise _Broken("`hash` is not that of its document, its proof and the entry before")
    at.head, at.proof = counted, proof
    return document


def _forgotten(kept: KeptCase, documents: list[dict[str, Any]], at: _Walked) -> dict[int, str]:
    """Check that what is left of forgotten pieces is what the last forgetting left of them."""
    found: dict[int, str] = {}
    for number, (document, columns) in enumerate(zip(documents, kept.entries, strict=True), 1):
        digests = _read(columns, "proof").get("digests")
        if digests:
            found[number] = forgotten_digest(document, digests)
    told: dict[str, str] = {}
    for document in documents:
        if document["input"]["type"] == "forgotten":
            told = document["input"].get("left", {})
    for number in sorted({*found, *map(int, told)}):
        if found.get(number) != told.get(str(number)):
            at.revision = number
            raise _Broken("what is left of it is not what was left when it was forgotten")
    return found


def _check_case(case: Columns, kept: KeptCase, at: _Walked) -> None:
    """Check the columns of the case against its document, and both against the chain."""
    text = str(case["document"])
    _read(case, "document")
    try:
        expected = case_row(case_read(text))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _Broken(f"`document` cannot be read: {type(error).__name__}") from error
    if case["revision"] != len(kept.entries):
        raise _Broken(f"`revision` is {case['revision']}, its journal has {len(kept.entries)}")
    if kept.stalled is not None and kept.stalled["revision"] == case["revision"]:
        expected["next_due"] = kept.stalled["next_at"]
    if at.proof is not None and "root" in at.proof:
        root = bytes.fromhex(at.proof["root"])
        if case_digest(text, root) != at.proof["case"]:
            raise _Broken("`document` is not the one that its last entry led to")
    for name, value in (expected | {"head": at.head}).items():
        if case[name] != value:
            raise _Broken(f"`{name}` is not what its {_SAYS.get(name, 'document')} says")


_SAYS = {"head": "journal"}


def _read(columns: Columns, name: str) -> dict[str, Any]:
    """Return a document that stands in a column exactly as the store would write it."""
    text = str(columns[name])
    try:
        found = json.loads(text)
        is_as_written = isinstance(found, dict) and canonical(found) == text
    except (RecursionError, ValueError) as error:
        raise _Broken(f"`{name}` cannot be read: {type(error).__name__}") from error
    if not is_as_written:
        raise _Broken(f"`{name}` is not as a store writes it")
    return dict(found)
