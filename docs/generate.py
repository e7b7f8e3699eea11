"""Writes those parts of the reference that the code knows best: `python docs/generate.py`.

Such a part stands between `<!-- generated: NAME ARGUMENT -->` and `<!-- end -->`; what is around it
is written by hand. A test compares, so that a change of the code shows up as a page to be renewed.
"""

from __future__ import annotations

import inspect
import json
import re
import textwrap
import types
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo
from typer.models import ArgumentInfo

from escalation_engine import errors, verify
from escalation_engine.chart import traceability
from escalation_engine.chart.printed_order import misprints
from escalation_engine.cli.main import app
from escalation_engine.condition import parse as conditions
from escalation_engine.core import step
from escalation_engine.definition import data, model, promise, time, transition, wording
from escalation_engine.loader import (
    Loaded,
    characters,
    chart_schema,
    process_schema,
    read,
    tailoring_schema,
    yaml,
)
from escalation_engine.runtime import deciding, edge
from escalation_engine.store.tables import METADATA
from escalation_engine.testing import expected, scenario

ROOT = Path(__file__).parents[1]
PAGES = sorted(Path(__file__).parent.rglob("*.md"))
CLAIMS = cast(
    "dict[str, dict[str, str]]",
    yaml.parse(Path(__file__).with_name("claims.yaml").read_bytes(), "claims.yaml")[0],
)
PART = re.compile(
    r"(?P<start><!-- generated: (?P<name>\w+) ?(?P<argument>\S*) -->\n).*?(?P<end><!-- end -->)",
    re.DOTALL,
)
WIDTH = 88
SCHEMAS = {"chart": chart_schema, "process": process_schema, "tailoring": tailoring_schema}


def main() -> None:
    """Rewrite every page and every schema that has changed."""
    for name, schema in SCHEMAS.items():
        written = json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
        (ROOT / "schemas" / f"{name}.schema.json").write_text(written, encoding="utf-8")
    for page in PAGES:
        written = page.read_text(encoding="utf-8")
        if (renewed := renew(written)) != written:
            page.write_text(renewed, encoding="utf-8")
            print(page)  # noqa: T201 - a command line prints


