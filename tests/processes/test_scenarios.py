"""Every scenario goes as told, on every store; a wrong one says what went otherwise."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from escalation_engine import DefinitionError, load_text
from escalation_engine.testing.playing import Happened, ScenarioFailed, play
from escalation_engine.testing.scenario import read_scenario

PROCESSES = Path(__file__).parents[2] / "processes"
SCENARIOS = sorted((PROCESSES / "scenarios").rglob("*.yaml"))


@pytest.mark.parametrize("store", ["memory", "sqlite"])
@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_scenario_goes_as_told(path: Path, store: str, tmp_path: Path):
    url = "memory://" if store == "memory" else f"sqlite:///{tmp_path / 'cases.db'}"

    play(read_scenario(path), engine_url=url)


def test_every_process_has_scenarios():
    told = {path.parent.name for path in SCENARIOS}

    taken_in = {
        name
        for path in PROCESSES.glob("*.yaml")
        if path.stem in told
        for name in re.findall(r"process: (\w+)@", path.read_text(encoding="utf-8"))
    }
    shipped = [*PROCESSES.glob("*.yaml"), *PROCESSES.glob("tailorings/*.yaml")]
    assert told | taken_in == {path.stem for path in shipped}


STORY = f"""\
scenario: A short story
process: {PROCESSES / "help_desk.yaml"}
people: {{ann: [service_desk], tom: [tier1]}}
guards: {{resolvable_here: yes}}
steps:
  - {{open: request, by: ann, data: {{client: C-7}}}}
