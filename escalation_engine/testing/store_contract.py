"""What every store must do, as tests: subclass StoreContract and give it a `store` fixture.

class TestMyStore(StoreContract):
    @pytest.fixture
    def store(self): ...
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from escalation_engine.core.case import Receipt
from escalation_engine.core.decision import Decision
from escalation_engine.core.effect import Act
from escalation_engine.core.value import EMPTY, FrozenMap
from escalation_engine.errors import BadInput, Conflict, Reason
from escalation_engine.store.protocol import (
    CaseFilter,
    KeptRefusal,
    Queued,
    Store,
)
from escalation_engine.testing.claim_contract import ClaimContract
from escalation_engine.testing.due_contract import DueContract
from escalation_engine.testing.published_contract import PublishedContract
from escalation_engine.testing.sample_decision import HOUR, NOW, held_by, opened, receipt_of, sent

__all__ = ["StoreContract"]


class StoreContract(ClaimContract, DueContract, PublishedContract):
    """A store that passes keeps the promises of `store.protocol.Store`."""

    @pytest.fixture
    def store(self) -> Store:
        """Give an empty store; to be overridden."""
        raise NotImplementedError

    def test_a_case_comes_back_as_it_was_committed(self, store: Store) -> None:
        decision = opened()
        store.commit(decision)

        assert store.load("c-1") == decision.case
        assert repr(store.load("c-1")) == repr(decision.case)

    def test_a_case_that_was_never_opened_is_none(self, store: Store) -> None:
        assert store.load("c-1") is None
        assert store.load_for("c-1", "key") == (None, None)
        assert not store.journal("c-1")
        assert not store.outbox("c-1")
        assert not store.refusals("c-1")

    def test_the_receipt_of_a_call_is_not_kept_in_the_case(self, store: Store) -> None:
        decision = opened()
        with_receipt = decision.case._replace(receipt=Receipt(1, repeated=False))
        store.commit(decision._replace(case=with_receipt))

        assert store.load("c-1") == decision.case

    def test_the_journal_keeps_every_entry_oldest_first(self, store: Store) -> None:
        first = opened()
        second = sent(first.case)
        store.commit(first)
        store.commit(second)

        assert store.journal("c-1") == [first.entry, second.entry]

    def test_a_commit_on_an_old_revision_is_a_conflict_and_writes_nothing(
        self, store: Store
    ) -> None:
        first = opened()
        winner, loser = sent(first.case), sent(first.case, outcome="lost")
        store.commit(first)
        store.commit(winner)
        with pytest.raises(Conflict) as conflict:
            store.commit(loser, receipt=receipt_of(loser))

        assert (conflict.value.expected, conflict.value.found) == (1, 2)
        self.unchanged(store, first, winner)

    def test_a_commit_on_a_case_that_is_not_there_is_a_conflict(self, store: Store) -> None:
        with pytest.raises(Conflict) as conflict:
            store.commit(sent(opened().case))

        assert (conflict.value.expected, conflict.value.found) == (1, 0)
        assert store.journal("c-1") == []

    @pytest.mark.parametrize(
        "second",
        [opened(), opened(reference="T-1"), opened("c-2", reference="T-1")],
        ids=["id", "id and reference", "reference"],
    )
    def test_an_opening_whose_id_or_reference_is_taken_is_a_conflict(
        self, store: Store, second: Decision
    ) -> None:
        first = opened(reference="T-1")
        store.commit(first)
        with pytest.raises(Conflict) as conflict:
            store.commit(second)

        assert (conflict.value.case_id, conflict.value.found) == ("c-1", 1)
        assert store.load("c-2") is None
        self.unchanged(store, first)

    def test_a_key_that_was_used_is_a_conflict_and_writes_nothing(self, store: Store) -> None:
        first, second = opened("c-1"), opened("c-2")
        kept = receipt_of(first, scope="open:help_desk")
        store.commit(first, receipt=kept)
        with pytest.raises(Conflict) as conflict:
            store.commit(second, receipt=receipt_of(second, scope="open:help_desk"))

        assert (conflict.value.case_id, conflict.value.found) == ("c-1", 1)
        assert store.load("c-2") is None
        assert store.receipt("open:help_desk", "mail-1") == kept

    def test_a_key_used_on_a_case_leaves_a_later_commit_unwritten(self, store: Store) -> None:
        first = opened()
        second = sent(first.case)
        store.commit(first, receipt=receipt_of(first))
        with pytest.raises(Conflict):
            store.commit(second, receipt=receipt_of(second))

        self.unchanged(store, first)

    def test_a_case_and_the_receipt_of_a_key_are_read_at_once(self, store: Store) -> None:
        first = opened()
        store.commit(first, receipt=receipt_of(first))
        store.commit(opened("c-2"))

        assert store.load_for("c-1", "mail-1") == (first.case, receipt_of(first))
        assert store.load_for("c-1", "mail-2") == (first.case, None)
        assert store.load_for("c-1", None) == (first.case, None)
        assert store.load_for("c-2", "mail-1") == (opened("c-2").case, None)

    def test_of_many_threads_on_one_revision_one_wins(self, store: Store) -> None:
        first = opened()
        store.commit(first)

        def attempt(number: int) -> bool:
            try:
                store.commit(sent(first.case, outcome=str(number)))
            except Conflict:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            won = list(pool.map(attempt, range(32)))

        assert won.count(True) == 1
        assert [entry.revision for entry in store.journal("c-1")] == [1, 2]
        assert len(store.outbox("c-1")) == 3

    def test_effects_wait_in_order_of_queueing(self, store: Store) -> None:
        first, second = opened("c-2"), opened("c-1")
        store.commit(first)
        store.commit(second)
        every = [
            Queued(effect, decision.case.id, NOW)
            for decision in (first, second)
            for effect in decision.effects
        ]

        assert store.waiting(NOW, 10) == every
        assert store.waiting(NOW, 3) == every[:3]
        assert store.outbox("c-1") == every[2:]

    def test_a_settled_effect_leaves_the_queue_and_stays_in_the_outbox(self, store: Store) -> None:
        store.commit(opened())
        delivered, parked = (
            replace(queued, status=status, attempts=3, problem="no answer")
            for queued, status in zip(store.waiting(NOW, 10), ("delivered", "parked"), strict=True)
        )
        store.settle(delivered)
        store.settle(parked)

        assert store.waiting(NOW + HOUR, 10) == []
        assert store.parked() == [parked]
        assert store.outbox("c-1") == [delivered, parked]
        assert store.next_due() is None

    def test_an_effect_to_be_tried_again_waits_for_its_instant(self, store: Store) -> None:
        store.commit(opened())
        first, second = store.waiting(NOW, 10)
        later = replace(first, attempts=1, next_at=NOW + HOUR)
        store.settle(later)

        assert store.waiting(NOW + HOUR - timedelta(microseconds=1), 10) == [second]
        assert store.waiting(NOW + HOUR, 10) == [later, second]

    def test_the_next_due_instant_is_the_earliest_of_those_waiting(self, store: Store) -> None:
        assert store.next_due() is None

        store.commit(opened())
        assert store.next_due() == NOW

        for queued, hours in zip(store.waiting(NOW, 10), (3, 2), strict=True):
            store.settle(replace(queued, next_at=NOW + hours * HOUR))
        assert store.next_due() == NOW + 2 * HOUR

    def test_a_parked_effect_can_be_set_waiting_again(self, store: Store) -> None:
        store.commit(opened())
        first, second = store.waiting(NOW, 10)
        store.settle(replace(first, status="parked"))
        store.settle(first)

        assert store.waiting(NOW, 10) == [first, second]
        assert store.parked() == []

    def test_settling_what_was_never_queued_is_bad_input(self, store: Store) -> None:
        with pytest.raises(BadInput, match="never queued"):
            store.settle(Queued(Act("c-9/1/1", "log"), "c-9", NOW))

    def test_refusals_are_kept_beside_the_case(self, store: Store) -> None:
        reasons = (Reason("wrong_role", "only tier2 may", "close"), Reason("guard", "no"))
        first = KeptRefusal("c-1", NOW, "close", "ann", "support.tier1", reasons)
        second = replace(first, what="pause", reasons=())
        decision = opened()
        store.commit(decision)
        store.refuse(first)
        store.refuse(second)
        store.refuse(replace(first, case_id="never opened"))

        assert store.refusals("c-1") == [first, second]
        self.unchanged(store, decision)

    @pytest.mark.parametrize(
        ("wanted", "found"),
        [
            (CaseFilter(), ["a", "b", "c", "d"]),
            (CaseFilter(limit=2), ["a", "b"]),
            (CaseFilter(after="b"), ["c", "d"]),
            (CaseFilter(process="outage"), ["d"]),
            (CaseFilter(state="support"), ["a", "c"]),
            (CaseFilter(state="support.tier1"), ["a", "c"]),
            (CaseFilter(state="supp"), []),
            (CaseFilter(state="idle"), []),
            (CaseFilter(is_closed=True), ["b"]),
            (CaseFilter(is_closed=False, process="help_desk"), ["a", "c"]),
            (CaseFilter(outcome="solved"), ["b"]),
            (CaseFilter(reference="T-3"), ["c"]),
            (CaseFilter(reference="t-3"), []),
            (CaseFilter(reference="T-3", process="outage"), []),
            (CaseFilter(held_by="ann"), ["a"]),
            (CaseFilter(held_by="tier2"), ["a"]),
            (CaseFilter(held_by="ANN"), []),
            (CaseFilter(held_by='x,"ann'), ["d"]),
            (CaseFilter(held_by="%"), []),
            (CaseFilter(held_by="", limit=1), []),
        ],
        ids=repr,
    )
    def test_a_search_finds_what_fits_in_order_of_id(
        self, store: Store, wanted: CaseFilter, found: list[str]
    ) -> None:
        self.four_cases(store)

        assert [case.id for case in store.find(wanted)] == found

    def four_cases(self, store: Store) -> None:
        """Commit d, c, b, a, which differ in what a search may ask for."""
        store.commit(opened("d", process="outage"))
        store.commit(opened("c", reference="T-3"))
        store.commit(opened("b"))
        store.commit(opened("a"))
        closed = FrozenMap({"main": "supported", "care": "idle"})
        elsewhere = FrozenMap(main="out", care="idle")
        store.commit(sent(opened("b").case, states=closed, outcome="solved", slots=EMPTY))
        store.commit(sent(opened("c", reference="T-3").case, slots=held_by('"ann"')))
        d = opened("d", process="outage").case
        store.commit(sent(d, states=elsewhere, slots=held_by('x,"ann')))

    def unchanged(self, store: Store, *decisions: Decision) -> None:
        """Assert that the store holds these decisions of one case and nothing after them."""
        last = decisions[-1].case
        queued = [effect for decision in decisions for effect in decision.effects]
        assert store.load(last.id) == last
        assert store.journal(last.id) == [decision.entry for decision in decisions]
        assert [it.effect for it in store.outbox(last.id)] == queued
