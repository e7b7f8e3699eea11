"""Every fault, planted: its code, its place, what was found, and what would be accepted."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from escalation_engine.errors import BadInput, Finding
from escalation_engine.loader import CODES, check, check_text, load, load_text
from escalation_engine.loader.faults import MAX_FINDINGS
from tests.loader.planted import BASES, Planted, all_planted, in_process, unmarked

ALONE = list(all_planted())


@pytest.mark.parametrize("planted", ALONE, ids=lambda planted: f"{planted.code} {planted.claim}")
def test_the_only_fault_is_found_at_its_place_in_words_that_help(planted: Planted):
    text, (place,) = unmarked(planted.text)

    _, findings = check_text(text, name="p.yaml", search=[BASES])

    assert told(findings) == [(planted.code, *place)], "\n".join(map(str, findings))
    assert planted.says in findings[0].message
    assert planted.hint in findings[0].hint


def test_every_code_is_planted():
    assert {planted.code for planted in ALONE} | {"E100"} == set(CODES)


def test_a_file_that_cannot_be_read_is_a_finding(tmp_path: Path):
    _, findings = check(tmp_path / "away.yaml")

    assert told(findings) == [("E100", 1, 1)]


def told(findings: Sequence[Finding]) -> list[tuple[str, int, int]]:
    return [(finding.code, finding.mark.line, finding.mark.column) for finding in findings]


# ---- several faults


MANY = in_process("""
▶rolls: {}
data:
  x: {type: ▶strng}
states:
  a:
    ▶title:
    on:
      go: {▶too: a, by: [assignee, ▶3]}
""")
MANY_IN_THE_CHART = in_process("""
data:
  x: {type: integer, default: ▶many}
roles:
  r: {title: R, alternates: [▶s]}
counts:
  c: {up_on: ▶now and then}
states:
  a:
    on:
      go: {to: ▶b, set: {▶y: 1}, when: ▶nope}
  ▶e: {kind: end}
""")


@pytest.mark.parametrize("marked", [MANY, MANY_IN_THE_CHART], ids=["form", "meaning"])
def test_the_faults_of_a_file_come_together_in_file_order(marked: str):
    text, places = unmarked(marked)

    _, findings = check_text(text, name="p.yaml")

    assert [place for _, *place in told(findings)] == [list(place) for place in places]


def test_more_faults_than_anybody_reads_are_cut_off_with_word_that_there_are_more():
    keys = "".join(f"unknown{number}: 1\n" for number in range(MAX_FINDINGS + 1))

    _, findings = check_text(in_process("states: {a: {}}\n" + keys))

    assert (len(findings), findings[-1].code) == (MAX_FINDINGS, "E104")


LADDER = """
data: {{x: {{type: integer}}}}
states:
  a:
    levels: {{one: {{}}, two: {{}}, three: {{title: Three}}}}
    each_level:
      {}
    after_last_level: b
  b: {{}}
"""


@pytest.mark.parametrize(
    "line",
    [
        "▶onn: {}",
        "on: {go: {▶too: b}}",
        "on: {go: {to: ▶c}}",
        "on: {go: {to: b, when: x > ▶y}}",
        "on: {go: {set: {x: ▶many}}}",
        "assignee: ▶nobody_there",
        "▶outcome: 3",
        "states: {s: {on: {go: {by: ▶ann}}}}",
    ],
)
def test_a_fault_of_each_level_is_told_once_and_where_it_is_written(line: str):
    line = line.replace("▶outcome: 3", "outcome: ▶3")
    text, (place,) = unmarked(in_process(LADDER.format(line)))

    _, findings = check_text(text)

    assert [found for _, *found in told(findings)] == [list(place)]


def test_a_fault_of_each_level_hides_no_other_however_many_levels_there_are():
    levels = ", ".join(f"l{number}: {{}}" for number in range(3 * MAX_FINDINGS))
    each = "{on: {go: {to: ▶c}}, exit: {do: ▶call}}"
    text, places = unmarked(
        in_process(f"states:\n  a:\n    levels: {{{levels}}}\n    each_level: {each}\n")
    )

    _, findings = check_text(text)

    assert [found for _, *found in told(findings)] == [list(place) for place in places]


# ---- taken-in tracks


TAKER = """
process: p
version: 1
title: P
roles: {desk: {title: Desk}}
tracks:
  main_one: {opens: {o: {to: x}}, states: {x: {}}}
  side: {process: side@1%s}
