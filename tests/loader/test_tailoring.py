"""A tailoring writes only what differs; the result is an ordinary process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from escalation_engine.chart import Chart
from escalation_engine.loader import Loaded, check, read, read_text
from tests.loader.planted import BASES

HEAD = "tailoring: acme\nextends: desk@3\n"
Tailor = Callable[[str], Loaded]


@pytest.fixture
def tailor() -> Tailor:
    return lambda rest: read_text(HEAD + rest, name="acme.yaml", search=[BASES])


@pytest.fixture
def base() -> Loaded:
    return read(BASES / "desk.yaml")


def levels_of(chart: Chart) -> list[str]:
    return [path for path in chart.main.states if path.count(".") == 1 and path.startswith("work.")]


# ---- merging


def test_a_tailoring_has_a_name_and_keeps_the_version_of_its_base(tailor: Tailor):
    chart = tailor("").chart

    assert (chart.process, chart.version, chart.title) == ("acme", 3, "Desk")


def test_a_tailoring_may_have_a_version_of_its_own(tailor: Tailor):
    assert tailor("version: 12\n").chart.version == 12


def test_a_mapping_merges_into_a_mapping(tailor: Tailor):
    roles = tailor("roles: {second_line: {title: Experts}}\n").chart.roles

    assert roles["second_line"].title == "Experts"
    assert roles["second_line"].alternates == ("first_line",)


def test_a_list_replaces_a_list(tailor: Tailor):
    chart = tailor("roles: {second_line: {alternates: [chief]}}\n").chart

    assert chart.roles["second_line"].alternates == ("chief",)


def test_keys_of_the_base_keep_their_position(tailor: Tailor, base: Loaded):
    tailored = tailor("roles: {porter: {title: Porter}, second_line: {title: Experts}}\n")

    assert list(tailored.chart.roles) == [*base.chart.roles, "porter"]


def test_a_written_null_takes_away(tailor: Tailor):
    chart = tailor("states: {over: {entry: null}}\nmessages: {told: null}\n").chart

    assert "told" not in chart.messages


def test_what_was_taken_away_can_come_back_in_the_next_link(tmp_path: Path):
    (tmp_path / "lean.yaml").write_text(
        "tailoring: lean\nextends: desk@3\nstates: {over: {entry: null}}\nmessages: {told: null}\n"
    )
    text = "tailoring: acme\nextends: lean@3\nmessages: {told: Again}\n"

    chart = read_text(text, search=[tmp_path, BASES]).chart

    assert chart.messages["told"].wording.text == "Again"


def test_a_plain_value_binds_a_parameter(tailor: Tailor):
    loaded = tailor("parameters: {time_box: 2 hours}\n")

    assert loaded.chart.parameters["time_box"] == "2 hours"
    assert loaded.chart.timers["main.work.first:box"].after.text == "2 hours"


# ---- levels


@pytest.mark.parametrize(
    ("place", "order"),
    [
        ("after first", ["work.first", "work.extra", "work.second"]),
        ("before first", ["work.extra", "work.first", "work.second"]),
        ("first", ["work.extra", "work.first", "work.second"]),
        ("last", ["work.first", "work.second", "work.extra"]),
    ],
)
def test_a_new_level_stands_where_place_says(tailor: Tailor, place: str, order: list[str]):
    chart = tailor(
        f"states: {{work: {{levels: {{extra: {{assignee: chief, place: {place}}}}}}}}}\n"
    ).chart

    assert levels_of(chart) == order


def test_a_new_level_without_a_place_is_the_last(tailor: Tailor):
    chart = tailor("states: {work: {levels: {extra: {assignee: chief}}}}\n").chart

    assert levels_of(chart)[-1] == "work.extra"


def test_a_level_of_the_base_can_be_moved(tailor: Tailor):
    chart = tailor("states: {work: {levels: {first: {place: last}}}}\n").chart

    assert levels_of(chart) == ["work.second", "work.first"]


def test_levels_at_one_anchor_stand_in_the_order_written(tailor: Tailor):
    chart = tailor(
        "states: {work: {levels: {a: {place: after first}, b: {place: after first},"
        " c: {place: after b}}}}\n"
    ).chart

    assert levels_of(chart) == ["work.first", "work.a", "work.b", "work.c", "work.second"]


def test_a_new_level_goes_through_what_each_level_does(tailor: Tailor):
    chart = tailor("states: {work: {levels: {extra: {assignee: chief}}}}\n").chart

    assert "pause" in chart.main.branches["work.extra.active"]


def test_what_a_tailoring_says_of_each_level_reaches_the_levels_of_the_base(tailor: Tailor):
    chart = tailor("states: {work: {each_level: {states: {active: {title: Busy}}}}}\n").chart

    assert chart.main.states["work.second.active"].title == "Busy"


def test_a_level_may_change_what_it_has_from_each_level(tailor: Tailor):
    chart = tailor("states: {work: {levels: {first: {timers: {box: {after: 1 hour}}}}}}\n").chart

    afters = {key: timer.after.text for key, timer in chart.timers.items()}
    assert afters == {"main.work.first:box": "1 hour", "main.work.second:box": "none"}


def test_a_level_may_take_away_what_it_has_from_each_level(tailor: Tailor):
    chart = tailor("states: {work: {levels: {first: {timers: {box: null}}}}}\n").chart

    assert list(chart.timers) == ["main.work.second:box"]


def test_a_state_may_be_called_levels(tmp_path: Path):
    (tmp_path / "odd.yaml").write_text(
        "process: odd\nversion: 1\ntitle: Odd\nstart: levels\n"
        "states: {levels: {levels: {one: {}}, each_level: {on: {go: {}}}}}\n"
    )
    text = (
        "tailoring: acme\nextends: odd@1\n"
        "states: {levels: {title: Odd, levels: {two: {place: first, on: {go: null}}}}}\n"
    )

    chart = read_text(text, search=[tmp_path]).chart

    assert list(chart.main.states) == ["levels", "levels.two", "levels.one"]
    assert chart.main.branches["levels.two"] == {}


# ---- renaming


def test_what_refers_to_a_renamed_role_follows(tailor: Tailor, base: Loaded):
    chart = tailor("roles: {front: {was: first_line, title: Front desk}}\n").chart

    assert list(chart.roles) == ["front", "second_line", "chief"]
    assert chart.roles["second_line"].alternates == ("front",)
    assert chart.main.states["work.first"].entry.assign[0].name == "front"
    climb = chart.main.branches["work.first.active"]["climb"][0].transition
    assert climb.by is not None
    assert climb.by.roles == {"front", "second_line"}


def test_what_refers_to_a_renamed_field_follows_into_conditions_and_messages(tailor: Tailor):
    chart = tailor("data: {why: {was: reason}}\n").chart

    close = chart.main.branches["work.first.active"]["close"][0].transition
    assert close.when is not None
    assert close.when.fields == {"why"}
    assert chart.messages["told"].wording.text == "{data.why}"
    assert chart.events["close"].needs == ("why",)


def test_what_refers_to_a_renamed_level_follows(tailor: Tailor):
    text = "states: {work: {levels: {front: {was: first}, back_office: {was: second}}}}\n"
    chart = tailor(text).chart

    decide = chart.main.branches["decision"]["decide"]
    assert chart.fields["wanted"].default == "back_office"
    assert str(decide[0].transition.when) == "wanted == front and wanted == front"
    assert decide[-1].target == "work.back_office.active"


def test_a_state_renamed_in_each_level_is_renamed_in_every_level(tailor: Tailor):
    chart = tailor("states: {work: {each_level: {states: {resting: {was: waiting}}}}}\n").chart

    assert chart.timers["main.work.first:box"].paused_in == ("main.work.first.resting",)
    assert chart.main.branches["work.first.active"]["pause"][0].target == "work.first.resting"


def test_a_ladder_that_is_renamed_is_followed_where_its_end_is_named(tmp_path: Path):
    (tmp_path / "ends.yaml").write_text(
        "process: ends\nversion: 1\ntitle: Ends\nstart: climb\n"
        "states: {climb: {levels: {one: {}, two: {}}, each_level: {states: {a: {on: {go: {}}}}}}}\n"
        "tracks: {side: {states: {rest: {kind: idle, on: {go: "
        "{to: busy, when: in main.climb.last_level.a}}}, busy: {on: {stop: {to: rest}}}}}}\n"
    )
    text = (
        "tailoring: acme\nextends: ends@1\n"
        "states: {ladder: {was: climb, each_level: {states: {b: {was: a}}}}}\n"
    )

    chart = read_text(text, search=[tmp_path]).chart

    (way,) = chart.tracks[1].branches["rest"]["go"]
    assert str(way.transition.when) == "in main.ladder.two.b"


def test_what_is_renamed_can_be_changed_at_once(tailor: Tailor):
    chart = tailor("roles: {front: {was: first_line, title: Front desk}}\n").chart

    assert chart.roles["front"].title == "Front desk"


# ---- chains


@pytest.fixture
def chain(tmp_path: Path) -> Path:
    """A site's tailoring of a customer's, which extends an industry's."""
    (tmp_path / "industry.yaml").write_text(
        "tailoring: industry\nextends: desk@3\nsealed: [roles.auditor]\n"
        "roles: {auditor: {title: Auditor}}\nparameters: {time_box: 8 hours}\n"
    )
    (tmp_path / "customer.yaml").write_text(
        "tailoring: customer\nextends: industry@3\nparameters: {time_box: 4 hours}\n"
    )
    (tmp_path / "site.yaml").write_text("tailoring: site\nextends: customer@3\ntitle: Site\n")
    return tmp_path / "site.yaml"


