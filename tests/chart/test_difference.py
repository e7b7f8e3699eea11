"""What is different between two processes is told in words, once, and nothing that follows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from escalation_engine.chart.diagram import diagram
from escalation_engine.chart.difference import DifferenceKind, differences
from escalation_engine.chart.difference_text import sentence
from escalation_engine.loader import load, load_text

PROCESSES = Path(__file__).parents[2] / "processes"
BASE = load(PROCESSES / "help_desk.yaml")
Told = Callable[[str], list[str]]


@pytest.fixture
def told() -> Told:
    def sentences(rest: str) -> list[str]:
        text = f"tailoring: acme\nextends: help_desk@1\n{rest}\n"
        tailored = load_text(text, search=[PROCESSES])
        return [sentence(found) for found in differences(BASE, tailored)]

    return sentences


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        ("title: ACME", "process `acme`: title: Service request escalation → ACME"),
        ("guards: {resolvable_here: Can you?}", "guard `resolvable_here`: title:"),
        (
            "states: {support: {levels: {desk: {place: after tier2}}}}",
            "level `desk` added after `tier2` in `support`",
        ),
        (
            "states: {support: {levels: {desk: {place: first}}}}",
            "level `desk` added before `tier1` in `support`",
        ),
        (
            "states: {support: {levels: {tier1: {place: last}}}}",
            "levels of `support` in another order: tier1, tier2, tier3, onsite → tier2, tier3, ",
        ),
        (
            "states: {support: {each_level: {states: {rest: {}}}}}",
            "state `rest` added in `support.tier1`, `support.tier2`, `support.tier3`, `support.on",
        ),
        (
            "states: {support: {levels: {tier1: {on: {escalate: {requires: null}}}}}}",
            "event `escalate` in `support.tier1`: gate removed: note",
        ),
        (
            "states: {identification: {on: {document: {requires: {note: true}}}}}",
            "event `document` in `identification`: gate added: note",
        ),
        (
            "states: {identification: {on: {document: {by: [it_manager]}}}}",
            "event `document` in `identification`: who may send it: assignee → it_manager",
        ),
        (
            "states: {closed: {entry: {do: engage_vendor}}}",
            "state `closed`: entry `do`: none → engage_vendor",
        ),
        (
            "states: {support: {after_last_level: closed_unresolved}}",
            "event `qualify (2)` in `support.onsite.qualification`: leads: manager_decision → cl",
        ),
        (
            "states: {support: {levels: {tier1: {timers: {time_box: {after: 2 hours}}}}}}",
            "timer `time_box` in `support.tier1`: time limit: none → 2 hours",
        ),
        (
            "parameters: {tier_time_box: 2 hours}",
            "parameter `tier_time_box`: value: none → 2 hours",
        ),
        (
            "roles: {tier1: {contacts: [{channel: phone, address: '1'}]}}",
            "role `tier1`: contacts: none → channel: phone, address: 1",
        ),
        ("roles: {porter: {title: Porter}}", "role `porter` added (Porter)"),
        ("data: {room: {type: string, title: Room}}", "field `room` added (Room)"),
        (
            "states: {identification: {assignee: tier1}}",
            "state `identification`: assignee: service_desk → tier1",
        ),
        (
            "checklists: {client_agreement: {reset_on: null}}",
            "checklist `client_agreement`: reset on: entering main.manager_decision → none",
        ),
    ],
)
def test_a_difference_is_told_in_words(told: Told, rest: str, words: str):
    assert any(line.startswith(words) for line in told(rest)), "\n".join(told(rest))


def test_a_quantity_of_one_unit_is_told_with_it_once():
    old, new = (
        load(PROCESSES / "help_desk.yaml", parameters={"tier_time_box": text})
        for text in ("4 working hours", "2 working hours")
    )

    words = [sentence(found) for found in differences(old, new)]

    assert "parameter `tier_time_box`: value: 4 → 2 working hours" in words
    assert len(words) == 2


def test_a_removed_level_is_told_without_what_was_in_it():
    acme = load(PROCESSES / "tailorings" / "acme_help_desk.yaml")

    gone = [one for one in differences(BASE, acme) if one.kind is DifferenceKind.REMOVED]

    assert [(one.element, one.name) for one in gone] == [("level", "onsite"), ("role", "onsite")]


def test_what_is_added_one_way_is_removed_the_other():
    acme = load(PROCESSES / "tailorings" / "acme_help_desk.yaml")

    added = {
        (one.element, one.name)
        for one in differences(BASE, acme)
        if one.kind is DifferenceKind.ADDED
    }
    removed = {
        (one.element, one.name)
        for one in differences(acme, BASE)
        if one.kind is DifferenceKind.REMOVED
    }

    assert added == removed != set()


@pytest.mark.parametrize("path", sorted(PROCESSES.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_process_does_not_differ_from_itself(path: Path):
    chart = load(path)

    assert differences(chart, chart) == ()
    assert diagram(chart, changes_from=chart) == diagram(chart)


@pytest.mark.parametrize(
    ("format", "signs"),
    [
        ("mermaid", ['"+ Vendor', '"− Onsite', "vendor_desk__work added", "onsite__work removed"]),
        ("dot", ["+ Vendor&#x27;s desk", "− Onsite", "#2e7d32", "#b3261e"]),
    ],
)
def test_a_diagram_shows_what_came_and_what_went(format: str, signs: list[str]):
    acme = load(PROCESSES / "tailorings" / "acme_help_desk.yaml")

    drawn = diagram(acme, format=format, changes_from=BASE)  # type: ignore[arg-type]  # parametrized

    assert [sign for sign in signs if sign not in drawn] == []


def test_a_timer_that_changes_colours_its_state():
    text = (
        "tailoring: acme\nextends: help_desk@1\n"
        "states: {support: {levels: {tier1: {timers: {time_box: {after: 2 hours}}}}}}\n"
    )

    drawn = diagram(load_text(text, search=[PROCESSES]), changes_from=BASE)

    assert '"#126; Tier 1' in drawn
