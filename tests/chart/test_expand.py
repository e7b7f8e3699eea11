"""The flat form holds everything that a chart holds, and reads as YAML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from escalation_engine.chart import Chart
from escalation_engine.chart.expand import chart_document
from escalation_engine.condition import Condition
from escalation_engine.loader import load, load_text
from escalation_engine.loader.write import write_chart
from escalation_engine.loader.yaml import parse

PROCESSES = sorted((Path(__file__).parents[2] / "processes").glob("*.yaml"))

EVERYTHING = """
process: everything
version: 3
title: Everything that a chart can hold
description: A process that nobody would want
parameters: {address: {type: contact, default: desk@example.org}}
calendars:
  office:
    title: Office
    timezone: Europe/London
    hours: {mon-thu: [09:00-12:30, 13:30-17:30], fri: 09:00-13:00}
    holidays: GB-ENG
    added: {2026-06-15: One-off}
    removed: [2026-12-28, Good Friday]
    special: {2026-12-24: 09:00-12:00}
    yearly: {24 Dec to 2 Jan: closed}
    counting: {cutoff: close, end_of_day: midnight, roll: next_working_day}
  night: {timezone: Europe/London, hours: {mon-fri: 20:00-23:00}}
timers: {whole: {after: 8 weeks, warn: 1 week before, calendar: office}}
clocks:
  answer:
    title: Answer
    starts: [entering open, clock other met]
    stops: event finish
    target: {depends_on: kind, fault: 4 working hours, otherwise: 2 working days}
    from: known
    calendar: office
    paused_in: waiting
    warn: {75%: {notify: {owner: done}}, 1 working hour before: {}}
    breach: {send: alarm}
    on_reopen: restart
    on_change: from_change
  other: {starts: event ring, stops: event finish, target: {agreed_in: agreed}, calendar: office}
duties:
  report:
    title: Report
    every: Friday 16:00
    calendar: office
    on_holiday: before
    while: in side.loud
    owed_by: desk
    for: client
    needs: [kind]
    done_by: event calm
    missed: {notify: {owner: done}}
    first: at_once
    counted_from: last_done
    at_end: must_be_done
    catch_up: each
  excuse: {opens: [clock answer breached, duty report missed], due: 1 working day, calendar: night}
digests:
  daily:
    title: Daily
    every: day at 09:00
    calendar: office
    on_holiday: skip
    cases: in side.loud and during office
    shows: [kind, due]
    per: slot reviewer
    send_by: send_list
  weekly: {every: Monday 09:00, calendar: office, cases: in open, per: role chief, send_by: send_list}
promises:
  answered:
    say: Each call gets an answer
    whenever: event ring
    then: clock answer met or duty excuse missed
    within: {depends_on: kind, fault: 4 working hours, otherwise: 2 working days}
    unless: in ticket.done and severity > 2
    calendar: office
    between: [entering ticket.open, slot owner changes]
    source: [S1.1]
    inferred: Nobody says so
  patient: {at_most: 2, of: checklist closing complete, after: event wait, until: outcome resolved}
data:
  known: {type: date}
  agreed: {type: duration}
  severity: {type: integer, minimum: 1, maximum: 4, default: 2, changes: anytime, by: [ours]}
  kind: {enum: [fault, wish], sensitive: true}
  who: {type: person}
  level: {type: level}
roles:
  desk:
    title: Desk
    side: ours
    contacts: [{channel: email, address: $address, title: Office}, {channel: phone}]
    alternates: [chief]
    chosen_by: [kind]
    when_nobody: refuse
  chief: {title: Chief, side: ours}
  client: {title: Client, side: client}
slots: {reviewer: {title: Reviewer, many: true}}
guards: {possible: Is it possible?, wise: Is it wise?}
actions:
  send_list: Send the list
  call:
    title: Call somebody
    arguments: {number: {type: string}, times: {type: integer}}
    reports: [reached, missed]
    failed: missed