def test_a_chain_is_laid_link_over_link(chain: Path):
    chart = read(chain, search=[BASES]).chart

    assert (chart.process, chart.title) == ("site", "Site")
    assert chart.parameters["time_box"] == "4 hours"
    assert "auditor" in chart.roles


def test_a_seal_names_the_link_that_put_it(chain: Path):
    chain.write_text(chain.read_text() + "roles: {auditor: {title: Spy}}\n")

    _, (finding,) = check(chain, search=[BASES])

    assert finding.code == "E136"
    assert "sealed by `industry`" in finding.message
    assert "industry.yaml:3" in finding.message


def test_what_is_sealed_may_be_given_a_source(chain: Path):
    cited = "roles: {auditor: {source: [S1]}}\nsources: {S1: {title: Rules}}\n"
    chain.write_text(chain.read_text() + cited)

    assert read(chain, search=[BASES]).definition.roles["auditor"].source == ("S1",)


@pytest.mark.parametrize("rest", ["sealed: [roles.auditor.source]\n", ""])
def test_a_source_that_is_sealed_itself_stays_and_none_is_taken_away(chain: Path, rest: str):
    industry = chain.with_name("industry.yaml")
    text = industry.read_text() + "sources: {S1: {title: Rules}}\n"
    text = text.replace("title: Auditor", "title: Auditor, source: [S1]")
    industry.write_text(text.replace("sealed: [roles.auditor]\n", rest) if rest else text)
    chain.write_text(
        chain.read_text() + f"roles: {{auditor: {{source: {'[S1]' if rest else 'null'}}}}}\n"
    )

    _, (finding,) = check(chain, search=[BASES])

    assert finding.code == "E136"


