"""What every store must do about digests, as tests: the part of the store contract on them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from escalation_engine.core.case import Holder
from escalation_engine.core.effect import Digest, DigestRow, scope_of_digest
from escalation_engine.core.value import FrozenMap
from escalation_engine.errors import StoreError
from escalation_engine.store.protocol import CaseFilter, KeptDigest, Store
from escalation_engine.testing.sample_decision import HOUR, NOW, opened, sent

__all__ = ["DigestContract"]

KEPT = KeptDigest("help_desk", "daily", 1, 1, "hash", NOW, NOW)
SCOPE = scope_of_digest("help_desk", "daily")


class DigestContract:
    """A store that passes sends each digest once, and finds the cases that one may list."""

    def test_a_digest_comes_back_as_it_was_kept(self, store: Store) -> None:
        failed = replace(KEPT, name="weekly", next_at=NOW + HOUR, attempts=2, problem="no")
        switched_off = replace(KEPT, process="a_desk", due_at=None, next_at=None)
        for kept in (failed, KEPT, switched_off):
            assert store.keep_digest(kept, at=NOW)

        assert list(store.digests()) == [switched_off, KEPT, failed]

    def test_a_digest_is_kept_for_the_first_time_once(self, store: Store) -> None:
        store.keep_digest(KEPT, at=NOW)

        assert not store.keep_digest(replace(KEPT, version=2), at=NOW)
        assert list(store.digests()) == [KEPT]

    def test_of_two_that_send_a_digest_the_first_wins(self, store: Store) -> None:
        store.keep_digest(KEPT, at=NOW)
        later = replace(KEPT, revision=2, due_at=NOW + HOUR, next_at=NOW + HOUR)

        assert store.keep_digest(later, since=KEPT, at=NOW, effects=[digest("ann")])
        assert not store.keep_digest(later, since=KEPT, at=NOW, effects=[digest("bob")])

        assert list(store.digests()) == [later]
        assert [it.effect for it in store.outbox(SCOPE)] == [digest("ann")]

    def test_a_digest_that_was_never_kept_cannot_be_changed(self, store: Store) -> None:
        assert not store.keep_digest(KEPT, since=KEPT, at=NOW, effects=[digest("ann")])
        assert not store.digests()
        assert not store.outbox(SCOPE)

    def test_effects_of_a_digest_wait_like_others(self, store: Store) -> None:
        store.keep_digest(KEPT, at=NOW)
        after = replace(KEPT, revision=2, due_at=None, next_at=None)
        store.keep_digest(after, since=KEPT, at=NOW + HOUR, effects=[digest("ann"), digest("bob")])
        first, second = store.waiting(NOW + HOUR, 10)

        assert (first.effect, second.effect) == (digest("ann"), digest("bob"))
        assert (first.case_id, first.queued_at) == (SCOPE, NOW + HOUR)
        assert store.settle(replace(first, status="parked", attempts=1), since=first)
        assert [it.effect for it in store.parked()] == [digest("ann")]

    def test_an_effect_that_was_queued_before_changes_nothing(self, store: Store) -> None:
        store.keep_digest(KEPT, at=NOW)
        second = replace(KEPT, revision=2)
        store.keep_digest(second, since=KEPT, at=NOW, effects=[digest("ann")])
        with pytest.raises(StoreError):
            store.keep_digest(
                replace(KEPT, revision=3), since=second, at=NOW, effects=[digest("ann")]
            )

        assert list(store.digests()) == [second]
        assert len(store.outbox(SCOPE)) == 1

    def test_a_digest_is_due_when_it_is_tried_next(self, store: Store) -> None:
        store.keep_digest(replace(KEPT, next_at=NOW + HOUR), at=NOW)
        store.keep_digest(replace(KEPT, name="off", due_at=None, next_at=None), at=NOW)

        assert store.next_due() == NOW + HOUR

    def test_closed_cases_are_found_by_how_far_they_have_lived(self, store: Store) -> None:
        for name, count in (("a", 1), ("b", 2), ("c", 0)):
            store.commit(opened(name))
            case = opened(name).case
            for number in range(count):
                outcome = "solved" if number == count - 1 else None
                store.commit(decision := sent(case, outcome=outcome))
                case = decision.case
        wanted = CaseFilter(process="help_desk", is_closed=True, closed_after=NOW + HOUR)
        moment = timedelta(microseconds=1)

        assert [case.id for case in store.find(wanted)] == ["b"]
        sooner = replace(wanted, closed_after=NOW + HOUR - moment)
        assert [case.id for case in store.find(sooner)] == ["a", "b"]
        assert [case.id for case in store.find(replace(sooner, after="a"))] == ["b"]


def digest(person: str) -> Digest:
    """Return the digest of a person, with a row."""
    row = DigestRow("c-1", "T-1", FrozenMap(main="a"), FrozenMap(x=1), (("answer", NOW),))
    name = f"digest/help_desk/daily/1/person/{person}"
    return Digest(
        name, "help_desk", "daily", "Daily", "mail", NOW, Holder(None, person), (row,), ("state",)
    )
