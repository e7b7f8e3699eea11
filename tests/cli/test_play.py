"""`escalate play`: by a script, and by hand with what is typed line by line."""

from __future__ import annotations

import pytest

OPEN = ("1", "No tone")  # the role of the service desk, then what the problem is


def test_a_script_is_told_step_by_step_and_exits_with_0(escalate, desk, script):
    result = escalate("play", desk, "--script", script)

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "The expert solves it",
        "   1  ring by ann",
        "      → In work, with Service desk",
        "   2  The issue is solved (solve) by ann",
        "      refused, as told: it takes a note",
        "      → In work, with Service desk",
        "   3  The issue is solved (solve) by ann",
        "      → With an expert, with Expert",
        "   4  record closing by eve",
        "      → With an expert, with Expert",
        "   5  close by eve",
        "      tell Client: Your request is done",
        "      → Done",
        "",
        "5 steps went as told; closed: solved",
    ]


def test_the_journal_is_printed_when_asked_for(escalate, desk, script):
    assert "(T-1)" not in escalate("play", desk, "--script", script).stdout
    assert "(T-1)" in escalate("play", desk, "--script", script, "--journal").stdout


def test_a_script_that_does_not_go_as_told_exits_with_1_and_says_where(escalate, desk, script):
    script.write_text(script.read_text().replace("state: done", "state: open"))

    result = escalate("play", desk, "--script", script)

    assert result.exit_code == 1
    assert f"{script}:11: " in result.stderr
    assert "expected open; found done" in result.stderr


def test_a_script_about_another_process_exits_with_2(escalate, desk, script):
    other = desk.with_name("other.yaml")
    other.write_text(desk.read_text())

    result = escalate("play", other, "--script", script)

    assert result.exit_code == 2
    assert "is about" in result.stderr


def test_a_case_is_played_by_hand_to_its_end(escalate, desk):
    result = escalate("play", desk, "--as", "ann", typed=(*OPEN, "1", "", "y", "it was the cable"))

    assert result.exit_code == 0
    assert "? Can the desk do it alone? [y/n]" in result.stdout
    assert "tell Client: Your request is done" in result.stdout
    assert "Can the desk do it alone? yes: it was the cable" in result.stdout
    assert result.stdout.endswith("closed: solved, in Done\n")


def test_options_are_numbered_with_what_they_need_and_where_they_may_lead(escalate, desk):
    told = escalate("play", desk, "--as", "ann:desk", typed=("No tone",)).stdout

    assert "   1  The issue is solved  → Done or With an expert\n" in told
    assert "   2  vendor\n" in told


def test_why_not_is_told_on_request(escalate, desk):
    told = escalate("play", desk, "--as", "ann:desk", typed=("No tone", "?")).stdout

    assert "   -  close\n      `close` is not taken in `In work`" in told


def test_what_turns_out_to_be_missing_is_asked_for_and_no_guard_twice(escalate, desk):
    typed = ("No tone", "1", "", "n", "too hard", "Needs an expert", "j", "q")
    told = escalate("play", desk, "--as", "ann:desk", typed=typed).stdout

    assert told.count("[y/n]") == 1
    assert "It takes more:\nNote:" in told
    assert "note        Needs an expert" in told


def test_what_is_refused_is_told_and_the_case_goes_on(escalate, desk):
    typed = ("No tone", "a", "eve:expert", "1", "I can do it", "", "y", "", "j", "q")
    result = escalate("play", desk, "--as", "ann:desk", typed=typed)

    assert result.exit_code == 0
    assert "No. solve was refused" in result.stdout
    assert "eve may not: it is for desk" in result.stdout
    assert "open, in In work" in result.stdout


def test_who_may_not_open_is_told_so_and_somebody_else_may(escalate, desk):
    typed = ("x", "", "a", "ann:desk", "No tone", "q")
    result = escalate("play", desk, "--as", "eve:expert", typed=typed)

    assert "No. eve may not open a case: it is for Service desk (desk)" in result.stdout
    assert "      that is none of these\n" in result.stdout
    assert "ann can:" in result.stdout


def test_who_may_not_open_can_leave(escalate, desk):
    result = escalate("play", desk, "--as", "eve:expert", typed=("q", "a", "ann:desk"))

    assert result.exit_code == 0
    assert result.stdout.endswith("left\n")


def test_an_unknown_role_is_told_with_the_nearest_and_exits_with_2(escalate, desk):
    result = escalate("play", desk, "--as", "tina:expart")

    assert result.exit_code == 2
    assert "--as tina:expart: there is no role `expart`; did you mean `expert`?" in result.stderr


