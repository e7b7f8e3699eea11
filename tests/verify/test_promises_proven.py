"""Promises held against everything that can happen; every way out is gone on the real chart."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from escalation_engine.core import Due
from escalation_engine.loader import load, load_text, read
from escalation_engine.verify import Verdict, verify
from escalation_engine.verify.graph import Kind
from escalation_engine.verify.promised import answers
from tests.verify.playground import gone

PROCESSES = Path(__file__).parents[2] / "processes"

DESK = """
process: desk
version: 1
title: A desk
calendars: {office: {timezone: Europe/London, hours: {mon-fri: 09:00-17:00}, holidays: GB-ENG}}
data:
  answer: {type: string}
  urgent: {type: boolean, default: false}
counts: {rejections: {up_on: event reject}}
guards: {easy: Is it easy?}
opens: {ask: {to: desk, may_bring: [urgent]}}
states:
  desk:
    timers: {wait: {title: It took long, after: 4 working hours, send: up}}
    on:
      solve: {to: checked, requires: {data: [answer]}, if: easy}
      up: {to: expert}
  expert:
    on:
      solve: {to: checked}
      give_up: {to: dropped}
      hand_back: {to: desk}
  checked:
    on:
      confirm: {to: closed}
      reject:
        - {to: desk, when: rejections < 2}
        - {to: expert}
  closed: {kind: end, outcome: solved}
  dropped: {kind: end, outcome: dropped}
"""
BROKEN = [
    ("{never: closed and answer is unset}", "E501", ["ask", "up", "solve", "confirm"]),
    ("{never: outcome solved, before: event up}", "E501", ["ask", "solve", "confirm"]),
    ("{whenever: event up, then: event solve}", "E501", ["ask", "up", "give_up"]),
    ("{at_most: 2, of: event reject}", "E501", ["ask", *["solve", "reject"] * 3]),
    ("{every_case: event confirm}", "E501", ["ask", "up", "give_up"]),
    ("{whenever: urgent, then: expert, unless: dropped}", "E501", ["ask", "solve", "confirm"]),
    ("{possible: closed, until: checked, after: expert}", "E503", []),
    ("{whenever: checked, then: closed or expert or desk, within: 1 hour}", "E505", None),
    ("{if_nobody_acts: closed or dropped, within: 8 weeks}", "E504", None),
    (
        "{if_nobody_acts: expert or checked or closed or dropped, within: 3 working hours}",
        "E504",
        None,
    ),
    ("{whenever: desk, then: expert, within: 3 working hours, unless: checked}", "E505", ["ask"]),
    ("{at_most: 1, of: event bell}", "W507", []),
    ("{whenever: event confirm and dropped, then: closed}", "W507", []),
    ("{never: desk, after: event bell}", "W507", []),
]
KEPT = [
    "{never: dropped and event confirm}",
    "{never: outcome solved, before: event solve}",
    "{whenever: event solve, then: event confirm or event reject}",
    "{at_most: 3, of: event up, between: [event hand_back, event up]}",
    "{every_case: event solve or outcome dropped}",
    "{never: event up, between: [entering checked, leaving checked]}",
    "{whenever: desk, then: expert, within: 4 working hours, unless: checked}",
    "{whenever: desk, then: expert, within: 1 working day, unless: checked}",
    "{if_nobody_acts: expert or checked or closed or dropped, within: 4 working hours}",
    "{if_nobody_acts: expert or checked or closed or dropped, within: 2 weeks}",
]
LOOP = """
process: loop
version: 1
title: A loop
calendars: {office: {timezone: UTC, hours: {mon-fri: 09:00-17:00}}}
start: a
TIMERS
states:
  a: {timers: {t: {title: Long, after: 1 hour, send: end}}, on: {over: {to: b}, end: {to: done}}}
  b: {timers: {t: {title: Long, after: 1 hour, send: end}}, on: {back: {to: a}, end: {to: done}}}
  done: {kind: end, outcome: done}
