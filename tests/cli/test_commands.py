"""The commands that print one thing: expand, diagram, hooks, schema."""

from __future__ import annotations

import ast
import json
from importlib.metadata import version
from typing import Any

import pytest

from escalation_engine.loader.yaml import parse


def test_expand_prints_the_flat_form_as_yaml(escalate, desk):
    tree: Any
    tree, findings = parse(escalate("expand", desk).stdout, "expanded.yaml")

    assert findings == []
    assert list(tree["tracks"]["main"]["states"]) == ["open", "expert", "done"]


def test_diagram_prints_mermaid_unless_dot_is_asked_for(escalate, desk):
    assert escalate("diagram", desk).stdout.startswith("stateDiagram-v2\n")
    assert escalate("diagram", desk, "--format", "dot").stdout.startswith("digraph process {\n")


def test_hooks_prints_a_module_with_a_method_for_each_hook(escalate, desk):
    module = ast.parse(escalate("hooks", desk).stdout)

    methods = {node.name for node in ast.walk(module) if isinstance(node, ast.FunctionDef)}
    assert {"easy", "call_vendor"} <= methods


def test_schema_prints_the_json_schema_of_a_process(escalate):
    assert json.loads(escalate("schema").stdout)["title"] == "Escalation process"
    assert escalate("schema", "process").stdout == escalate("schema").stdout


@pytest.mark.parametrize("command", ["expand", "diagram", "hooks", "play"])
def test_a_file_with_faults_is_told_on_stderr_and_exits_with_1(escalate, tmp_path, command):
    path = tmp_path / "faulty.yaml"
    path.write_text("process: x\n")

    result = escalate(command, path)

    assert (result.exit_code, result.stdout) == (1, "")
    assert f"{path}:1:1: E112" in result.stderr


@pytest.mark.parametrize("arguments", [["diagram", "--format", "svg"], ["schema", "case"], ["fly"]])
def test_what_is_not_known_exits_with_2(escalate, desk, arguments):
    wanted = [*arguments, desk] if arguments[0] == "diagram" else arguments

    assert escalate(*wanted).exit_code == 2


def test_the_version_is_told(escalate):
    assert escalate("--version").stdout == f"escalate {version('escalation-engine')}\n"


def test_h_helps_and_breaks_no_line_where_its_source_does(escalate):
    told = escalate("play", "-h").stdout

    assert "By hand you choose among what can happen, and answer for the host." in told
