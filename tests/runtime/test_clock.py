"""Clocks: aware, in UTC, and never backwards by accident."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from escalation_engine.runtime.clock import SystemClock
from escalation_engine.testing.clock import ManualClock

MONDAY_9H = datetime(2026, 6, 8, 9, tzinfo=UTC)


def test_the_clock_of_the_machine_tells_an_aware_instant_in_utc():
    assert SystemClock().now().tzinfo is UTC


def test_a_manual_clock_stands_still():
    clock = ManualClock(MONDAY_9H)

    assert clock.now() == clock.now() == MONDAY_9H


def test_a_manual_clock_moves_to_an_instant_and_by_a_duration():
    clock = ManualClock(MONDAY_9H)

    clock.move_to(MONDAY_9H + timedelta(hours=1))
    clock.move_by(timedelta(minutes=30))

    assert clock.now() == MONDAY_9H + timedelta(minutes=90)


def test_a_manual_clock_tells_utc_whatever_it_was_set_by():
    clock = ManualClock(datetime(2026, 6, 8, 9, tzinfo=ZoneInfo("Europe/London")))

    assert clock.now() == datetime(2026, 6, 8, 8, tzinfo=UTC)
    assert clock.now().tzinfo is UTC


def test_a_duration_is_real_time_across_daylight_saving():
    clock = ManualClock(datetime(2026, 3, 28, 12, tzinfo=ZoneInfo("Europe/London")))

    clock.move_by(timedelta(hours=24))

    assert clock.now().astimezone(ZoneInfo("Europe/London")).hour == 13


def test_a_manual_clock_does_not_go_back_by_accident():
    clock = ManualClock(MONDAY_9H)

    with pytest.raises(ValueError, match="would go back"):
        clock.move_by(timedelta(seconds=-1))

    assert clock.now() == MONDAY_9H


def test_a_manual_clock_goes_back_when_asked_to():
    clock = ManualClock(MONDAY_9H)

    clock.move_by(timedelta(hours=-1), may_go_back=True)

    assert clock.now() == MONDAY_9H - timedelta(hours=1)


def test_a_manual_clock_takes_no_naive_datetime():
    with pytest.raises(ValueError, match="no time zone"):
        ManualClock(datetime(2026, 6, 8, 9))  # noqa: DTZ001  the point of the test
