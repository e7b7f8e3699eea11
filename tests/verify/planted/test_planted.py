"""Every fault of soundness, planted: its code, its place, and the shortest way to it."""

from __future__ import annotations

import pytest

from escalation_engine.errors import Finding
from escalation_engine.loader import read_text
from escalation_engine.verify import CODES, proven
from tests.verify.planted.planting import LINTS, Planted, all_planted
from tests.verify.replay import ended_where_it_says

PLANTED = list(all_planted())

SILENT = frozenset(["W401", "I402", "W209", "W403", "W404", "W405"])
"""What else may be said of these small processes: they wait, and go round."""


@pytest.mark.parametrize("planted", PLANTED, ids=str)
def test_a_planted_fault_is_found_at_its_place_and_nothing_else(planted: Planted):
    report, _ = proven(read_text(planted.text, name="planted.yaml"))

    wanted = {code for code, _, _ in planted.found}
    ignored = (SILENT | LINTS | planted.also) - wanted
    found = {
        (one.code, one.mark.line, one.mark.column)
        for one in report.findings
        if one.code not in ignored and not _is_beside(planted, one)
    }
    assert found == set(planted.found), "\n".join(map(str, report.findings))


def _is_beside(planted: Planted, finding: Finding) -> bool:
    """The second track goes round: that is said of it wherever it stands."""
    lines = planted.text.splitlines()
    return "  side:" in lines[: finding.mark.line] and finding.code == "W209"


@pytest.mark.parametrize("planted", [one for one in PLANTED if one.path is not None], ids=str)
def test_the_way_to_a_planted_fault_is_the_shortest(planted: Planted):
    report, _ = proven(read_text(planted.text, name="planted.yaml"))

    first = next(one for one in report.findings if one.code == planted.found[0][0])
    steps = [" ".join(step.what.split()[:2]) for step in first.path]
    assert tuple(steps) == planted.path


@pytest.mark.parametrize("planted", PLANTED, ids=str)
def test_the_way_to_a_planted_fault_can_be_walked_on_the_engine(planted: Planted):
    report, graph = proven(read_text(planted.text, name="planted.yaml"))

    for flaw in report.flaws:
        if flaw.path:
            is_lost = flaw.code == "E301"
            assert ended_where_it_says(graph, flaw.path, is_lost=is_lost), flaw


def test_a_side_track_that_never_rests_is_found_at_the_state_in_which_it_stays():
    text = """
process: planted
version: 1
title: A fault is planted
roles: {chief: {title: Chief}}
tracks:
  main:
    opens: {open: {to: a}}
    states:
      a: {on: {leave: {to: b}, right: {to: done}}}
      b: {kind: decision, assignee: chief}
      done: {kind: end, outcome: done}
  side:
    states:
      busy: {title: Never rests}
"""
    report, _ = proven(read_text(text.lstrip(), name="planted.yaml"))
    (found,) = [one for one in report.findings if one.code not in SILENT | LINTS]

    assert (found.code, found.mark.line, found.mark.column) == ("E206", 14, 7)
    assert [step.what for step in found.path] == ["open", "leave"]


def test_every_rule_has_a_planted_fault():
    planted = {code for one in PLANTED for code, _, _ in one.found}
    elsewhere = {"I402", "E206", "X901", "E701", "E702"}  # the last two are of migrations

    assert planted == set(CODES) - elsewhere - LINTS