"""


def test_a_wrong_expectation_tells_line_expectation_finding_state_and_journal(tell):
    with pytest.raises(ScenarioFailed) as failed:
        tell(
            "  - send: document",
            "    by: ann",
            "    data: {issue: No dial tone}",
            "    then:",
            "      state: support.tier1.work",
            "      assignee: tier2",
        )

    file, message = failed.value.mark.file, str(failed.value)
    assert message == "\n".join(
        [
            f"{file}:11: A short story: step 2 (ann sends document) does not go as told",
            "  state: expected support.tier1.work; found support.tier1.qualification",
            "  assignee: expected assignee held by tier2; found tier1",
            "  the case stands in: support.tier1.qualification, idle",
            "  journal so far: request, document",
        ]
    )


@pytest.mark.parametrize(
    ("expectation", "words"),
    [
        ("outcome: resolved", "outcome: expected resolved; found none"),
        ("states: {main: closed}", "states: expected main in closed; found identification"),
        ("data: {client: C-8}", "data: expected client to be 'C-8'; found 'C-7'"),
        ("data: {client: null}", "data: expected client to be nothing; found 'C-7'"),
        ("count: {reworks: 1}", "count: expected reworks to be 1; found 0"),
        ("owner: ann", "owner: expected owner held by ann; found nobody"),
        ("slots: {poc: ann}", "slots: expected poc held by ann; found nobody"),
        (
            "holders: {assignee: [tier1]}",
            "holders: expected assignee given to tier1; found service_desk",
        ),
        ("notified: [client]", "notified: expected client; found nothing"),
        ("performed: [engage_vendor]", "performed: expected engage_vendor; found nothing"),
        ("alarms: [tier1]", "alarms: expected tier1; found nothing"),
        ("journal: [request, document]", "journal: expected request, document; found request"),
        ("options: [decide]", "options: expected decide to be possible; found document"),
        (
            "not_options: [document]",
            "not_options: expected document not to be possible; found document",
        ),
    ],
)
def test_each_expectation_tells_what_was_found(tell, expectation: str, words: str):
    with pytest.raises(ScenarioFailed) as failed:
        tell(f"then: {{{expectation}}}")

    assert f"  {words}" in str(failed.value).splitlines()


def test_a_refusal_that_was_not_told_of_fails_with_its_reasons(tell):
    with pytest.raises(ScenarioFailed, match=r"step 2.*\n.*to be accepted.*(?s:.*)`issue`"):
        tell("  - {send: document, by: ann}")


def test_an_acceptance_where_a_refusal_was_told_of_fails(tell):
    with pytest.raises(ScenarioFailed, match="refused: expected missing_data; found .*accepted"):
        tell("  - {send: document, by: ann, data: {issue: x}, refused: missing_data}")


def test_a_refusal_for_another_reason_fails(tell):
    with pytest.raises(ScenarioFailed, match="refused: expected missing_data client; found"):
        tell("  - {send: document, by: ann, refused: {missing_data: client}}")


def test_a_guard_without_an_answer_fails_by_name(tell):
    with pytest.raises(ScenarioFailed, match="does not say what the guard resolvable_here answers"):
        tell(
            "  - {send: document, by: ann, data: {issue: x}}",
            "  - {send: qualify, by: tom, guards: {resolvable_here: []}}",
        )


def test_knowing_what_is_possible_uses_no_answer_up(tell):
    played = tell(
        "  - {send: document, by: ann, data: {issue: x}, guards: {resolvable_here: [yes, no]}}",
        "  - {note: Ready, by: tom, then: {options: [qualify]}}",
        "  - {send: qualify, by: tom}",
    )

    assert played.case is not None
    assert played.case.state == "support.tier1.work"


def test_an_opening_that_is_refused_as_told_leaves_no_case(write):
    story = write(STORY.replace("by: ann, data", "by: tom, refused: wrong_role, data"))

    assert play(read_scenario(story)).case is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("  - {open: request, by: ann, data: {client: C-8}}", "the case is open already"),
        ("  - {directory: {tier1: tom}}", "there is no `directory` at the top"),
    ],
)
def test_a_step_that_cannot_be_taken_says_why(tell, line: str, words: str):
    with pytest.raises(ScenarioFailed, match=words):
        tell(line)


def test_a_step_before_the_opening_says_so(write):
    story = write(STORY.replace("open: request, by: ann, data: {client: C-7}", "note: x, by: ann"))

    with pytest.raises(ScenarioFailed, match="the case is not open yet"):
        play(read_scenario(story))


def test_an_action_that_fails_stays_in_the_outbox_and_harms_nobody(tell):
    played = tell(
        "  - {send: document, by: ann, data: {issue: x}}",
        "  - {send: engage_vendor, by: tom}",
        "  - {deliver: {engage_vendor: fails}}",
        "then: {performed: [engage_vendor]}",
    )

    assert played.case is not None


def test_whoever_plays_it_sees_every_step(write):
    seen: list[Happened] = []
    story = write(STORY + "  - {send: document, by: ann, refused: missing_data}\n")

    play(read_scenario(story), on_step=seen.append)

    assert [(one.number, len(one.entries), one.refusal is None) for one in seen] == [
        (1, 1, True),
        (2, 0, False),
    ]


def test_another_chart_can_be_played_instead_of_the_scenarios_own(write):
    text = (PROCESSES / "help_desk.yaml").read_text(encoding="utf-8")
    other = load_text(text.replace("version: 1", "version: 2"))

    played = play(read_scenario(write(STORY)), chart=other)

    assert played.case is not None
    assert played.case.version == 2


def test_all_faults_of_a_file_come_with_their_places(write):
    story = write(
        STORY.replace("scenario:", "scenarios:")
        + "  - {send: document, by: zoe, than: {}}\n  - {by: ann}\n"
    )

    with pytest.raises(DefinitionError) as faults:
        read_scenario(story)

    assert [(one.code, one.mark.line) for one in faults.value.findings] == [
        ("E110", 1),
        ("E110", 7),
        ("E111", 8),
    ]


def test_somebody_who_is_not_among_the_people_is_a_fault(write):
    story = write(STORY + "  - {send: document, by: zoe}\n")

    with pytest.raises(DefinitionError, match="`zoe` is not one of the people"):
        read_scenario(story)


def test_what_is_not_yaml_is_a_fault(write):
    with pytest.raises(DefinitionError, match="E101"):
        read_scenario(write("scenario: [\n"))


@pytest.fixture
def write(tmp_path: Path):
    def write(text: str) -> Path:
        path = tmp_path / "story.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def tell(write):
    """Play the short story with these lines behind it."""

    def tell(*lines: str):
        return play(read_scenario(write(STORY + "\n".join(lines) + "\n")))

    return tell
