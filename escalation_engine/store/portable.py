"""A case with its journal as JSON Lines: whole, portable, and audited without the database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from escalation_engine.core.chain import canonical
from escalation_engine.store.kept import Columns, KeptCase
from escalation_engine.store.rows import case_read, case_row

__all__ = ["exported", "imported"]

FORMAT = 1


def exported(kept: KeptCase) -> Iterator[str]:
    """Yield a line for the case, and one for each entry, oldest first, without line ends."""
    if kept.case is not None:
        document = json.loads(str(kept.case["document"]))
        line = {"format": FORMAT, "type": "case", "document": document, "head": kept.case["head"]}
        yield canonical(line)
    for entry in kept.entries:
        parts = {name: json.loads(str(entry[name])) for name in ("document", "proof")}
        yield canonical({"format": FORMAT, "type": "entry", **parts, "hash": entry["hash"]})


def imported(lines: Iterable[str]) -> Iterator[KeptCase]:
    """Yield the cases of a file, in which each case has its entries behind it.

    Raises ValueError, with the number of the line, for what is no export.
    """
    case: Columns | None = None
    entries: list[Columns] = []
    for number, line in enumerate(lines, 1):
        try:
            part = _part(line.rstrip("\n"))
            if part["type"] == "case":
                if case is not None:
                    yield _kept(case, entries)
                case, entries = _case(part), []
            else:
                entries.append(_entry(part))
        except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
            raise ValueError(f"line {number} is not as it was exported") from error
        if case is None:
            raise ValueError(f"line {number} is an entry, and no case stands before it")
    if case is not None:
        yield _kept(case, entries)


def _part(line: str) -> dict[str, Any]:
    part = json.loads(line)
    if canonical(part) != line or part["format"] != FORMAT or part["type"] not in _PARTS:
        raise ValueError(line[:40])
    return dict(part)


_PARTS = ("case", "entry")


def _case(part: dict[str, Any]) -> Columns:
    text = canonical(part["document"])
    return {**case_row(case_read(text)), "document": text, "head": part["head"]}


def _entry(part: dict[str, Any]) -> Columns:
    document = part["document"]
    return {
        "case_id": document["case_id"],
        "revision": document["revision"],
        "at": document["at"],
        "document": canonical(document),
        "proof": canonical(part["proof"]),
        "hash": part["hash"],
    }


def _kept(case: Columns, entries: list[Columns]) -> KeptCase:
    return KeptCase(str(case["id"]), case, tuple(entries))
