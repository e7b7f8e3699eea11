"""Documents that cannot rot: links lead somewhere, and each page keeps its form.

What stands in the blocks of a page is tried in test_blocks.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import FENCE, PAGES, README, ROOT, blocks, named

DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))

COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
LINK = re.compile(r"\]\((?P<target>[^)\s]+)(?:\s+\"[^\"]*\")?\)")
HEADING = re.compile(r"^#+ +(?P<title>.+?) *$", re.MULTILINE)
SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:")


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_leads_somewhere(page: Path):
    broken = [target for target in links(page) if not leads_somewhere(page, target)]

    assert broken == []


def test_every_page_is_linked_from_another():
    linked = {
        (page.parent / target.partition("#")[0]).resolve()
        for page in PAGES
        for target in links(page)
        if not target.startswith("#")
    }

    assert [named(page) for page in PAGES if page != README and page not in linked] == []


def test_the_check_command_is_the_one_of_the_readme():
    shebang, command = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()

    assert shebang == "#!/usr/bin/env bash"
    assert command in [block.text.strip() for block in blocks(README) if block.language == "sh"]


def test_the_readme_is_read_in_one_sitting():
    assert len(README.read_text(encoding="utf-8").splitlines()) <= 150


def test_a_decision_fits_a_page():
    lengths = {named(page): len(page.read_text("utf-8").splitlines()) for page in DECISIONS}

    assert {page: count for page, count in lengths.items() if count > 40} == {}


def test_decisions_are_numbered_from_one_without_a_gap():
    numbers = [int(page.name.partition("-")[0]) for page in DECISIONS]

    assert numbers == list(range(1, len(numbers) + 1))


def links(page: Path) -> Iterator[str]:
    """The targets of `page`'s links that point into this repository."""
    prose = COMMENT.sub("", FENCE.sub("", page.read_text(encoding="utf-8")))
    for found in LINK.finditer(re.sub(r"`[^`\n]*`", "", prose)):
        if not SCHEME.match(found["target"]):
            yield found["target"]


def leads_somewhere(page: Path, target: str) -> bool:
    path, _, anchor = target.partition("#")
    goal = (page.parent / path).resolve() if path else page
    if not goal.is_relative_to(ROOT) or not goal.exists():
        return False
    return not anchor or goal.suffix != ".md" or anchor in anchors(goal)


def anchors(page: Path) -> set[str]:
    """The anchors that a forge derives from headings: lower case, hyphens, no punctuation."""
    prose = FENCE.sub("", page.read_text(encoding="utf-8"))
    titles = [found["title"].lower() for found in HEADING.finditer(prose)]
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles}