promises: {p: {whenever: a, then: done, within: 5 hours}}
"""


def desk(promise: str):
    bell = "  bell: {on: {bell: {to: closed}}}\n"
    return load_text(f"{DESK}{bell}promises:\n  p: {promise}\n")


def events(path) -> list[str]:
    return [
        edge.input.key.rpartition(":")[2] if isinstance(edge.input, Due) else edge.input.event
        for edge in path
        if edge.kind is not Kind.STEP
    ]


@pytest.mark.parametrize(("promise", "code", "way"), BROKEN)
def test_a_promise_that_cannot_be_held_gets_its_code_and_the_shortest_way(promise, code, way):
    (answer,) = answers(desk(promise))

    assert (answer.code, answer.promise.name) == (code, "p"), answer
    assert answer.message
    if way is not None:
        assert [{"wait": "up"}.get(one, one) for one in events(answer.path)] == way


@pytest.mark.parametrize(
    ("promise", "code"),
    [(one, code) for one, code, _ in BROKEN if code in ("E501", "E504", "E505")],
)
def test_the_way_out_breaks_the_promise_on_the_real_chart(promise, code):
    chart = desk(promise)
    (answer,) = answers(chart)

    waiting = timedelta() if code == "E501" else timedelta(weeks=9)
    (stood,) = gone(chart, answer.path, after=waiting)

    assert stood.verdict is Verdict.BROKEN


@pytest.mark.parametrize("promise", KEPT)
def test_a_promise_that_no_path_breaks_is_kept(promise):
    (answer,) = answers(desk(promise))

    assert answer.code == "", answer


def test_what_is_possible_is_answered_with_an_example():
    chart = desk("{possible: outcome dropped}")

    (answer,) = answers(chart)

    assert answer.code == ""
    assert events(answer.path)[-1] == "give_up"


def test_time_limits_of_single_states_do_not_add_up():
    (answer,) = answers(load_text(LOOP.replace("TIMERS\n", "")))

    assert answer.code == "E505"
    assert "do not add up to a deadline for the case" in answer.message


def test_a_timer_on_the_whole_case_bounds_the_whole_case():
    whole = "timers: {all: {title: All in all, after: 4 hours, send: end}}\n"

    (answer,) = answers(load_text(LOOP.replace("TIMERS\n", whole)))

    assert answer.code == "", answer


def test_beyond_a_limit_nothing_is_said_to_be_kept():
    found = answers(desk("{never: dropped and event confirm}"), most=2)

    assert [one.code for one in found] == ["X901"]


def test_a_time_that_is_agreed_at_run_time_is_not_decided():
    text = DESK.replace("data:\n", "data:\n  limit: {type: duration}\n")
    promise = "{whenever: desk, then: expert, within: {agreed_in: limit}, unless: checked}"

    (answer,) = answers(load_text(f"{text}promises:\n  p: {promise}\n"))

    assert answer.code == "X901"


@pytest.mark.parametrize("name", ["help_desk", "complaint", "contract_escalation"])
def test_the_shipped_processes_keep_what_they_promise(name):
    chart = load(PROCESSES / f"{name}.yaml")

    assert {one.promise.name: one.code for one in answers(chart)} == dict.fromkeys(
        chart.promises, ""
    )


def tailored(folder: Path, text: str):
    (folder / "help_desk.yaml").write_text((PROCESSES / "help_desk.yaml").read_text("utf-8"))
    (folder / "acme.yaml").write_text(f"tailoring: acme\nextends: help_desk@1\n{text}")
    return {one.promise.name: one for one in answers(load(folder / "acme.yaml"))}


def test_a_tailoring_that_breaks_a_promise_of_its_base_gets_the_way_to_it(tmp_path):
    shortcut = "{levels: {tier1: {states: {work: {on: {skip: {to: closed}}}}}}}"

    found = tailored(tmp_path, f"title: ACME\nstates: {{support: {shortcut}}}\n")

    broken = found["confirmed_before_closing"]
    assert broken.code == "E501"
    assert events(broken.path) == ["request", "document", "qualify", "skip"]


def test_a_tailoring_may_take_a_level_away_and_keep_every_promise(tmp_path):
    levels = "{onsite: null, vendor_desk: {assignee: vendor, place: after tier3}}"
    roles = "roles: {vendor: {title: Vendor, side: vendor}}"

    found = tailored(tmp_path, f"title: ACME\n{roles}\nstates: {{support: {{levels: {levels}}}}}\n")

    assert {one.code for one in found.values()} == {""}


def test_the_report_tells_a_broken_promise_at_its_place_with_the_way_to_it(tmp_path):
    path = tmp_path / "desk.yaml"
    path.write_text(f"{DESK.lstrip()}promises:\n  told: {{never: closed and answer is unset}}\n")

    report = verify(read(path))

    (found,) = [one for one in report.findings if one.code == "E501"]
    line = path.read_text().splitlines()[found.mark.line - 1]
    assert line.strip().startswith("told:")
    assert [step.what for step in found.path][-1] == "confirm"


def test_a_promise_that_is_only_watched_says_why_under_ignore(tmp_path):
    path = tmp_path / "desk.yaml"
    promise = "{at_most: 2, of: event reject, ignore: {E501: The client decides}}"
    path.write_text(f"{DESK.lstrip()}promises:\n  patient: {promise}\n")

    report = verify(read(path))

    assert "E501" not in {one.code for one in report.findings}
    assert "The client decides" in {one.reason for one in report.ignored}
