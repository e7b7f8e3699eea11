"""What counts as the same payload under one key."""

from __future__ import annotations

from dataclasses import replace

import pytest

from escalation_engine.core import Actor, Noted, Recorded, Reported, Sent
from escalation_engine.errors import KeyReused
from escalation_engine.runtime.receipts import Key, key_of

ann = Actor("ann", roles={"desk"})
SENT = Sent("escalate", ann, data={"b": 1, "a": [2]}, note="too hard", channel="phone")


def keyed(input: Sent | Recorded | Noted | Reported) -> Key:
    key = key_of("mail-8812", input)
    assert key is not None
    return key


def test_without_a_key_there_is_nothing_to_compare():
    assert key_of(None, SENT) is None


def test_the_same_payload_is_confirmed():
    kept = keyed(SENT).receipt(scope="c1", case_id="c1", revision=3)

    keyed(replace(SENT, data={"a": (2,), "b": 1})).confirm(kept)


def test_roles_and_evidence_are_no_part_of_the_payload():
    kept = keyed(SENT).receipt(scope="c1", case_id="c1", revision=3)

    keyed(replace(SENT, by=Actor("ann"), evidence="a mail")).confirm(kept)


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("event", replace(SENT, event="close")),
        ("data", replace(SENT, data={})),
        ("actor", replace(SENT, by=Actor("bob"))),
        ("channel", replace(SENT, channel=None)),
        ("note", replace(SENT, note=None)),
    ],
)
def test_another_payload_is_refused_by_what_differs(part: str, other: Sent):
    kept = keyed(SENT).receipt(scope="c1", case_id="c1", revision=3)

    with pytest.raises(KeyReused) as refused:
        keyed(other).confirm(kept)

    assert refused.value.differs == (part,)


def test_a_receipt_holds_digests_and_no_content():
    payload = keyed(SENT).payload

    assert "too hard" not in str(payload)
    assert {len(digest) for digest in payload.values()} == {64}


def test_a_record_is_told_by_its_data_and_its_answers():
    recorded = Recorded(ann, data={"phone": "1"}, checklists={"a": {"b": ("yes", None)}})
    other = replace(recorded, checklists={"a": {"b": ("no", None)}})

    assert keyed(recorded).payload != keyed(other).payload


def test_a_note_is_told_by_its_text_and_its_kind():
    noted = Noted(ann, "call back")

    assert keyed(noted).payload != keyed(replace(noted, kind="condition")).payload
    assert keyed(noted).payload != keyed(replace(noted, text="no")).payload


def test_a_report_is_the_engines():
    assert (
        keyed(Reported("e1", event="helped")).payload
        == keyed(Sent("helped", Actor("engine"))).payload
    )
