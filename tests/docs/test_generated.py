"""What the reference takes from the code is as the code is, and nothing of it is left out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from pydantic import BaseModel

import escalation_engine
from docs import generate
from escalation_engine.definition import Process
from escalation_engine.testing.scenario import Script
from tests.docs.pages import PAGES, ROOT, named

REFERENCE = ROOT / "docs" / "reference"
CORE = ROOT / "escalation_engine" / "core"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_page_is_as_the_generator_writes_it(page: Path):
    written = page.read_text(encoding="utf-8")

    assert written == generate.renew(written), "run python docs/generate.py"


@pytest.mark.parametrize(
    ("top", "page"), [(Process, "language.md"), (Script, "scenarios.md")], ids=str
)
def test_every_key_has_its_table(top: type[BaseModel], page: str):
    told = re.findall(r"generated: keys \S*?(\w+) -->", (REFERENCE / page).read_text("utf-8"))

    missing = {kind.__name__ for kind in models_below(top) if own_fields(kind)} - set(told)

    assert missing == set()


def test_every_public_name_is_in_the_interface():
    text = (REFERENCE / "api.md").read_text(encoding="utf-8")

    assert [name for name in escalation_engine.__all__ if not re.search(rf"\b{name}\b", text)] == []


def test_every_kind_of_reason_is_explained():
    text = (REFERENCE / "reasons.md").read_text(encoding="utf-8")

    explained = set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))

    assert explained == set(kinds_of_reasons())


def kinds_of_reasons() -> Iterator[str]:
    """The first argument of every `Reason(…)` in the core."""
    for module in CORE.glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name("Reason"), args=[ast.Constant(str() as kind), *_]):
                    yield kind


def models_below(top: type[BaseModel]) -> set[type[BaseModel]]:
    """The model, its bases, and every model that its fields can hold."""
    found: set[type[BaseModel]] = set()
    waiting: list[Any] = [top]
    while waiting:
        kind = waiting.pop()
        waiting += get_args(kind)
        if isinstance(kind, type) and issubclass(kind, BaseModel) and kind not in found:
            bases = [base for base in kind.__mro__ if issubclass(base, BaseModel)]
            found |= {base for base in bases if base is not BaseModel}
            waiting += get_type_hints(kind, include_extras=True).values()
    return found


def own_fields(kind: type[BaseModel]) -> set[str]:
    return set(kind.__annotations__) & set(kind.model_fields)
