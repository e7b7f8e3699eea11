"""The command line as a process: exit codes, pipes, colour, interrupts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

COMMAND = [sys.executable, "-c", "from escalation_engine.cli.main import run; run()"]


def run(*arguments: object, **options):
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False, **options
    )


def test_help_names_every_command_and_what_it_does():
    told = run("--help").stdout

    for command in ("check", "expand", "play", "diagram", "hooks", "schema", "journal"):
        assert f"│ {command} " in told


def test_help_loads_nothing_that_a_command_needs():
    script = (
        "import sys; from escalation_engine.cli import main; "
        "print(*(name for name in sys.modules if name.startswith('escalation_engine')))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()

    heavy = {"pydantic", "sqlalchemy", "yaml", "escalation_engine.core", "escalation_engine.chart"}
    assert heavy & set(loaded) == set()


def test_what_is_piped_has_no_colour(desk):
    assert "\x1b" not in run("check", desk).stdout


def test_the_exit_code_reaches_the_shell(tmp_path):
    path = tmp_path / "faulty.yaml"
    path.write_text("process: [\n")

    assert run("check", path).returncode == 1
    assert run("check", tmp_path / "nope.yaml").returncode == 2


def test_a_reader_that_goes_away_is_no_error_to_talk_about(desk):
    reading, writing = os.pipe()
    os.close(reading)

    finished = subprocess.run(
        [*COMMAND, "schema"], stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )

    os.close(writing)
    assert (finished.returncode, finished.stderr) == (141, "")


@pytest.mark.skipif(os.name != "posix", reason="signals as shells have them")
def test_an_interrupt_exits_with_130(desk):
    playing = subprocess.Popen(
        [*COMMAND, "play", str(desk)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert playing.stdout is not None
    while not playing.stdout.read(1):
        pass
    playing.stdout.readline()
    playing.stdout.readline()
    playing.send_signal(signal.SIGINT)
    _, told = playing.communicate(timeout=30)

    assert (playing.returncode, told.decode().strip()) == (130, "interrupted")


def test_a_case_is_played_through_a_plain_pipe(desk):
    finished = run("play", desk, "--as", "ann:desk", input="No tone\n1\n\ny\nthe cable\n")

    assert finished.returncode == 0
    assert finished.stdout.endswith("closed: solved, in Done\n")
    assert "\x1b" not in finished.stdout
