"""The table of codes holds every code that the loader and the chart use, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import escalation_engine
from escalation_engine.loader import CODES

PACKAGE = Path(escalation_engine.__file__).parent
TABLE = PACKAGE / "loader" / "codes.py"


def test_every_code_in_use_has_a_meaning_and_every_meaning_a_use():
    sources = [path.read_text("utf-8") for path in PACKAGE.rglob("*.py") if path != TABLE]

    used = {code for source in sources for code in re.findall(r'"(E1\d\d|E502)"', source)}

    assert used == set(CODES)


def test_the_codes_stand_in_order():
    assert list(CODES) == sorted(CODES)


def test_no_two_codes_mean_the_same():
    assert len(set(CODES.values())) == len(CODES)