messages:
  done:
    subject: Done
    text: "It is done: {data.kind}"
    translations: {de: {subject: Fertig, text: "Es ist fertig: {data.kind}"}}
checklists:
  closing:
    title: Closing
    items:
      told:
        text: The client is told
        answers: [yes, no, na]
        passes: [yes, na]
        reason_for: [na]
        by: [client]
        recorded_by: [desk]
    reset_on: [entering open, leaving waiting]
counts:
  waits: {title: Waits, up_on: [event wait, slot owner changes], reset_on: [checklist closing complete], once_per: person, at_most: 5}
events:
  finish: {title: It is finished, needs: [kind], may_bring: [severity]}
tracks:
  ticket:
    title: Ticket
    opens: {ring: {to: open, needs: [kind], may_bring: [severity], by: [client], source: [S1.1]}}
    states:
      open:
        title: Open
        description: In work
        guidance: Be kind
        source: [S1.1]
        inferred: Nobody says so
        owner: chief
        entry: {notify: {client: done, owner: done, everyone_told: done}}
        exit: {set: {severity: 1}, reason: Because}
        levels:
          low: {assignee: desk}
          high: {assignee: chief, must_resolve: true}
        each_level:
          timers:
            box:
              title: Time box
              after: 4 working hours
              send: wait
              warn: {75%: {send: alarm}}
              paused_in: [doing]
              repeat: {every: 1 hour, until: 3}
              calendar: office
              on_return: restart
          states: {doing: {on: {up: {to: next_level}}}}
        on:
          wait: {to: waiting, if: possible, unless: wise, when: severity > 1 and in side.quiet, title: Wait a bit}
          finish:
            - to: done
              by: [owner, client, engine]
              recorded_by: [ours]
              requires: {data: [severity], note: true, guard: [wise], evidence: true, checklist: [closing], duty: report, past: due of answer, different_from: {sender: owner}}
              asks: {note: true}
              visibility: client
              set: {kind: fault, who: sender}
              clear: [level]
              assign: {owner: sender, assignee: who, poc: nobody, reviewer: desk}
              do: {call: {number: "1", times: {field: severity}}}
              open_case: {process: other, event: begin, with: {theirs: kind}, send: {resolved: reached, otherwise: missed}}
              send: [alarm]
            - {refuse: Not now}
        always: {to: waiting, when: severity == 4}
      waiting:
        on: {resume: {to: back, assign: {owner: back}, extend: {answer: {by: 1 hour, at_most: 1}}}}
        timers: {nag: {after: 1 hour, send: alarm, repeat: {every: 1 hour, until: forever}}}
      done: {kind: end, outcome: resolved}
  side:
    title: Side
    at_end: must_be_idle
    start: quiet
    states:
      quiet: {kind: idle, on: {alarm: {to: loud}}}
      loud: {kind: decision, assignee: chief, on: {calm: {to: quiet}, reached: {}, missed: {}}}