def test_an_unknown_role_of_somebody_else_is_told_and_nothing_changes(escalate, desk):
    told = escalate("play", desk, "--as", "ann:desk", typed=("No tone", "a", "eve:ghost", "q"))

    assert "there is no role `ghost`; defined: `client`, `desk`, `expert`" in told.stdout
    assert told.stdout.count("ann can:") == 2


def test_a_value_that_does_not_fit_is_told_at_once_and_asked_again(escalate, desk):
    desk.write_text(desk.read_text().replace("type: integer,", "type: integer, minimum: 1,"))
    typed = ("No tone", "r", "1", "0", "3", "j", "q")
    told = escalate("play", desk, "--as", "ann:desk", typed=typed).stdout

    assert "that does not fit: 0 is less than the minimum of 1" in told
    assert "Rooms affected: – → 3" in told


@pytest.mark.parametrize("way", ["by hand", "by script"])
def test_telling_that_failed_is_said_in_its_step_and_not_logged(
    escalate, desk, script, way, caplog
):
    contacts = 'side: client, contacts: [{channel: phone, address: "***"}]'
    desk.write_text(desk.read_text().replace("side: client", contacts))
    script.write_text(script.read_text().replace("\nthen:", "\n  - {deliver: {}}\nthen:"))
    arguments = ("--script", script) if way == "by script" else ("--as", "ann:desk", "--journal")
    typed = ("No tone", "1", "", "y", "")
    result = escalate("play", desk, *arguments, typed=typed)

    assert "failed: tell" in result.stdout or "failed: telling by phone ***" in result.stdout
    assert "the address is not bound" in result.stdout
    assert result.stderr == ""
    if way == "by hand":
        assert "tried in vain: tell Client: Your request is done" in result.stdout


def test_b_goes_back_from_a_question_and_changes_nothing(escalate, desk):
    typed = ("No tone", "1", "b", "j", "q")
    told = escalate("play", desk, "--as", "ann:desk", typed=typed).stdout

    assert "open, in In work" in told
    assert "   2 " not in told.partition("Case ")[2].partition("open, in")[0]


def test_values_are_asked_for_in_their_type(escalate, desk):
    typed = ("No tone", "r", "1", "many", "3", "j", "q")
    told = escalate("play", desk, "--as", "ann:desk", typed=typed).stdout

    assert "that is not a value for it (a whole number)" in told
    assert "Rooms affected: – → 3" in told


def test_a_checklist_is_answered_with_reasons_where_they_are_wanted(escalate, desk):
    typed = ("No tone", "c", "na", "away", "j", "q")
    told = escalate("play", desk, "--as", "ann:desk", typed=typed).stdout

    assert "checklist   The client was told na" in told


def test_somebody_else_may_act(escalate, desk):
    typed = ("No tone", "a", "eve:expert", "n", "I look at it", "j", "q")
    told = escalate("play", desk, "--as", "ann:desk", typed=typed).stdout

    assert "note  by eve (Expert)" in told
    assert "text        I look at it" in told


def test_an_action_is_shown_when_the_host_would_do_it(escalate, desk):
    told = escalate("play", desk, "--as", "ann:desk", typed=("No tone", "2", "q")).stdout

    assert "→ do: Call the vendor" in told


def test_the_end_of_what_is_typed_leaves_without_a_word_of_error(escalate, desk):
    result = escalate("play", desk, typed=("ann",))

    assert (result.exit_code, result.stderr) == (0, "")


def test_a_task_is_added_finished_and_shown(escalate, tmp_path):
    file = tmp_path / "plan.yaml"
    file.write_text(
        "process: plan\nversion: 1\ntitle: A plan\nroles: {desk: {title: Desk}}\n"
        "tasks: {action_plan: Action}\n".replace("Action}", "{title: Action plan}}")
        + "start: work\nstates:\n  work:\n    on:\n      close: {to: over}\n"
        "  over: {kind: end, outcome: over}\n"
    )

    typed = ("k", "Replace the disk", "desk", "k", "1", "finish", "k", "1", "reopen", "j", "q")
    result = escalate("play", file, "--as", "ann:desk", typed=typed)

    assert "task     Action plan: Replace the disk, of Desk, open" in result.stdout
    assert "task     Action plan: Replace the disk, of Desk, done by ann" in result.stdout
    assert "     task        Action plan: Replace the disk, of Desk, finished" in result.stdout


def test_a_process_without_lists_says_so(escalate, desk):
    result = escalate("play", desk, "--as", "ann", typed=(*OPEN, "k", "q"))

    assert "This process has no lists of tasks." in result.stdout
