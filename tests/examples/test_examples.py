"""The examples run, and say what they should."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"

ENDS = {
    "complaint_office": "  waits for a manager: Billed again\n",
    "service_desk": "  7 closed\n",
}


@pytest.mark.parametrize("example", ENDS)
def test_an_example_runs_to_its_end(example: str):
    printed = run(example)

    assert printed.endswith(ENDS[example])


def test_a_ticket_and_its_vendor_order_stand_beside_the_case(tmp_path: Path):
    database = tmp_path / "desk.db"

    assert "mail to C-7: Line card changed" in run("service_desk", str(database))
    assert "delivered=2" in run("service_desk", str(database))  # and again, on the same database


def test_an_alternate_keeps_the_complaint():
    printed = run("complaint_office")

    assert "with bob (alternate_csm for csm)\neva may not" in printed


def test_every_example_is_tried():
    assert {path.stem for path in EXAMPLES.glob("*.py")} == set(ENDS)


def run(example: str, *arguments: str) -> str:
    """What the example prints; warnings are errors there too."""
    finished = subprocess.run(
        [sys.executable, "-W", "error", str(EXAMPLES / f"{example}.py"), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout
    return finished.stdout
