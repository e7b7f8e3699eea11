"""Nothing is found where nothing is wrong."""

from __future__ import annotations

import pytest

from escalation_engine.errors import Severity
from escalation_engine.loader import read_text
from escalation_engine.verify import verify
from tests.verify.oracle.written import write
from tests.verify.planted.planting import LINTS
from tests.verify.planted.sound import sound

STEPS = 10


def assert_nothing_is_found(seed: int) -> None:
    report = verify(read_text(write(sound(seed)).text, name=f"sound{seed}.yaml"))

    said = [one for one in report.findings if one.severity is not Severity.INFORMATION]
    assert [one for one in said if one.code not in LINTS] == []
    assert (report.is_sound, report.silent, report.bounded) == (True, True, True)


@pytest.mark.parametrize("start", range(0, 100, STEPS))
def test_a_sound_process_has_no_findings(start: int):
    for seed in range(start, start + STEPS):
        assert_nothing_is_found(seed)


@pytest.mark.long
@pytest.mark.parametrize("start", range(100, 1100, 100))
def test_a_thousand_sound_processes_have_no_findings(start: int):
    for seed in range(start, start + 100):
        assert_nothing_is_found(seed)
