"""Every claim about a shipped process is shown by a scenario, or by a test named after it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from escalation_engine.testing.scenario import read_scenario

HERE = Path(__file__).parent
SCENARIOS = HERE.parents[1] / "processes" / "scenarios"

CLAIMS = {
    "vcio_ladder": [f"A01.{number}" for number in range(1, 10)],
    "internal_review": [f"A02.{number}" for number in range(1, 4)],
    "contract_escalation": [f"A03.{number}" for number in range(1, 7)],
    "errors_and_concerns": [f"A04.{number}" for number in range(1, 4)],
    "call_transfer": [f"A06.{number}" for number in range(1, 4)],
    "single_point_of_contact": [f"A07.{number}" for number in range(1, 7)],
    "contact_ladder": [f"A08.{number}" for number in range(1, 5)],
    "inquiry_ladder": [f"A09.{number}" for number in range(1, 5)],
    "help_desk": [f"A05.{number}" for number in range(1, 8)],
    "support_request_escalation": [
        *(f"A12.{number}" for number in range(1, 8)),
        *(f"A12a.{number}" for number in range(1, 6)),
        *(f"A12b.{number}" for number in range(1, 5)),
        *(f"A12c.{number}" for number in range(1, 4)),
    ],
    "noc_ladder": [f"A10.{number}" for number in range(1, 7)],
    "complaint": [f"A11.{number}" for number in range(1, 7)],
}


@pytest.mark.parametrize("claim", [one for claims in CLAIMS.values() for one in claims])
def test_every_claim_is_shown(claim: str):
    assert claim in told() | named_in_tests()


def told() -> set[str]:
    """The claims that the scenarios say they show."""
    shown = [read_scenario(path).script.shows for path in SCENARIOS.rglob("*.yaml")]
    return {claim for claims in shown for claim in claims}


def named_in_tests() -> set[str]:
    """The claims that tests are named after: `test_a03_1_…` is named after A03.1."""
    names = [
        name
        for path in HERE.glob("test_*.py")
        for name in re.findall(r"^def test_a(\d+[a-c]?_\d+)_", path.read_text("utf-8"), re.M)
    ]
    return {f"A{name.replace('_', '.')}" for name in names}