def test_a_link_may_write_what_it_seals_itself(chain: Path):
    assert "auditor" in read(chain.with_name("industry.yaml"), search=[BASES]).chart.roles


def test_a_fault_of_the_result_points_into_the_file_that_caused_it(chain: Path):
    customer = chain.with_name("customer.yaml")
    customer.write_text(customer.read_text() + "states: {decision: {assignee: nobody_here}}\n")

    _, (finding,) = check(chain, search=[BASES])

    assert finding.mark == (str(customer), 4, 31)
    assert "nobody_here" in finding.excerpt


def test_a_fault_of_the_base_points_into_the_base(tmp_path: Path):
    (tmp_path / "broken.yaml").write_text("process: broken\nversion: 1\ntitle: Broken\nstates: [\n")
    (tmp_path / "acme.yaml").write_text("tailoring: acme\nextends: broken@1\n")

    _, (finding,) = check(tmp_path / "acme.yaml")

    assert (finding.code, Path(finding.mark.file).name) == ("E101", "broken.yaml")
    assert finding.excerpt


def test_a_tailored_track_file_can_be_taken_in(tmp_path: Path):
    (tmp_path / "helper.yaml").write_text(
        "process: helper\nkind: track\nversion: 1\ntitle: Helper\nstates: {rest: {kind: idle}}\n"
    )
    (tmp_path / "our_helper.yaml").write_text(
        "tailoring: our_helper\nextends: helper@1\nstates: {rest: {title: At rest}}\n"
    )
    taker = tmp_path / "taker.yaml"
    taker.write_text(
        "process: taker\nversion: 1\ntitle: Taker\nstart: a\n"
        "states: {a: {}}\ntracks: {vendor: {process: our_helper@1}}\n"
    )

    chart = read(taker).chart

    assert chart.tracks[1].states["rest"].title == "At rest"


# ---- promises


PROMISING = """\
process: promising
version: 1
title: Promising
start: a
data: {told: {type: boolean}}
promises:
  told_before_end: {never: outcome done, before: told}
states: {a: {on: {go: {to: b}}}, b: {kind: end, outcome: done}}
"""


@pytest.fixture
def promising(tmp_path: Path) -> Path:
    (tmp_path / "promising.yaml").write_text(PROMISING)
    return tmp_path


def faults_with(folder: Path, rest: str) -> list[tuple[str, str]]:
    path = folder / "acme.yaml"
    path.write_text("tailoring: acme\nextends: promising@1\n" + rest)
    return [(finding.code, finding.message) for finding in check(path)[1]]


@pytest.mark.parametrize("change", ["null", "{never: outcome done}"])
def test_a_promise_of_the_base_binds(promising: Path, change: str):
    found = dict(faults_with(promising, f"promises: {{told_before_end: {change}}}\n"))

    assert "is a promise of `promising`" in found["E136"]


def test_a_promise_whose_names_vanish_is_an_error_that_names_both(promising: Path):
    found = dict(faults_with(promising, "data: {told: null}\n"))

    assert "`data.told` cannot be taken away" in found["E135"]
    assert "promises.told_before_end" in found["E135"]
