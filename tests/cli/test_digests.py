"""Digests at the terminal: a worker sends them, and a played case shows those that list it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from escalation_engine.core import Actor, Digest
from escalation_engine.loader import load
from escalation_engine.runtime import Engine
from escalation_engine.testing.clock import ManualClock
from tests.testing.test_digest_steps import DESK, HEAD

ann = Actor("ann", {"desk"})


class Host:
    def send_list(self, digest: Digest) -> None: ...


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "desk.yaml"
    path.write_text(DESK)
    return path


def test_a_worker_sends_what_is_overdue_once(escalate, file: Path, tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    clock = ManualClock(datetime(2026, 1, 5, 12, tzinfo=UTC))
    with Engine(url, [load(file)], hooks=Host(), clock=clock) as engine:
        engine.open_case("desk", by=ann)
    told = escalate("work", "--db", url, file, "--once").stdout
    again = escalate("work", "--db", url, file, "--once").stdout

    left = "left for a worker with --hooks: 1 effects, 0 firings\n"
    assert told == f"fired 1, delivered 0, failed 0, parked 0\n{left}"
    assert again == f"fired 0, delivered 0, failed 0, parked 0\n{left}"
    with Engine(url, [load(file)], hooks=Host()) as engine:
        (queued,) = engine.outbox("digest:desk/morning")
    assert queued.status == "waiting"
    assert isinstance(queued.effect, Digest)
    assert queued.effect.missed > 100


def test_a_script_shows_the_digest_that_fell_due(escalate, file: Path):
    script = file.with_name("script.yaml")
    script.write_text(HEAD + "  - {wait: 24 hours}\n")
    told = escalate("play", file, "--script", script).stdout

    assert "      2026-06-05 08:00 digest This morning for ann (desk): " in told


def test_by_hand_the_digest_is_shown_when_time_passes(escalate, file: Path):
    told = escalate("play", file, "--as", "ann:desk", typed=("t", "24 hours", "q")).stdout

    assert "digest This morning for desk: " in told
