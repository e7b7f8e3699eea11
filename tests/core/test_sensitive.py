"""Sensitive values: a refusal says that one does not fit, and not what it is."""

from __future__ import annotations

import pytest

from tests.core.driving import drive

SECRET = "4929 1234"

DESK = """
roles: {desk: {title: Desk}}
data:
  card: {type: string, maxLength: 3, changes: anytime, sensitive: true}
  born: {type: date, changes: anytime, sensitive: true}
  brief: {type: string, maxLength: 3, changes: anytime}
  whole: {type: string, changes: anytime, sensitive: true}
  size: {type: number, multipleOf: 0.1, changes: anytime}
events:
  tell: {may_bring: [card, born, whole, size]}
start: a
states:
  a:
    on:
      tell: {}
      keep: {to: b, set: {card: note}, requires: {note: true}}
      copy: {to: b, set: {brief: {field: whole}}}
  b: {}
"""


@pytest.mark.parametrize("field", ["card", "born"])
def test_a_refusal_does_not_tell_a_sensitive_value(field: str):
    desk = drive(DESK)

    refused = desk.refused(desk.open(), "tell", data={field: SECRET})

    assert [reason.message for reason in refused.reasons] == [f"`{field}`: the value does not fit"]


def test_a_refusal_does_not_tell_a_note_that_was_to_be_a_sensitive_value():
    desk = drive(DESK)

    refused = desk.refused(desk.open(), "keep", note=SECRET)

    assert [reason.message for reason in refused.reasons] == ["`card`: the value does not fit"]


def test_a_refusal_does_not_tell_a_sensitive_value_that_is_copied():
    desk = drive(DESK)
    case = desk.sent(desk.open(), "tell", data={"whole": SECRET}).case

    refused = desk.refused(case, "copy")

    assert [reason.message for reason in refused.reasons] == ["`brief`: the value does not fit"]


def test_a_number_beyond_every_float_does_not_fit_a_step():
    desk = drive(DESK)

    (reason,) = desk.refused(desk.open(), "tell", data={"size": 10**400}).reasons

    assert (reason.kind, reason.subject) == ("invalid_data", "size")
    assert "does not fit" in reason.message
