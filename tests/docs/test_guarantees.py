"""Every promise of the page on guarantees names tests that exist."""

from __future__ import annotations

import ast
import re

import pytest

from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "explanation" / "guarantees.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
TEXT = PAGE.read_text(encoding="utf-8")
PROMISES = [it for it in re.split(r"\n(?=\*\*|## )", TEXT) if it.startswith("**")]


@pytest.mark.parametrize(("file", "name"), NAMED.findall(TEXT))
def test_a_test_that_is_named_exists(file: str, name: str):
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))

    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("promise", PROMISES, ids=lambda it: it[2:40])
def test_a_promise_names_a_test(promise: str):
    assert NAMED.search(promise)
