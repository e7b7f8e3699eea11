"""Every claim about a shipped process is shown by a scenario, or by a test named after it."""

from __future__ import annotations

import pytest

from docs.generate import CLAIMS, ROOT, shipped, what_shows_claims
from escalation_engine.chart.traceability import statements
from escalation_engine.loader import read

SHOWN = what_shows_claims()


@pytest.mark.parametrize("claim", [one for claims in CLAIMS.values() for one in claims])
def test_every_claim_is_shown(claim: str):
    assert SHOWN.get(claim, []) != []


def test_nothing_shows_what_nobody_claims():
    assert set(SHOWN) - {claim for claims in CLAIMS.values() for claim in claims} == set()


def test_every_process_that_has_a_text_has_claims():
    with_text = {path.stem for path in shipped() if statements(read(path).definition)}

    assert with_text == set(CLAIMS)


@pytest.mark.parametrize("process", CLAIMS)
def test_claims_are_made_about_a_process_that_is_there(process: str):
    assert (ROOT / "processes" / f"{process}.yaml").is_file()
