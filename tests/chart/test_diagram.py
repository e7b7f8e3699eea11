"""What a diagram shows, in both formats."""

from __future__ import annotations

import re
from pathlib import Path

import pydot
import pytest

from escalation_engine.chart.diagram import diagram
from escalation_engine.chart.picture import Box, BoxKind, Picture, picture_of
from escalation_engine.loader import load, load_text

PROCESSES = sorted((Path(__file__).parents[2] / "processes").glob("*.yaml"))

LADDER = """
process: ladder
version: 1
title: A ladder
roles: {first_line: {title: First line}, second_line: {title: Second line}, chief: {title: Chief}}
guards: {easy: Is it easy?}
data: {decision: {enum: [again, stop]}}
events: {decide: {title: The chief decides, needs: [decision]}}
opens: {ring: {to: support}}
on:
  cancel: {to: cancelled}
  remark: {requires: {note: true}}
  wait: {to: waiting}
states:
  support:
    levels: {low: {title: Low, assignee: first_line}, high: {title: High, assignee: second_line}}
    each_level:
      on: {escalate: {to: next_level}}
      states:
        looking: {on: {look: [{to: doing, if: easy}, {to: next_level}], grumble: {refuse: No}}}
        doing: {on: {finish: {to: done}, solve: {to: done}}}
    after_last_level: deciding
  deciding:
    kind: decision
    title: 'The "chief" decides; #1'
    assignee: chief
    on:
      decide: [{to: support, when: decision == again}, {to: cancelled, when: decision == stop}]
  waiting: {on: {resume: {to: back}}}
  done: {kind: end, outcome: solved}
  cancelled: {kind: end, outcome: cancelled}
"""

TRACKS = """
process: two
version: 1
title: Two tracks
tracks:
  ticket:
    title: Ticket
    opens: {ring: {to: open}}
    states: {open: {on: {finish: {to: done}}}, done: {kind: end, outcome: done}}
  side:
    title: Side
    start: quiet
    states: {quiet: {kind: idle, on: {alarm: {to: loud}}}, loud: {on: {calm: {to: quiet}}}}
"""


def picture(text: str) -> Picture:
    return picture_of(load_text(text))


def arrows(text: str) -> set[tuple[str, str, tuple[str, ...]]]:
    """Source, target and lines of every arrow, without the track's name."""
    return {
        (arrow.source.removeprefix("main__"), arrow.target.removeprefix("main__"), arrow.lines)
        for region in picture(text).regions
        for arrow in region.arrows
    }


def boxes(listed: tuple[Box, ...]) -> list[Box]:
    return [found for box in listed for found in (box, *boxes(box.inner))]


def test_an_inherited_transition_is_drawn_once_from_the_scope_that_declares_it():
    drawn = [arrow for arrow in arrows(LADDER) if "escalate" in arrow[2]]

    assert sorted(drawn) == [
        ("support__high", "deciding", ("escalate",)),
        ("support__low", "support__high", ("escalate",)),
    ]


def test_what_can_happen_anywhere_is_drawn_from_a_box_of_its_own():
    assert ("anytime", "cancelled", ("cancel",)) in arrows(LADDER)


def test_what_stays_is_a_line_in_its_box():
    anytime = next(box for box in boxes(picture(LADDER).regions[0].boxes) if box.lines)

    assert (anytime.kind, anytime.lines) == (BoxKind.ANYTIME, ("remark",))


def test_branches_between_the_same_states_share_an_arrow():
    assert ("support__low__doing", "done", ("finish", "solve")) in arrows(LADDER)


def test_a_guard_stands_in_brackets_and_the_last_branch_is_an_else():
    assert ("support__low__looking", "support__low__doing", ("look [easy]",)) in arrows(LADDER)
    assert ("support__low__looking", "support__high", ("look [else]",)) in arrows(LADDER)


def test_the_way_back_leads_to_a_history_marker():
    region = picture(LADDER).regions[0]

    back = [arrow for arrow in region.arrows if arrow.is_back]

    assert [(arrow.source, arrow.target) for arrow in back] == [("main__waiting", "main__history")]
    assert "main__history" in {box.id for box in boxes(region.boxes)}


def test_a_refusal_is_not_drawn():
    assert "grumble" not in diagram(load_text(LADDER)) + diagram(load_text(LADDER), format="dot")


def test_a_box_is_titled_and_says_who_holds_it_or_how_it_ends():
    told = {box.title: box.note for box in boxes(picture(LADDER).regions[0].boxes)}

    assert told["Low"] == "First line"
    assert told["Done"] == "solved"
    assert told["Cancelled"] == told['The "chief" decides; #1'] == ""  # their titles say it


@pytest.mark.parametrize("path", PROCESSES, ids=lambda path: path.stem)
def test_every_arrow_joins_boxes_that_are_drawn(path: Path):
    for region in picture_of(load(path)).regions:
        drawn = {box.id for box in boxes(region.boxes)}

        assert {end for arrow in region.arrows for end in (arrow.source, arrow.target)} <= drawn


@pytest.mark.parametrize("path", PROCESSES, ids=lambda path: path.stem)
def test_every_state_is_drawn_once(path: Path):
    chart = load(path)
    drawn = [box.id for region in picture_of(chart).regions for box in boxes(region.boxes)]
    states = {
        "__".join([track.name, *state.split(".")])
        for track in chart.tracks
        for state in track.states
    }

    assert states <= set(drawn)
    assert len(drawn) == len(set(drawn))


def test_mermaid_escapes_what_it_would_read_itself():
    text = diagram(load_text(LADDER))

    assert "The #34;chief#34; decides#59; #35;1" in text


def test_mermaid_shows_tracks_as_parallel_regions():
    lines = [line.strip() for line in diagram(load_text(TRACKS)).splitlines()]

    assert lines.count("--") == 1
    assert 'state "Side" as side {' in lines


def test_mermaid_marks_decision_points():
    assert "class main__deciding decision" in diagram(load_text(LADDER))


def test_mermaid_closes_every_scope_that_it_opens():
    text = diagram(load_text(LADDER))

    assert len(re.findall(r"\{$", text, re.M)) == len(re.findall(r"^\s*\}$", text, re.M)) == 3


def test_dot_draws_the_way_back_dashed():
    text = diagram(load_text(LADDER), format="dot")

    assert re.search(r"main__waiting -> main__history \[.*style=dashed", text)


def test_dot_draws_scopes_and_tracks_as_clusters():
    assert "subgraph cluster_main__support__low {" in diagram(load_text(LADDER), format="dot")
    assert "subgraph cluster_side {" in diagram(load_text(TRACKS), format="dot")


@pytest.mark.parametrize("text", [LADDER, TRACKS], ids=["ladder", "tracks"])
def test_what_reads_dot_reads_it_whole(text: str):
    chart = load_text(text)
    read = pydot.graph_from_dot_data(diagram(chart, format="dot"))

    assert read is not None
    (graph,) = read
    drawn = {node.get_name().strip('"') for node in _nodes(graph)}
    assert {
        f"{it.name}__{leaf.replace('.', '__')}" for it in chart.tracks for leaf in it.branches
    } <= drawn


def _nodes(graph: pydot.Graph) -> list[pydot.Node]:
    inner = [node for part in graph.get_subgraphs() for node in _nodes(part)]
    return [*graph.get_nodes(), *inner]


@pytest.mark.parametrize("format", ["mermaid", "dot"])
def test_the_same_chart_gives_the_same_diagram(format):
    first, second = (diagram(load_text(LADDER), format=format) for _ in range(2))

    assert first == second
