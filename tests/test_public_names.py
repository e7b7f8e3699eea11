"""The front door: light to import, and every name on it opens."""

from __future__ import annotations

import subprocess
import sys

import pytest

import escalation_engine

HEAVY = {
    "aiosqlite", "asyncio", "greenlet", "holidays", "jsonschema", "pydantic", "rich", "sqlalchemy",
    "transitions", "typer", "yaml",
}  # fmt: skip


def test_importing_the_package_loads_no_dependency():
    assert modules_after_import() & HEAVY == set()


def test_importing_the_package_loads_no_module_of_its_own():
    ours = {name for name in modules_after_import() if name.startswith("escalation_engine")}

    assert ours == {"escalation_engine"}


@pytest.mark.parametrize("name", escalation_engine.__all__)
def test_every_public_name_is_there(name: str):
    assert getattr(escalation_engine, name) is not None


def test_the_public_names_are_what_a_shell_completes():
    assert dir(escalation_engine) == escalation_engine.__all__


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'Motor'"):
        _ = escalation_engine.Motor  # type: ignore[attr-defined]  # the point of the test


def modules_after_import() -> set[str]:
    """What a fresh interpreter has loaded after `import escalation_engine`."""
    script = "import sys, escalation_engine; print(*sys.modules)"
    finished = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(finished.stdout.split())
