"""Timers, clocks, cycles and duties as JSON arrays and back, by position."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from escalation_engine.core.instant import instant_from, instant_text, maybe_from, maybe_text
from escalation_engine.core.value import FrozenMap
from escalation_engine.core.watch import Cycle, Owed, Pausing, Threshold, TimeChange, Watch

__all__ = [
    "changes_document",
    "changes_from",
    "cycles_document",
    "cycles_from",
    "duties_document",
    "duties_from",
    "thresholds_document",
    "thresholds_from",
    "watches_document",
    "watches_from",
]

Document = dict[str, Any]


def watches_document(watches: Mapping[str, Watch]) -> Document:
    """Return each timer or clock as an array."""
    return {key: _watch_document(watch) for key, watch in watches.items()}


def watches_from(part: Document) -> FrozenMap:
    """Return the timers or clocks that the arrays were made from."""
    return FrozenMap({key: _watch_from(watch) for key, watch in part.items()})


def cycles_document(cycles: Mapping[str, tuple[Cycle, ...]]) -> Document:
    """Return the finished cycles of each clock as arrays."""
    return {
        clock: [
            [one.cycle, instant_text(one.since), one.target, instant_text(one.ended_at),
             one.verdict, maybe_text(one.due_at)]
            for one in finished
        ]
        for clock, finished in cycles.items()
    }  # fmt: skip


def cycles_from(part: Document) -> FrozenMap:
    """Return the finished cycles that the arrays were made from."""
    return FrozenMap(
        {
            clock: tuple(
                [
                    Cycle(
                        cycle, instant_from(since), target, instant_from(ended), verdict,
                        maybe_from(due),
                    )
                    for cycle, since, target, ended, verdict, due in finished
                ]
            )
            for clock, finished in part.items()
        }
    )  # fmt: skip


def duties_document(duties: Mapping[str, Owed]) -> Document:
    """Return each duty as an array."""
    return {
        name: [owed.token, owed.status, maybe_text(owed.due_at), instant_text(owed.since),
               maybe_text(owed.last_done), owed.done, owed.missed, maybe_text(owed.origin)]
        for name, owed in duties.items()
    }  # fmt: skip


def duties_from(part: Document) -> FrozenMap:
    """Return the duties that the arrays were made from."""
    return FrozenMap(
        {
            name: Owed(
                token, status, maybe_from(due), instant_from(since), maybe_from(last), done, missed,
                maybe_from(origin),
            )
            for name, (token, status, due, since, last, done, missed, origin) in part.items()
        }
    )  # fmt: skip


def thresholds_document(thresholds: Sequence[Threshold]) -> list[list[str]]:
    """Return each threshold as instant and label."""
    return [[instant_text(one.at), one.label] for one in thresholds]


def thresholds_from(part: Sequence[Sequence[str]]) -> tuple[Threshold, ...]:
    """Return the thresholds that the arrays were made from."""
    return tuple([Threshold(instant_from(at), label) for at, label in part])


def changes_document(changes: Sequence[TimeChange]) -> list[list[Any]]:
    """Return each journaled change as an array."""
    return [
        [one.kind, one.key, one.what, maybe_text(one.at), maybe_text(one.was), one.detail]
        for one in changes
    ]


def changes_from(part: Sequence[Sequence[Any]]) -> tuple[TimeChange, ...]:
    """Return the journaled changes that the arrays were made from."""
    return tuple(
        [
            TimeChange(kind, key, what, maybe_from(at), maybe_from(was), detail)
            for kind, key, what, at, was, detail in part
        ]
    )


def _watch_document(watch: Watch) -> list[Any]:
    return [
        watch.token, instant_text(watch.since), watch.target, thresholds_document(watch.pending),
        [[instant_text(one.start), maybe_text(one.end), one.reason] for one in watch.breaks],
        watch.fired, watch.status, watch.count, watch.cycle, maybe_text(watch.ended_at),
        maybe_text(watch.due_at),
    ]  # fmt: skip


def _watch_from(part: list[Any]) -> Watch:
    token, since, target, pending, breaks, fired, status, count, cycle, ended_at, due_at = part
    return Watch(
        token,
        instant_from(since),
        target,
        thresholds_from(pending),
        tuple([Pausing(instant_from(start), maybe_from(end), why) for start, end, why in breaks]),
        tuple(fired),
        status,
        count,
        cycle,
        maybe_from(ended_at),
        maybe_from(due_at),
    )