"""
TAKEN = """
process: side
kind: track
version: 1
title: Side
%s
"""


def checked(folder: Path, taken: str, taker: str = "") -> tuple[Finding, ...]:
    (folder / "side.yaml").write_text(TAKEN % taken, encoding="utf-8")
    (folder / "p.yaml").write_text(TAKER % taker, encoding="utf-8")
    return check(folder / "p.yaml")[1]


@pytest.mark.parametrize(
    "line",
    [
        "start: x\nstates: {x: {▶asignee: y}}",
        "start: x\nstates: {x: {on: {go: {to: ▶z}}}}",
        "start: x\nstates: {x: {on: {go: {when: 'in ▶z'}}}}",
        "start: x\nstates: {x: [y▶}",
    ],
)
def test_a_fault_in_a_file_that_is_taken_in_points_into_that_file(line: str, tmp_path: Path):
    text, (place,) = unmarked(TAKEN % line)
    line = text.partition("title: Side\n")[2].rstrip("\n")

    findings = checked(tmp_path, line)

    assert [finding.mark for finding in findings] == [(str(tmp_path / "side.yaml"), *place)]


MISFITS = [
    ("kind: process", "start: x\nstates: {x: {}}", "", "not made to be taken in"),
    ("version: 2", "start: x\nstates: {x: {}}", "", "at version 2, not 1"),
    ("", "tracks: {t: {states: {x: {}}}}", "", "tracks of its own"),
    ("", "start: x\nstates: {x: {}}\nexpects: {roles: [chief]}", "", "expects a role `chief`"),
    ("", "start: x\nstates: {x: {}}", ", parameters: {limit: 3}", "does not ask for `limit`"),
    ("", "start: x\nstates: {x: {}}", ", shares: [go]", "no event `go` to share"),
    ("", "start: x\nstates: {x: {}}", ", states: {y: {}}", "its states stand in its own file"),
]


@pytest.mark.parametrize(("key", "rest", "taker", "says"), MISFITS)
def test_what_keeps_a_track_from_being_taken_in_is_told_to_its_taker(
    key: str, rest: str, taker: str, says: str, tmp_path: Path
):
    name = key.partition(":")[0]
    head = [line for line in TAKEN.splitlines() if not key or not line.startswith(name)]
    text = "\n".join([*head, key]).replace("%s", "")
    (tmp_path / "side.yaml").write_text(f"{text}\n{rest}\n", encoding="utf-8")
    (tmp_path / "p.yaml").write_text(TAKER % taker, encoding="utf-8")

    (finding,) = check(tmp_path / "p.yaml")[1]

    assert (finding.code, Path(finding.mark.file).name, finding.mark.line) == ("E124", "p.yaml", 8)
    assert says in finding.message


# ---- places inside texts


CONDITIONS = {
    "plain": "when: cost > 1 and ▶coost > 2",
    "single quotes": "when: 'cost > 1 and ▶coost > 2'",
    "double quotes": 'when: "cost > 1 and ▶coost > 2"',
    "escapes": 'when: "cost\\x20> 1\\tand \\u0063ost > 2 and ▶coost > 2"',
    "an escaped first letter": 'when: "▶\\x63oost > 2"',
    "a doubled quote": "when: 'name == ''it is'' and ▶coost > 2'",
    "folded quotes": "when: 'cost > 1\n\n          and\n          ▶coost > 2'",
    "a folded plain text": "when: cost > 1\n          and ▶coost > 2",
    "a literal block": "when: |\n          cost > 1\n          and ▶coost > 2\n",
    "a folded block": "when: >-\n          cost > 1\n\n            and\n          ▶coost > 2\n",
    "an indent of its own": "when: >2-   # why\n          cost > 1 and\n           ▶coost > 2\n",
    "the first character of a block": "when: >-\n          ▶coost > 1\n",
    "an anchor before": "when: &why 'cost > 1 and ▶coost > 2'",
    "a continued line": 'when: "cost > 1 and \\\n          ▶coost > 2"',
    "wide characters before": "when: \"name == '日本😀' and ▶coost > 2\"",
}


BRANCHES = {f"{name}, block style": f"\n        {text}" for name, text in CONDITIONS.items()} | {
    f"{name}, flow style": f"{{{text}}}"
    for name, text in CONDITIONS.items()
    if not text.endswith("\n")  # a block does not stand in flow style
}


@pytest.mark.parametrize("branch", BRANCHES.values(), ids=BRANCHES.keys())
def test_the_caret_of_a_condition_stands_under_its_faulty_word(branch: str):
    fields = "data: {cost: {type: number}, name: {type: string}}\n"
    text, (place,) = unmarked(in_process(f"{fields}states:\n  a:\n    on:\n      go: {branch}\n"))

    _, findings = check_text(text)

    assert told(findings) == [("E113", *place)], "\n".join(map(str, findings))


def test_a_fault_behind_an_alias_points_at_the_alias():
    text, (place,) = unmarked(
        in_process("states: {a: {on: {go: {title: &x coost > 2}, do: {when: ▶*x}}}}\n")
    )

    _, findings = check_text(text)

    assert told(findings) == [("E113", *place)]


def test_the_end_of_a_text_is_behind_its_last_character():
    text, (place,) = unmarked(
        in_process("data: {cost: {type: number}}\nstates: {a: {on: {go: {when: 'cost >▶'}}}}\n")
    )

    _, findings = check_text(text)

    assert told(findings) == [("E118", *place)]


def test_a_byte_order_mark_moves_no_caret():
    text, (place,) = unmarked("▶stats: {}\n" + in_process("states: {a: {}}\n"))

    _, findings = check_text(b"\xef\xbb\xbf" + text.encode())

    assert (told(findings), findings[0].excerpt[4]) == ([("E110", *place)], "s")


def test_a_pipe_is_told_and_not_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.yaml")

    _, (finding,) = check(tmp_path / "pipe.yaml")

    assert finding.code == "E100"
    assert finding.message == "the file cannot be read: it is not a regular file"


def test_a_pipe_is_not_taken_in_as_a_track(tmp_path: Path):
    os.mkfifo(tmp_path / "aside.yaml")
    text = "process: p\nversion: 1\ntitle: P\nopens: {o: {to: a}}\n"
    tracks = "tracks: {main: {states: {a: {}}}, aside: {process: aside}}\n"

    _, findings = check_text(text + tracks, search=[tmp_path])

    assert [finding.code for finding in findings] == ["E124"]


any_load: Any = load
any_load_text: Any = load_text


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: any_load(None),
        lambda: any_load("\0"),
        lambda: any_load_text(None),
        lambda: any_load_text("x", name=None),
        lambda: any_load_text("x", parameters={"x": b""}),
        lambda: any_load_text("x", parameters={1: 1}),
        lambda: any_load_text("x", parameters=[]),
        lambda: any_load_text("x", parameters={"x": float("nan")}),
        lambda: any_load_text("x", parameters={"x": 10**5000}),
        lambda: any_load_text("x", search=None),
        lambda: any_load_text("x", search="folder"),
        lambda: any_load_text("x", search=[None]),
    ],
)
def test_an_argument_of_another_type_is_refused(wrong: Callable[[], object]):
    with pytest.raises(BadInput):
        wrong()
