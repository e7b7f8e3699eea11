"""Every code is explained; each example has its fault, and loses it by its mend."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from escalation_engine.errors import Finding, Severity
from escalation_engine.loader import check, read
from escalation_engine.verify import ALL_CODES, Explained, explained, verify

PAGES = Path(__file__).parents[2] / "escalation_engine" / "verify" / "explained"
NO_EXAMPLE = {"E100", "E701", "E702"}  # no text of a file can show them


def about(code: str) -> Explained:
    found = explained(code)
    assert found is not None
    return found


def found_in(files: Mapping[str, str], folder: Path) -> list[Finding]:
    for name, text in files.items():
        (folder / name).write_text(text.replace("␇", "\a"), encoding="utf-8")
    path = folder / list(files)[-1]
    chart, findings = check(path)
    return list(findings) if chart is None else list(verify(read(path)).findings)


def test_each_code_has_a_page_and_each_page_a_code():
    assert {page.stem for page in PAGES.glob("*")} == set(ALL_CODES)


@pytest.mark.parametrize("code", ALL_CODES)
def test_each_page_says_something_and_shows_it(code: str):
    assert about(code).paragraphs
    assert bool(about(code).example) is (code not in NO_EXAMPLE)


@pytest.mark.parametrize("code", sorted(ALL_CODES.keys() - NO_EXAMPLE))
def test_an_example_has_the_fault_that_it_shows(code: str, tmp_path: Path):
    assert code in {one.code for one in found_in(about(code).faulty(), tmp_path)}


@pytest.mark.parametrize("code", sorted(ALL_CODES.keys() - NO_EXAMPLE))
def test_a_mended_example_has_it_no_more_and_no_fault_instead(code: str, tmp_path: Path):
    found = found_in(about(code).mended(), tmp_path)

    assert [str(one) for one in found if one.code == code] == []
    assert [str(one) for one in found if one.severity is Severity.ERROR] == []


def test_a_code_that_does_not_exist_is_not_explained():
    assert explained("E999") is None
