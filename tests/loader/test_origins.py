"""Every part of a definition leads back to the line that it was written on."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_engine.loader import Loaded, read, read_text

TEXT = """\
process: p
version: 1
title: A process
start: ladder
roles: {desk: {title: Desk}}
states:
  ladder:
    levels:
      low: {}
      high: {title: High}
    each_level:
      on:
        climb: {to: next_level, by: [desk]}
      states: {work: {}}
    after_last_level: over
  over: {kind: end, outcome: done}
tracks:
  side: {states: {rest: {kind: idle}}}
"""


@pytest.fixture
def loaded() -> Loaded:
    return read_text(TEXT, name="p.yaml")


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        (("roles", "desk"), 5, 9),
        (("states", "ladder", "each_level", "on", "climb"), 13, 9),
        (("states", "ladder", "levels", "high", "on", "climb"), 13, 9),
        (("states", "ladder", "levels", "high", "title"), 10, 14),
        (("states", "ladder", "levels", "low", "on", "climb", "by", 0), 13, 38),
        (("tracks", "side", "states", "rest"), 18, 19),
    ],
)
def test_a_path_leads_to_the_key_at_its_end(
    loaded: Loaded, path: tuple[str | int, ...], line: int, column: int
):
    place = loaded.origins.place_of(path)

    assert place is not None
    assert (place.mark.file, place.mark.line, place.mark.column) == ("p.yaml", line, column)


def test_a_value_has_a_place_of_its_own(loaded: Loaded):
    place = loaded.origins.place_of(("title",), at_value=True)

    assert place is not None
    assert (place.mark.line, place.mark.column) == (3, 8)


def test_a_place_shows_its_line(loaded: Loaded):
    place = loaded.origins.place_of(("roles", "desk"))

    assert place is not None
    assert place.excerpt == "    roles: {desk: {title: Desk}}\n            ^"


def test_what_is_not_written_has_no_place(loaded: Loaded):
    assert loaded.origins.place_of(("roles", "chief")) is None


def test_the_nearest_place_is_that_of_the_deepest_part(loaded: Loaded):
    assert loaded.origins.nearest(("roles", "desk", "side")).mark.line == 5


@pytest.mark.parametrize(
    ("track", "state", "path"),
    [
        ("main", "ladder.high.work", ("states", "ladder", "levels", "high", "states", "work")),
        ("main", "", ()),
        ("side", "rest", ("tracks", "side", "states", "rest")),
        ("side", "", ("tracks", "side")),
        ("side", "nowhere", None),
    ],
)
def test_a_state_of_the_chart_has_a_path(
    loaded: Loaded, track: str, state: str, path: tuple[str, ...] | None
):
    assert loaded.origins.path_to_state(track, state) == path


def test_every_state_of_every_chart_has_a_place(loaded: Loaded):
    states = [(track.name, path) for track in loaded.chart.tracks for path in track.states]

    paths = [loaded.origins.path_to_state(*state) for state in states]

    assert all(path and loaded.origins.place_of(path) for path in paths)


def test_what_is_taken_in_leads_into_the_track_file(tmp_path: Path):
    (tmp_path / "helper.yaml").write_text(
        "process: helper\nkind: track\nversion: 1\ntitle: Helper\nstates: {rest: {kind: idle}}\n"
    )
    taker = tmp_path / "taker.yaml"
    taker.write_text(
        "process: taker\nversion: 1\ntitle: Taker\nstart: a\n"
        "states: {a: {}}\ntracks: {vendor: {process: helper@1}}\n"
    )
    origins = read(taker).origins

    path = origins.path_to_state("vendor", "rest")
    place = origins.place_of(path or ())

    assert path == ("tracks", "vendor", "states", "rest")
    assert place is not None
    assert (place.mark.file, place.mark.line) == (str(tmp_path / "helper.yaml"), 5)
