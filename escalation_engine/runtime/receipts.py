"""Idempotency keys: what a key stands for, and whether an input that brings it again is the same.

The payload is kept as digests, so that a receipt never holds what a case has to forget.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256

from escalation_engine.chart.model import ENGINE
from escalation_engine.core import (
    Corrected,
    Due,
    Forgotten,
    Fulfilled,
    Input,
    Migrated,
    Noted,
    Opened,
    Recalculated,
    Recorded,
    Reported,
    Sent,
    TaskChanged,
)
from escalation_engine.errors import KeyReused
from escalation_engine.store.protocol import KeptReceipt

__all__ = ["Key", "key_of", "scope_of_effects", "scope_of_opening"]


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key with the payload that it is used for."""

    key: str
    payload: dict[str, str]

    def confirm(self, kept: KeptReceipt) -> None:
        """Raise KeyReused unless `kept` was given for this same payload, or it was forgotten."""
        if not kept.payload:
            return
        differs = [
            part for part, digest in self.payload.items() if kept.payload.get(part) != digest
        ]
        if differs:
            raise KeyReused(self.key, differs=differs)

    def receipt(self, *, scope: str, case_id: str, revision: int) -> KeptReceipt:
        """Return the receipt to be kept with an entry."""
        return KeptReceipt(scope, self.key, case_id, revision, self.payload)


def scope_of_opening(process: str) -> str:
    """Return the scope of keys for opening cases: one per process, as the case has no id yet."""
    return f"open:{process}"


def scope_of_effects(case_id: str) -> str:
    """Return the scope in which a case's effects are keyed by their ids: no caller's key is."""
    return f"effect:{case_id}"


def key_of(key: str | None, input: Input) -> Key | None:
    """Return the key with digests of event, data, actor, channel and note; None without a key."""
    if key is None:
        return None
    parts = ("event", "data", "actor", "channel", "note")
    return Key(
        key, {part: _digest(value) for part, value in zip(parts, _payload(input), strict=True)}
    )


def _payload(input: Input) -> tuple[object, object, object, object, object]:
    match input:
        case Opened() | Sent():
            return input.event, input.data, input.by.id, input.channel, input.note
        case Recorded():
            data = {"data": input.data, "checklists": input.checklists}
            return "record", data, input.by.id, input.channel, input.note
        case Noted():
            return f"{input.kind}, {input.visibility}", {}, input.by.id, input.channel, input.text
        case Reported():
            return input.event or input.outcome, {}, ENGINE, input.channel, None
        case Corrected():
            return "correct", {input.track: input.to}, input.by.id, None, input.reason
        case Fulfilled():
            done = {"duty": input.duty, "data": input.data}
            return "fulfil", done, input.by.id, input.channel, input.note
        case TaskChanged():
            task = {"tasks": input.tasks, "number": input.number, "text": input.text}
            task["owner"] = input.owner
            return f"task {input.what}", task, input.by.id, input.channel, input.note
        case Recalculated():
            return "recalculate", {}, input.by.id, None, input.reason
        case Forgotten():
            return "forget", {}, input.by.id, None, input.reason
        case Migrated():
            return "migrate", {"to": input.definition}, input.by.id, None, input.reason
        case Due():
            return "due", {input.key: input.token, "label": input.label}, ENGINE, None, None


def _digest(value: object) -> str:
    return sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