sources: {S1: {title: A text, statements: [1]}}
"""  # noqa: E501 - a process, not prose

SAME_AS_THEIR_KEY = {
    ("State", "path"), ("Role", "name"), ("Slot", "name"), ("Guard", "name"), ("Action", "name"),
    ("Message", "name"), ("Checklist", "name"), ("Item", "name"), ("Count", "name"),
    ("Event", "name"), ("NamedCalendar", "name"), ("Timer", "key"), ("Clock", "name"),
    ("Duty", "name"), ("Digest", "name"), ("Promise", "name"),
}  # fmt: skip


@pytest.fixture(scope="module")
def everything() -> Chart:
    return load_text(EVERYTHING)


def test_no_part_of_a_chart_can_change_without_its_document_changing(everything: Chart):
    document = chart_document(everything)

    lost = [where for where, changed in variants(everything) if chart_document(changed) == document]

    assert lost == []


def test_the_printed_chart_reads_back_as_its_document(everything: Chart):
    tree, findings = parse(write_chart(everything), "expanded.yaml")

    assert (tree, findings) == (chart_document(everything), [])


@pytest.mark.parametrize("path", PROCESSES, ids=lambda path: path.stem)
def test_every_process_prints_and_reads_back_as_its_document(path: Path):
    chart = load(path)

    tree, findings = parse(write_chart(chart), "expanded.yaml")

    assert (tree, findings) == (chart_document(chart), [])


def test_printing_twice_gives_the_same_text(everything: Chart):
    assert write_chart(everything) == write_chart(load_text(EVERYTHING))


def test_a_leaf_lists_what_it_inherits_with_the_scope_that_declares_it(everything: Chart):
    tracks: Any = chart_document(everything)["tracks"]

    branch = tracks["ticket"]["states"]["open.low.doing"]["on"]["wait"][0]

    assert branch["declared"] == {"in": "open", "number": 1}
    assert branch["leaves"] == ["open.low.doing", "open.low", "open"]
    assert (branch["if"], branch["unless"]) == (["possible"], ["wise"])


def test_what_has_its_usual_value_is_left_out(everything: Chart):
    document: Any = chart_document(everything)

    assert document["tracks"]["side"]["states"]["quiet"].keys() == {"title", "kind", "on"}


def test_what_is_about_time_is_printed_with_its_scope_and_its_calendar(everything: Chart):
    document: Any = chart_document(everything)

    assert document["timers"]["ticket.open.low:box"] == {
        "title": "Time box",
        "track": "ticket",
        "in": "open.low",
        "after": "4 working hours",
        "send": "wait",
        "warn": [{"mark": "75%", "does": {"send": ["alarm"]}}],
        "paused_in": ["ticket.open.low.doing"],
        "repeat": {"every": "1 hour", "until": 3},
        "calendar": "office",
        "on_return": "restart",
    }
    assert document["clocks"]["answer"]["target"] == {
        "depends_on": "kind",
        "values": {"fault": "4 working hours"},
        "otherwise": "2 working days",
    }
    assert document["clocks"]["other"]["target"] == {"agreed_in": "agreed"}
    assert document["duties"]["excuse"]["opens"] == [
        "clock answer breached", "duty report missed",
    ]  # fmt: skip


def variants(value: Any, where: str = "") -> Iterator[tuple[str, Any]]:
    """Copies of a value, each with one thing changed, and the place of the change."""
    match value:
        case bool():
            yield where, not value
        case str():
            yield where, f"{value}x"
        case int():
            yield where, value + 1
        case Enum():
            yield where, next(other for other in type(value) if other is not value)
        case frozenset():
            yield where, value | {"zz"}
            yield from ((f"{where} without {item}", value - {item}) for item in value)
        case Mapping():
            yield from of_mapping(value, where)
        case tuple():
            for index, item in enumerate(value):
                for inner, changed in variants(item, f"{where}[{index}]"):
                    yield inner, (*value[:index], changed, *value[index + 1 :])
        case _ if is_dataclass(value) and not isinstance(value, Condition):
            yield from of_dataclass(value, where)


def of_mapping(value: Mapping[str, Any], where: str) -> Iterator[tuple[str, Any]]:
    for key, item in value.items():
        if item != {}:
            yield f"{where} without {key}", {k: v for k, v in value.items() if k != key}
        for inner, changed in variants(item, f"{where}.{key}"):
            yield inner, {**value, key: changed}


def of_dataclass(value: Any, where: str) -> Iterator[tuple[str, Any]]:
    for field in fields(value):
        if (type(value).__name__, field.name) in SAME_AS_THEIR_KEY:
            continue
        inside = getattr(value, field.name)
        place = f"{where}.{field.name}"
        for inner, changed in variants(inside, place):
            yield inner, replace(value, **{field.name: changed})
        if isinstance(inside, tuple):
            for index in range(len(inside)):
                shorter = (*inside[:index], *inside[index + 1 :])
                yield f"{place} without [{index}]", replace(value, **{field.name: shorter})
