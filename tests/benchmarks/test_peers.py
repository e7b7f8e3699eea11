"""The benchmark beside other libraries measures what it says; no test asks how long it takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.peers.__main__ import IN_MEMORY, KEPT, MEASURED, PAGE, PARTS, present
from tests.benchmarks.peers.contender import EVENTS, STATES, Contender
from tests.benchmarks.peers.plan import DEFECTS
from tests.benchmarks.peers.planted_ours import PLANTED, told


@pytest.mark.parametrize("contender", present([*IN_MEMORY, *KEPT]), ids=lambda it: it.name)
def test_each_contender_that_is_installed_climbs_to_the_decision(
    contender: Contender, tmp_path: Path
):
    opened = contender.opened(tmp_path, 2)
    for _ in range(2):
        step = opened()
        states = [step() for _ in range(EVENTS)]

        assert states[-1] == STATES[-1]


@pytest.mark.parametrize("name", [defect.name for defect in DEFECTS])
def test_each_planted_defect_is_told_by_one_code(name: str):
    assert set(PLANTED) == {defect.name for defect in DEFECTS}
    assert told(name).startswith("refused")
    assert "," not in told(name)


def test_the_page_holds_every_part_that_is_measured():
    parts = {found[2]: found[0] for found in MEASURED.finditer(PAGE.read_text(encoding="utf-8"))}

    assert set(parts) == set(PARTS)
    assert all(part.count("\n") > 2 for part in parts.values())