def renew(text: str) -> str:
    """Return the text of a page with its generated parts as the code is now."""

    def part(found: re.Match[str]) -> str:
        lines = "\n".join(PARTS[found["name"]](found["argument"]))
        return f"{found['start']}\n{lines}\n\n{found['end']}"

    return PART.sub(part, text)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield a Markdown table."""
    titles = list(head)
    yield f"| {' | '.join(titles)} |"
    yield f"|{'---|' * len(titles)}"
    for row in rows:
        cells = [cell.replace("|", "\\|") for cell in row]
        yield f"| {' | '.join(cells)} |".replace("|  |", "| |")


# Keys of process files and of scenarios, from the pydantic models.

# How the aliases of the models are said in words; the first that equals an annotation counts.
ALIASES: list[tuple[object, str]] = [
    (model.Name, "name"),
    (model.Path, "name"),
    (model.Names, "name, or list of names"),
    (model.Literals, "list of values"),
    (model.Scalar, "value"),
    (data.JsonType, "JSON type"),
    (data.Number, "number"),
    (data.Count, "whole number, 0 or more"),
    (data.Pattern, "regular expression"),
    (transition.Condition, "[condition](conditions.md)"),
    (promise.Asked, "[condition](conditions.md#what-promises-can-ask)"),
    (transition.Branches, "[branch](#transitions), or list of branches"),
    (transition.Openings, "[opening](#openings), or list of openings"),
    (transition.OpenCases, "[linked case](#linked-cases), or list of them"),
    (transition.Do, "action, list of actions, or mapping of action to arguments"),
    (transition.Arguments, "mapping of argument to value"),
    (wording.Moment, "[moment](#moments)"),
    (wording.Moments, "[moment](#moments), or list of moments"),
    (wording.SomeMoments, "[moment](#moments), or list of moments"),
    (transition.Amount, "[duration](#durations)"),
    (transition.Word, "text"),
    (time.ScheduleText, "[schedule](#schedules)"),
    (time.Recurrence, "[schedule](#schedules) or [duration](#durations)"),
    (time.Hours, "text, or list of texts"),
    (time.Added, "list of dates, or mapping of date to name"),
    (time.Warnings, "[mark](#marks), list of marks, or mapping of mark to [body](#bodies)"),
    (time.Whiles, "`in STATE`, or list of them"),
    (wording.Guard, "question, or [guard](#guards)"),
    (wording.Action, "title, or [action](#actions)"),
    (wording.Message, "text, or [message](#messages)"),
    (wording.ChecklistItem, "text, or [item](#checklists)"),
    (wording.Event, "title, or [event](#events)"),
    (expected.Text, "text"),
    (expected.Texts, "text, or list of texts"),
    (scenario.Answer, "`yes` or `no`, or mapping of one of them to its reason"),
    (scenario.Guards, "mapping of guard to answer, or to list of answers"),
    (scenario.Directory, "mapping of role to person, or to [nobody](#nobody-there)"),
    (scenario.Refused, "kind, list of kinds, or mapping of kind to subject or words"),
    (scenario.Step, "[step](#steps)"),
    (Any, "value"),
]
PLAIN = {
    bool: "`true` or `false`", int: "whole number", float: "number", str: "text",
    AwareDatetime: "instant with its offset",
}  # fmt: skip
SECTIONS = {
    "ValueSchema": "schema", "LevelField": "`{level: FIELD}`", "ValueFrom": "[value](#values)",
    "Requirements": "[requirements](#gates)", "Body": "[body](#bodies)",
    "State": "[state](#states)",
    "Track": "[track](#tracks)", "Expectations": "[expectations](#taking-in)",
    "Source": "[source](#sources)", "Parameter": "[parameter](#parameters)",
    "DataField": "[field](#data)", "Role": "[role](#roles)", "Slot": "[slot](#slots)",
    "Contact": "[contact](#roles)", "Checklist": "[checklist](#checklists)",
    "Count": "[count](#counts)", "TaskList": "[task list](#tasks)",
    "Wording": "[wording](#messages)",
    "Expected": "[expected](#what-is-expected)", "Facts": "[facts](#record)",
    "Away": "[nobody](#nobody-there)",
    "CalendarEntry": "[calendar](#calendars)", "Counting": "[counting](#counting-days)",
    "Timer": "[timer](#timers)", "Repeat": "[repeat](#timers)", "Clock": "[clock](#clocks)",
    "Extension": "[extension](#extending-a-clock)", "Duty": "[duty](#duties)",
    "Digest": "[digest](#digests)", "Promise": "[promise](#promises)",
}  # fmt: skip


def keys(name: str) -> Iterator[str]:
    """Yield the keys that a model adds to those of its bases, as a table."""
    place, _, kind = name.rpartition(".")
    found: type[BaseModel] = getattr(import_module(f"escalation_engine.{place}"), kind)
    hints = get_type_hints(found, include_extras=True)
    own = [field for field in found.__annotations__ if field in found.model_fields]
    rows = [(field, found.model_fields[field]) for field in own]
    yield from table(
        ("Key", "What it takes", "Without it", "Meaning"),
        (
            (f"`{field.alias or key}`", words(hints[key]), default(field), field.description or "")
            for key, field in rows
        ),
    )


def words(hint: object) -> str:
    """Return a type as a process owner would say it. Raises LookupError for one that is new."""
    for alias, said in ALIASES:
        if hint == alias:
            return said
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return words(arguments[0])
    if origin in (Union, types.UnionType):
        return either(_arms(arguments))
    if origin is Literal:
        return either(f"`{value}`" for value in arguments)
    if origin is dict:
        return f"mapping of {words(arguments[0])} to {words(arguments[1])}"
    if origin is tuple:
        return f"list of {words(arguments[0])}"
    if isinstance(hint, type) and hint in PLAIN:
        return PLAIN[hint]
    if isinstance(hint, type) and hint.__name__ in SECTIONS:
        return SECTIONS[hint.__name__]
    raise LookupError(f"docs/generate.py has no words for {hint}")


def _arms(arms: Iterable[object]) -> Iterator[str]:
    """Yield the alternatives of a union in words: first those that have an alias together."""
    left = [arm for arm in arms if arm is not type(None)]
    for alias, said in ALIASES:
        parts = get_args(alias) if get_origin(alias) in (Union, types.UnionType) else ()
        if parts and all(part in left for part in parts):
            left = [arm for arm in left if arm not in parts]
            yield said
    yield from map(words, left)


def either(said: Iterable[str]) -> str:
    """Return alternatives as `a, b or c`."""
    *first, last = dict.fromkeys(said)
    return f"{', '.join(first)} or {last}" if first else last


def default(field: FieldInfo) -> str:
    """Return what counts where the key is left out."""
    if field.is_required():
        return "**must be there**"
    value = field.get_default(call_default_factory=True)
    if value is None or value in ((), {}):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return ", ".join(f"`{one}`" for one in (value if isinstance(value, tuple) else [value]))


# The Python interface, from signatures and docstrings.


def interface(name: str) -> Iterator[str]:
    """Yield a class with its public methods and properties, or a function."""
    place, _, item = name.rpartition(".")
    found = getattr(import_module(f"escalation_engine.{place}".rstrip(".")), item)
    yield from signature(item, found)
    if not inspect.isclass(found):
        return
    yield ""
    for member, value in members(found):
        if isinstance(value, property):
            yield f"- `.{member}`: {described(value)[0]}"
    awaited = []
    for member, value in members(found):
        is_async = inspect.iscoroutinefunction(value) or inspect.isasyncgenfunction(value)
        if is_async and hasattr(value, "__wrapped__"):
            awaited.append(f"[`{member}`](#engine{member})")
        elif inspect.isfunction(value):
            yield from ("", f"#### {item}.{member}", "", *signature(member, value))
    if awaited:
        yield ""
        yield "With the arguments of `Engine`, to be awaited, or looped over by `async for`:"
        yield f"{', '.join(awaited)}."


def members(kind: type) -> Iterator[tuple[str, Any]]:
    """Yield the public members of a class and of its own bases, in the order of the code."""
    seen: set[str] = set()
    for base in kind.__mro__:
        if base.__module__.startswith("escalation_engine"):
            fresh = [name for name in vars(base) if not name.startswith("_") and name not in seen]
            yield from ((name, vars(base)[name]) for name in fresh)
            seen.update(fresh)


def signature(name: str, function: Callable[..., Any]) -> Iterator[str]:
    """Yield how something is called and what its docstring says."""
    found = inspect.signature(function)
    parts: list[str] = []
    for parameter in found.parameters.values():
        if parameter.name == "self":
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in parts:
            parts.append("*")
        said = f"{parameter.name}: {_annotation(parameter.annotation)}"
        has_default = parameter.default is not parameter.empty
        parts.append(f"{said} = {parameter.default!r}" if has_default else said)
    returns = found.return_annotation
    arrow = "" if returns is found.empty or inspect.isclass(function) else f" -> {returns}"
    kind = "async " if inspect.iscoroutinefunction(function) else ""
    whole = f"{kind}{name}({', '.join(parts)}){arrow}"
    yield "```py"
    if len(whole) <= WIDTH:
        yield whole
    else:
        yield from (f"{kind}{name}(", *(f"    {part}," for part in parts), f"){arrow}")
    yield from ("```", "", *described(function))


def _annotation(written: Any) -> str:
    """Return an annotation as the source has it."""
    return str(getattr(written, "__forward_arg__", written))


def described(value: object) -> list[str]:
    """Return the lines of a docstring."""
    return (inspect.getdoc(value) or "").splitlines()


def error_tree(_: str) -> Iterator[str]:
    """Yield the errors as their module draws them, and what each says of itself."""
    drawn = [line[4:] for line in (errors.__doc__ or "").splitlines() if line.startswith("    ")]
    yield from ("```text", *drawn, "```", "")
    for name in errors.__all__:
        kind = getattr(errors, name)
        if issubclass(kind, Exception):
            first, *others = described(kind)
            yield from (f"**`{name}`**: {first}", *others, "")


# Commands, codes, tables, limits.


def commands(_: str) -> Iterator[str]:
    """Yield every command of the command line, as its help has it."""
    for info in app.registered_commands:
        assert info.callback is not None
        hints = get_type_hints(info.callback, include_extras=True)
        found = inspect.signature(info.callback).parameters.values()
        rows = [_parameter(one, *get_args(hints[one.name])) for one in found]
        usage = [said.strip("`") for said, *_ in rows if not said.startswith("`--")]
        name = info.callback.__name__
        yield from (f"## escalate {name}", "", "```text")
        yield " ".join(["escalate", name, "[OPTIONS]", *usage])
        yield from ("```", "", *described(info.callback), "")
        yield from table(("", "Without it", "Meaning"), rows)
        yield ""


def _parameter(one: inspect.Parameter, kind: Any, told: Any) -> tuple[str, str, str]:
    """What is written, what counts without it, and what it means."""
    is_required = one.default is one.empty
    said = str(getattr(told, "metavar", None) or "")
    if inspect.isclass(kind) and issubclass(kind, Enum):
        said = "|".join(str(choice.value) for choice in kind)
    if isinstance(told, ArgumentInfo):
        said = said or one.name.upper()
        said = said if is_required else f"[{said}]"
    else:
        # In `Annotated`, Typer keeps the first name of an option where a default would stand.
        names = [name for name in (told.default, *(told.param_decls or ())) if "--" in str(name)]
        name = str(next(iter(names), f"--{one.name}"))
        said = name if kind is bool else f"{name} {said or 'FILE'}"
    given = "" if is_required else getattr(one.default, "value", one.default)
    without = "**must be there**" if is_required else f"`{given}`" if given else ""
    return f"`{said}`", without, told.help or ""


def findings(_: str) -> Iterator[str]:
    """Yield what every code means, with an example and what mends it."""
    rows = ((f"[`{code}`](#{code.lower()})", title) for code, title in verify.ALL_CODES.items())
    yield from table(("Code", "What is wrong"), rows)
    for code in verify.ALL_CODES:
        about = verify.explained(code)
        assert about is not None
        yield from ("", f"### {code}", "", f"**{about.title}**")
        for paragraph in about.paragraphs:
            yield from ("", *textwrap.wrap(paragraph, 100))
        if about.example:
            yield from ("", "```diff", *about.example, "```")


def columns(name: str) -> Iterator[str]:
    """Yield the columns of a table of the SQL store."""
    found = METADATA.tables[f"escalation_{name}"]
    for column in found.columns:
        marks = ["key"] if column.primary_key else []
        marks += ["unique"] if column.unique else []
        marks += ["may be null"] if column.nullable and not column.primary_key else []
        marks += [f"→ {key.target_fullname}" for key in column.foreign_keys]
        tail = f" ({', '.join(marks)})" if marks else ""
        yield f"- `{column.name}` {str(column.type).lower()}{tail}"


def decisions(_: str) -> Iterator[str]:
    """Yield every decision record, by its number and its title."""
    for page in sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md")):
        title = page.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
        number, _, words = title.partition(". ")
        yield f"{number}. [{words}](decisions/{page.name})"


def limits(_: str) -> Iterator[str]:
    """Yield every bound, from the constant that holds it."""
    bounds = [
        ("Bytes of a process file", characters.MAX_FILE_BYTES),
        ("Depth of mappings and lists in it", yaml.MAX_DEPTH),
        ("Keys, values and items in it", yaml.MAX_NODES),
        ("Characters of one text in it", yaml.MAX_SCALAR_CHARACTERS),
        ("Characters of a condition", conditions.LENGTH_LIMIT),
        ("Depth of parentheses and `not` in a condition", conditions.DEPTH_LIMIT),
        ("Microsteps of one decision", step.MAX_MICROSTEPS),
        ("Characters of an id, key, reference, channel or event name", edge.NAME_CHARACTERS),
        ("Bytes of a note or of evidence", edge.TEXT_BYTES),
        ("Bytes of an event's data, as JSON", edge.DATA_BYTES),
        ("Depth of an event's data", edge.NESTING),
        ("Decisions of one input before `Conflict` is raised", deciding.TRIES),
    ]
    yield from table(("What", "At most"), ((what, f"{bound:,}") for what, bound in bounds))


# The shipped processes: what they have of their texts, and what shows their claims.


def traces(_: str) -> Iterator[str]:
    """Yield for each process that cites a text what comes from which statement."""
    for path in shipped():
        loaded = read(path)
        listed = traceability.statements(loaded.definition)
        if not listed:
            continue
        link = f"../../{path.relative_to(ROOT)}"
        yield from (f"## {loaded.chart.title}", "", f"[`{loaded.chart.process}`]({link})", "")
        for name, source in loaded.definition.sources.items():
            yield from (f"**{name}**: {source.title}. {source.document or ''}".rstrip(), "")
        yield from table(("Statement", "What comes from it"), map(_traced, listed))
        yield ""
        yield from _misprinted(loaded)
        inferred = traceability.inferences(loaded.definition)
        yield from table(("Inferred", "Why"), ((f"`{one.element}`", one.why) for one in inferred))
        yield ""


def shipped() -> list[Path]:
    """Return the files of all processes that come with the engine, in the order of their names."""
    return sorted(ROOT.glob("processes/*.yaml"))


def _traced(one: traceability.Statement) -> tuple[str, str]:
    elements = ", ".join(f"`{element}`" for element in one.elements)
    said = f"only repeats {one.repeats}" if one.repeats else ""
    said = said or ("asks for nothing" if one.is_furniture else "**no element**")
    return f"{one.source}.{one.name}", elements or said


def _misprinted(loaded: Loaded) -> Iterator[str]:
    for one in misprints(loaded.chart, loaded.definition.sources):
        yield f"{', '.join(one.printed)} is printed before what leads to it: `{one.then}` follows"
        yield from (f"`{one.first}`.", "")


def claims(_: str) -> Iterator[str]:
    """Yield every claim about a shipped process, with the scenarios and tests that show it."""
    shown = what_shows_claims()
    for process, said in CLAIMS.items():
        yield from (f"## {process}", "")
        rows = ((claim, text, ", ".join(shown.get(claim, ()))) for claim, text in said.items())
        yield from table(("Claim", "What it says", "Shown by"), rows)
        yield ""


def what_shows_claims() -> dict[str, list[str]]:
    """Return for each claim the scenarios that say they show it, and the tests named after it."""
    found: dict[str, list[str]] = {}
    for path in sorted(ROOT.glob("processes/scenarios/*/*.yaml")):
        for claim in scenario.read_scenario(path).script.shows:
            link = f"../../{path.relative_to(ROOT)}"
            found.setdefault(claim, []).append(f"[{path.stem.replace('_', ' ')}]({link})")
    for path in sorted(ROOT.glob("tests/processes/test_*.py")):
        for number, rest in TEST.findall(path.read_text(encoding="utf-8")):
            claim = f"A{number.replace('_', '.')}"
            link = f"../../{path.relative_to(ROOT)}"
            found.setdefault(claim, []).append(f"[`{rest.strip('_')}`]({link})")
    return found


TEST = re.compile(r"^def test_a(\d+[a-c]?_\d+)(_\w+)", re.MULTILINE)
"""A test that is named after a claim: `test_a03_1_…` after A03.1."""


PARTS: dict[str, Callable[[str], Iterator[str]]] = {
    "claims": claims,
    "columns": columns,
    "commands": commands,
    "decisions": decisions,
    "errors": error_tree,
    "findings": findings,
    "interface": interface,
    "keys": keys,
    "limits": limits,
    "traces": traces,
}

if __name__ == "__main__":
    main()
