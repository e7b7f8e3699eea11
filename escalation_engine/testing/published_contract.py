"""What every store must do with what is published, as tests: a part of the store contract."""

from __future__ import annotations

from dataclasses import replace

from escalation_engine.store.protocol import KeptEdition, Publication, Store
from escalation_engine.testing.sample_decision import HOUR, NOW

__all__ = ["PublishedContract"]


class PublishedContract:
    """A store that passes keeps definitions, and the dates of their calendars, as they came."""

    def test_a_definition_is_kept_once_by_its_hash(self, store: Store) -> None:
        first = Publication("hash", "help_desk", 1, '{"a":1}', NOW)
        store.publish(first)
        store.publish(replace(first, published_at=NOW + HOUR))

        assert store.publication("hash") == first
        assert store.publication("other") is None

    def test_definitions_are_found_by_process_and_version(self, store: Store) -> None:
        first = Publication("a", "help_desk", 1, "{}", NOW)
        second = Publication("b", "help_desk", 2, "{}", NOW)
        store.publish(first)
        store.publish(second)

        assert store.publications("help_desk", 1) == [first]
        assert store.publications("help_desk", 2) == [second]
        assert store.publications("help_desk", 3) == []
        assert store.publications("help_desk") == [first, second]
        assert store.publications("outage", 1) == []

    def test_the_dates_of_calendars_are_kept_once_beside_each_definition(
        self, store: Store
    ) -> None:
        for hash in ("a", "b"):
            store.publish(Publication(hash, "help_desk", 1, "{}", NOW))
        first = KeptEdition("a", "holidays 1.0", '{"years": [2026, 2036]}', NOW)
        newer = replace(first, name="holidays 1.1", source="{}")
        other = replace(first, definition="b", source='{"years": []}')
        for edition in (first, newer, other, replace(first, source="{}", kept_at=NOW + HOUR)):
            store.keep_edition(edition)

        assert store.edition("a", "holidays 1.0") == first
        assert store.edition("a", "holidays 1.1") == newer
        assert store.edition("b", "holidays 1.0") == other
        assert store.edition("b", "holidays 1.1") is None
