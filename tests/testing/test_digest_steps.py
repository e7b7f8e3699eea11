"""Scenarios that expect a digest: which one lists the case, and for whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_engine.testing.playing import Played, ScenarioFailed, play
from escalation_engine.testing.scenario import read_scenario

DESK = """
process: desk
version: 1
title: A desk
calendars: {office: {timezone: Europe/London, hours: {mon-fri: "09:00-17:00"}}}
roles: {desk: {title: Service desk}}
actions: {send_list: Send the list}
digests:
  morning:
    {title: This morning, every: day at 09:00, cases: in open, per: slot assignee,
     send_by: send_list}
opens: {ring: {to: open}}
states:
  open: {assignee: desk, on: {close: {to: done}}}
  done: {kind: end, outcome: solved}
"""

HEAD = """
scenario: Every morning
process: desk.yaml
starts: 2026-06-04T10:00:00+01:00
people: {ann: desk}
directory: {}
steps:
  - {open: ring, by: ann, then: {digests: []}}
"""


def played(tmp_path: Path, *steps: str) -> Played:
    (tmp_path / "desk.yaml").write_text(DESK)
    script = tmp_path / "script.yaml"
    script.write_text(HEAD + "".join(f"  - {step}\n" for step in steps))
    return play(read_scenario(script))


def test_a_step_tells_the_digests_that_list_the_case(tmp_path: Path):
    played(
        tmp_path,
        "{wait: 24 hours, then: {digests: morning}}",
        "{wait: 48 hours, then: {digests: [morning for ann, morning]}}",
        "{send: close, by: ann, then: {digests: []}}",
        "{wait: 48 hours, then: {digests: []}}",
    )


@pytest.mark.parametrize("told", ["[]", "evening", "morning for bob", "[morning, morning]"])
def test_a_digest_that_is_not_as_told_is_a_mismatch(tmp_path: Path, told: str):
    with pytest.raises(ScenarioFailed, match="morning for ann"):
        played(tmp_path, f"{{wait: 24 hours, then: {{digests: {told}}}}}")
