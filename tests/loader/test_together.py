"""All faults of a file come together, whatever kind they are of."""

from __future__ import annotations

from escalation_engine.loader import check_text

FAULTY = """\
process: bad
version: 1
title: Bad
colour: red
roles:
  desk: {title: Desk}
  boss: {}
start: first
states:
  first:
    assignee: dsk
    on:
      go: {to: secnd, requirs: {note: true}}
      up: {to: next_level}
      stay: {if: nobody, when: "x =="}
      ask: {to: second, by: [boss]}
  second: {kind: end, outcme: done}
"""


def told(text: str) -> list[tuple[str, int]]:
    _, findings = check_text(text)
    return [(finding.code, finding.mark.line) for finding in findings]


def test_faults_of_form_of_names_and_of_conditions_come_in_one_run():
    assert told(FAULTY) == [
        ("E110", 4),
        ("E112", 7),
        ("E113", 11),
        ("E113", 13),
        ("E110", 13),
        ("E115", 14),
        ("E113", 15),
        ("E118", 15),
        ("E110", 17),
    ]


def test_what_a_fault_took_away_is_not_told_as_missing():
    assert ("E113", 16) not in told(FAULTY)


def test_without_a_whole_section_only_the_first_faults_are_told():
    faulty = "process: p\nversion: 1\ntitle: T\nstart: a\nstates: []\n"

    assert told(faulty) == [("E111", 5)]
