"""A duty that recurs as often as was agreed is planned anew when that is agreed anew."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from escalation_engine import Actor, Engine, load_text
from escalation_engine.testing.clock import ManualClock
from escalation_engine.testing.elapsing import pass_time

UPDATES = """\
process: updates
version: 1
title: Updates as agreed
calendars: {office: {timezone: UTC, hours: {mon-sun: "00:00-24:00"}}}
data:
  often: {type: duration, changes: anytime}
duties:
  update: {every: {agreed_in: often}, counted_from: COUNTED, done_by: event tell}
start: work
states:
  work:
    on:
      tell: {reason: Told}
"""
NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)
ann = Actor("ann")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-01-05T{text}:00+00:00")


class Story:
    """One case with updates, and the clock that it lives by."""

    def __init__(self, counted_from: str = "last_done") -> None:
        self.clock = ManualClock(NINE)
        chart = load_text(UPDATES.replace("COUNTED", counted_from))
        self.engine = Engine("memory://", [chart], clock=self.clock)
        self.case_id = self.engine.open_case("updates", by=ann).id

    def agree(self, often: str) -> None:
        self.engine.record(self.case_id, by=ann, data={"often": often})

    def tell(self) -> None:
        self.engine.send(self.case_id, "tell", by=ann)

    def until(self, text: str) -> None:
        pass_time(self.engine, self.clock, until=at(text))

    @property
    def duty(self):
        return self.engine.case(self.case_id).duties["update"]


@pytest.mark.parametrize(
    ("agreed", "due"),
    [("1 hour", "13:00"), ("2 hours", "14:00"), ("30 minutes", "13:00"), ("6 hours", "18:00")],
)
def test_it_is_due_from_the_last_update_on(agreed: str, due: str):
    story = Story()
    story.agree("4 hours")
    story.until("12:00")
    story.tell()
    story.until("12:45")

    story.agree(agreed)

    assert story.duty.due_at == at(due)


def test_due_times_that_would_have_passed_are_not_made_up_for():
    story = Story()
    story.agree("8 hours")
    story.until("13:30")

    story.agree("1 hour")

    assert (story.duty.due_at, story.duty.missed) == (at("14:00"), 0)


def test_without_an_update_it_counts_from_when_it_began():
    story = Story("schedule")
    story.agree("4 hours")
    story.until("10:30")

    story.agree("1 hour")

    assert story.duty.due_at == at("11:00")


def test_the_change_is_journaled_from_old_to_new_and_replays():
    story = Story()
    story.agree("4 hours")
    story.agree("1 hour")

    changes = [one for entry in story.engine.journal(story.case_id) for one in entry.timing]
    assert [(one.what, one.was, one.at) for one in changes][-1] == (
        "retargeted",
        at("13:00"),
        at("10:00"),
    )
    assert story.engine.replay(story.case_id) == story.engine.case(story.case_id)


def test_the_old_due_time_does_not_come():
    story = Story()
    story.agree("1 hour")
    story.agree("4 hours")

    story.until("12:59")

    assert story.duty.status == "waiting"
