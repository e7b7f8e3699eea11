"""What every store must do about claims and batches, as tests: a part of the store contract."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from escalation_engine.core.case import Case
from escalation_engine.store.protocol import Queued, Store
from escalation_engine.testing.sample_decision import HOUR, NOW, due_at, opened, sent

__all__ = ["ClaimContract"]

LEASE = timedelta(hours=1)


class ClaimContract:
    """A store that passes lets each piece of work be done by one worker at a time."""

    def test_what_one_worker_has_claimed_no_other_is_given(self, store: Store) -> None:
        open_due(store, "a", "b", "c")

        assert ids(claim_cases(store, "ann", limit=2)) == ["a", "b"]
        assert ids(claim_cases(store, "bob", limit=2)) == ["c"]
        assert ids(claim_cases(store, "cid")) == []

    def test_cases_are_claimed_as_they_stand_and_earliest_first(self, store: Store) -> None:
        case = open_due(store, "a")["a"]
        open_due(store, "b", hours=-1)
        store.commit(moved := sent(case))

        assert claim_cases(store, "ann")[1] == moved.case
        assert ids(claim_cases(store, "bob")) == []

    def test_what_is_not_due_is_not_claimed(self, store: Store) -> None:
        open_due(store, "a", hours=1)

        assert claim_cases(store, "ann") == []

    def test_what_is_given_back_others_may_have_at_once(self, store: Store) -> None:
        open_due(store, "a")
        claim_cases(store, "ann")
        claim_effects(store, "ann")
        store.give_back("ann")

        assert ids(claim_cases(store, "bob")) == ["a"]
        assert len(claim_effects(store, "bob")) == 2

    def test_giving_back_ends_the_claims_of_one_worker_only(self, store: Store) -> None:
        open_due(store, "a", "b")
        claim_cases(store, "ann", limit=1)
        claim_cases(store, "bob", limit=1)
        store.give_back("ann")

        assert ids(claim_cases(store, "cid")) == ["a"]

    def test_the_effects_of_a_case_are_claimed_together(self, store: Store) -> None:
        open_due(store, "a", "b")
        first = claim_effects(store, "ann", limit=1)

        assert [(it.case_id, it.effect.id) for it in first] == [("a", "a/1/1")]
        assert {it.case_id for it in claim_effects(store, "bob")} == {"b"}

    def test_effects_come_in_order_of_queueing_and_when_they_are_due(self, store: Store) -> None:
        open_due(store, "b", "a")
        second = store.outbox("b")[1]
        store.settle(replace(second, attempts=1, next_at=NOW + HOUR))

        found = [it.effect.id for it in claim_effects(store, "ann")]

        assert found == ["b/1/1", "a/1/1", "a/1/2"]

    def test_firing_and_delivery_are_claimed_apart(self, store: Store) -> None:
        open_due(store, "a")
        claim_cases(store, "ann")

        assert len(claim_effects(store, "bob")) == 2

    def test_of_many_threads_each_claims_what_no_other_has(self, store: Store) -> None:
        names = [f"c-{number:02}" for number in range(20)]
        open_due(store, *names)
        with ThreadPoolExecutor(5) as pool:
            found = list(pool.map(lambda it: claim_cases(store, f"w-{it}", limit=4), range(5)))
        found += [claim_cases(store, f"x-{it}") for it in range(2)]

        assert sorted(name for claimed in found for name in ids(claimed)) == names

    def test_many_decisions_are_written_at_once_each_if_its_case_stands(self, store: Store) -> None:
        cases = open_due(store, "a", "b", "c")
        store.commit(winner := sent(cases["b"]))
        decisions = [sent(case, outcome="late") for case in cases.values()]

        assert store.commit_all(decisions) == [True, False, True]

        assert store.load("a") == decisions[0].case
        assert store.load("b") == winner.case
        assert store.journal("c")[1:] == [decisions[2].entry]
        assert [it.effect.id for it in store.outbox("a")] == ["a/1/1", "a/1/2", "a/2/1"]
        assert len(store.outbox("b")) == 3
        assert store.commit_all([]) == []

    def test_effects_of_many_decisions_are_queued_in_their_order(self, store: Store) -> None:
        cases = open_due(store, "b", "c", "a")
        store.commit_all([sent(case) for case in cases.values()])

        last = [it.effect.id for it in store.waiting(NOW + HOUR, 100)][-3:]

        assert last == ["b/2/1", "c/2/1", "a/2/1"]


def open_due(store: Store, *names: str, hours: int = 0) -> dict[str, Case]:
    """Open cases that are due so many hours from now."""
    found = {}
    for name in names:
        decision = opened(name)
        case = decision.case._replace(timers=due_at(NOW + hours * HOUR))
        store.commit(decision._replace(case=case))
        found[name] = case
    return found


def claim_cases(store: Store, worker: str, *, limit: int = 100) -> Sequence[Case]:
    """Claim what is due now."""
    return store.claim_cases(NOW, limit, worker=worker, lease=LEASE)


def claim_effects(store: Store, worker: str, *, limit: int = 100) -> Sequence[Queued]:
    """Claim what is to be delivered now."""
    return store.claim_effects(NOW, limit, worker=worker, lease=LEASE)


def ids(cases: Sequence[Case]) -> list[str]:
    """Return their names."""
    return [case.id for case in cases]
