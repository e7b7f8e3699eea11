"""What every store must do about time, as tests: the part of the store contract on due cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from escalation_engine.core.case import Case
from escalation_engine.core.value import EMPTY, FrozenMap
from escalation_engine.core.watch import DUE, Owed, Threshold, Watch
from escalation_engine.store.protocol import Stalled, Store
from escalation_engine.testing.digest_contract import DigestContract
from escalation_engine.testing.sample_decision import HOUR, NOW, due_at, opened, sent

__all__ = ["DueContract"]

MOMENT = timedelta(microseconds=1)


class DueContract(DigestContract):
    """A store that passes knows when something is due, and in which cases."""

    def test_an_effect_is_settled_only_as_long_as_it_stands_as_it_was_read(
        self, store: Store
    ) -> None:
        store.commit(opened())
        read, _ = store.waiting(NOW, 10)
        delivered = replace(read, status="delivered", attempts=1)

        assert store.settle(delivered, since=read)
        assert not store.settle(replace(read, status="parked", attempts=1), since=read)

        assert store.outbox("c-1")[0] == delivered
        assert store.parked() == []

    def test_a_case_is_due_from_its_first_threshold_on(self, store: Store) -> None:
        keep(store, "c-1", timers=due_at(NOW + HOUR))

        assert store.due_cases(NOW + HOUR - MOMENT, 10) == []
        assert store.due_cases(NOW + HOUR, 10) == ["c-1"]
        assert store.due_cases(NOW + HOUR, 10) == ["c-1"]

    def test_due_cases_come_earliest_first_and_not_more_than_wanted(self, store: Store) -> None:
        for name, hours in (("a", 3), ("b", 1), ("c", 2), ("d", 9)):
            keep(store, name, timers=due_at(NOW + hours * HOUR))

        assert store.due_cases(NOW + 4 * HOUR, 10) == ["b", "c", "a"]
        assert store.due_cases(NOW + 4 * HOUR, 2) == ["b", "c"]

    def test_the_earliest_of_timers_clocks_and_duties_counts(self, store: Store) -> None:
        keep(
            store,
            "c-1",
            timers=due_at(NOW + 4 * HOUR),
            clocks=FrozenMap(contact=Watch("2", NOW, "3 hours", (at(3, DUE),))),
            duties=FrozenMap(update=Owed("3", "open", NOW + 2 * HOUR, NOW)),
        )
        settle_all(store)

        assert store.next_due() == NOW + 2 * HOUR

    def test_a_watch_that_a_pause_keeps_open_is_not_due(self, store: Store) -> None:
        keep(store, "c-1", clocks=FrozenMap(contact=Watch("1", NOW, "1 hour")))

        assert store.due_cases(NOW + 9 * HOUR, 10) == []

    def test_a_closed_case_is_never_due(self, store: Store) -> None:
        case = keep(store, "c-1", timers=due_at(NOW + HOUR))
        store.commit(sent(case, outcome="solved"))
        settle_all(store)

        assert store.due_cases(NOW + 9 * HOUR, 10) == []
        assert store.next_due() is None

    def test_every_commit_says_anew_when_a_case_is_due(self, store: Store) -> None:
        case = keep(store, "c-1", timers=due_at(NOW + HOUR))
        later = sent(case, timers=due_at(NOW + 5 * HOUR)).case
        store.commit(sent(case, timers=due_at(NOW + 5 * HOUR)))
        assert store.due_cases(NOW + 4 * HOUR, 10) == []

        store.commit(sent(later, timers=due_at(NOW + HOUR)))
        assert store.due_cases(NOW + 4 * HOUR, 10) == ["c-1"]

        store.commit(sent(sent(later).case, timers=EMPTY))
        assert store.due_cases(NOW + 9 * HOUR, 10) == []

    def test_the_next_due_instant_covers_cases_and_outbox(self, store: Store) -> None:
        keep(store, "c-1", timers=due_at(NOW + 2 * HOUR))
        assert store.next_due() == NOW

        settle_all(store)
        assert store.next_due() == NOW + 2 * HOUR

        keep(store, "c-2", timers=due_at(NOW + HOUR))
        settle_all(store)
        assert store.next_due() == NOW + HOUR

    def test_a_postponed_case_is_due_later_and_says_why(self, store: Store) -> None:
        case = keep(store, "c-1", timers=due_at(NOW + HOUR))
        settle_all(store)
        stalled = Stalled("c-1", case.revision, 1, NOW + 3 * HOUR, "the host was away")
        store.postpone(stalled)

        assert store.due_cases(NOW + 2 * HOUR, 10) == []
        assert store.due_cases(NOW + 3 * HOUR, 10) == ["c-1"]
        assert store.next_due() == NOW + 3 * HOUR
        assert store.stalled() == store.stalled("c-1") == [stalled]
        assert store.stalled("c-2") == []

    def test_a_case_that_was_given_up_is_not_due_and_stays_visible(self, store: Store) -> None:
        case = keep(store, "c-1", timers=due_at(NOW + HOUR))
        settle_all(store)
        first = Stalled("c-1", case.revision, 7, NOW + 2 * HOUR, "no")
        given_up = replace(first, attempts=8, next_at=None)
        store.postpone(first)
        store.postpone(given_up)

        assert store.next_due() is None
        assert store.stalled() == [given_up]
        assert store.load("c-1") == case

    def test_a_commit_ends_a_postponement(self, store: Store) -> None:
        case = keep(store, "c-1", timers=due_at(NOW + HOUR))
        store.postpone(Stalled("c-1", case.revision, 8, None, "no"))
        store.commit(sent(case))

        assert store.due_cases(NOW + HOUR, 10) == ["c-1"]
        assert store.stalled() == store.stalled("c-1") == []

    def test_a_case_that_has_moved_on_is_not_postponed(self, store: Store) -> None:
        case = keep(store, "c-1", timers=due_at(NOW + HOUR))
        store.commit(sent(case))
        store.postpone(Stalled("c-1", case.revision, 1, None, "no"))
        store.postpone(Stalled("never opened", 1, 1, None, "no"))

        assert store.due_cases(NOW + HOUR, 10) == ["c-1"]
        assert store.stalled() == []

    def test_postponed_cases_are_listed_by_id(self, store: Store) -> None:
        for name in ("b", "c", "a"):
            case = keep(store, name, timers=due_at(NOW + HOUR))
            store.postpone(Stalled(name, case.revision, 1, None, "no"))

        assert [it.case_id for it in store.stalled()] == ["a", "b", "c"]


def keep(store: Store, name: str, **changes: Any) -> Case:
    """Commit a new case with these changes and return it."""
    decision = opened(name)
    case = decision.case._replace(**changes)
    store.commit(decision._replace(case=case))
    return case


def settle_all(store: Store) -> None:
    """Let every effect be delivered, so that only cases are left to be due."""
    for queued in store.waiting(datetime.max.replace(tzinfo=NOW.tzinfo), 1000):
        store.settle(replace(queued, status="delivered"))


def at(hours: int, label: str = DUE) -> Threshold:
    """Return a threshold so many hours from now."""
    return Threshold(NOW + hours * HOUR, label)
