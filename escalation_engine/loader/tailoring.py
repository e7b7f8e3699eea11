"""Tailor a process: find what a file extends, and lay the file over it, link by link of a chain.

The result is the tree of an ordinary process under the tailoring's name, levels not yet written
out. Every key and value in it keeps the place where it was written, in whichever file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Final

from escalation_engine.definition.model import NAME_PATTERN
from escalation_engine.errors import Mark
from escalation_engine.loader.changes import Changes, shown_path
from escalation_engine.loader.content import first_content, folders_around
from escalation_engine.loader.faults import Faults
from escalation_engine.loader.named import Path
from escalation_engine.loader.overlay import lay_over
from escalation_engine.loader.references import Reference, references
from escalation_engine.loader.renaming import follow_renames, renames_of
from escalation_engine.loader.seals import Seal, check_seals, seals_of
from escalation_engine.loader.tree import MarkedList, MarkedMap, copied
from escalation_engine.loader.yaml import parse_into

__all__ = ["MAX_CHAIN", "Tailored", "tailored"]

MAX_CHAIN: Final = 16
"""The most tailorings that may stand one on the other."""

_OWN_KEYS: Final = ("tailoring", "extends", "sealed")
_EXTENDS: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*(@[0-9]+)?")
_NAMED_AT_MOST: Final = 3


@dataclass(frozen=True, slots=True)
class Tailored:
    """A merged tree, what is sealed in it, what the last link changed, and the files of all."""

    tree: MarkedMap
    seals: list[Seal] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)
    base: MarkedMap | None = None


def tailored(
    tree: MarkedMap, faults: Faults, folders: Sequence[FilePath], *, above: tuple[str, ...] = ()
) -> Tailored | None:
    """Return a process as it is, a tailoring laid over its base; None without a base.

    `above` names the tailorings that led here. Bases are looked for in `folders`, in that order.
    """
    if "tailoring" not in tree and "extends" not in tree:
        by = str(tree.get("process", "the process"))
        return Tailored(tree, seals_of(tree, tree, by, faults))
    if not _has_form(tree, faults):
        return None
    base = _base(tree, faults, folders, (*above, str(tree["tailoring"])))
    if base is None:
        return None
    return _laid_over(base, tree, faults)


def _laid_over(base: Tailored, tree: MarkedMap, faults: Faults) -> Tailored:
    changes = Changes()
    over = copied(tree)
    for key in _OWN_KEYS:
        over.pop(key, None)
    changes.renamed, over = renames_of(base.tree, over, faults)
    ground = follow_renames(base.tree, changes.renamed)
    merged = lay_over(ground, over, changes, faults)
    check_seals(base.seals, changes, faults)
    _check_removals(ground, merged, changes, faults)
    name = str(tree["tailoring"])
    merged.put(
        "process",
        name,
        key_mark=tree.key_marks["tailoring"],
        value_mark=tree.value_marks["tailoring"],
    )
    seals = [*base.seals, *seals_of(tree, merged, name, faults)]
    return Tailored(merged, seals, changes, base.tree)


def _has_form(tree: MarkedMap, faults: Faults) -> bool:
    """Note what keeps a file from being a tailoring at all."""
    before = len(faults.findings)
    for key, pattern, example in (
        ("tailoring", re.compile(NAME_PATTERN), "acme_help_desk"),
        ("extends", _EXTENDS, "help_desk@1"),
    ):
        value = tree.get(key)
        if key not in tree:
            faults.add("E112", f"a tailoring lacks `{key}`", tree.mark, f"add `{key}: {example}`")
        elif not isinstance(value, str) or not pattern.fullmatch(value):
            message = f"`{key}` is {value!r}"
            faults.add("E111", message, tree.value_marks[key], f"write it like `{example}`")
    if "process" in tree:
        hint = "a tailoring has `tailoring: NAME` in its place"
        faults.add("E110", "`process` has no place in a tailoring", tree.key_marks["process"], hint)
    return len(faults.findings) == before


def _base(
    tree: MarkedMap, faults: Faults, folders: Sequence[FilePath], above: tuple[str, ...]
) -> Tailored | None:
    """Read what a tailoring extends; what is wrong with that file is noted as its own."""
    name, _, version = str(tree["extends"]).partition("@")
    mark = tree.value_marks["extends"]
    if name in above or len(above) > MAX_CHAIN:
        way = " → ".join([*above, name])
        message = f"the tailorings extend each other: {way}"
        faults.add("E133", message, mark, "one of them must extend a process")
        return None
    text, path = first_content(f"{name}.yaml", folders)
    if text is None:
        looked = ", ".join(str(folder) for folder in folders) or "nowhere"
        hint = f"looked in {looked}; put the file beside this one, or name its folder"
        faults.add("E133", f"there is no file {name}.yaml to extend", mark, hint)
        return None
    file = Faults(str(path))
    written = parse_into(file, text)
    found = written and tailored(written, file, (*folders_around(path), *folders), above=above)
    faults.take_over(file)
    if found:
        _check_base(found.tree, name, version, mark, faults)
    return found or None


def _check_base(base: MarkedMap, name: str, version: str, mark: Mark, faults: Faults) -> None:
    """Note a base of another name or version than the tailoring was written for."""
    if base.get("process") != name:
        message = f"{name}.yaml holds `{base.get('process')}`, not `{name}`"
        faults.add("E133", message, mark, "a file has the name of what it holds")
    elif version and str(base.get("version")) != version:
        hint = f"look at what has changed, then write `{name}@{base.get('version')}`"
        faults.add("E133", f"`{name}` is at version {base.get('version')}", mark, hint)


def _check_removals(base: MarkedMap, merged: MarkedMap, changes: Changes, faults: Faults) -> None:
    """Note what is taken away while something that stays still refers to it."""
    if not changes.removed:
        return
    left = set(_marks(merged))
    referring: dict[Path, list[Reference]] = {}
    for found in references(base):
        gone = [_removed_by(target, changes) for target in found.targets]
        if gone[0] is not None and None not in gone and (found.mark, found.at_key) in left:
            referring.setdefault(gone[0], []).append(found)
    told = {finding.mark for finding in faults.findings}
    for path, listed in referring.items():
        if changes.removed[path] in told:
            continue
        message = f"`{shown_path(path)}` cannot be taken away: {_referring(listed)} it"
        hint = "take these away as well, or let them name something else"
        faults.add("E135", message, changes.removed[path], hint)


def _removed_by(target: Path, changes: Changes) -> Path | None:
    """The removal that takes an element away. An event goes on without its title."""
    ways = (target[:length] for length in range(len(target), 0, -1))
    return next((way for way in ways if way in changes.removed and way[0] != "events"), None)


def _referring(listed: list[Reference]) -> str:
    """Those that refer, each with file and line; of many, the first ones."""
    places = list(
        dict.fromkeys(
            f"`{shown_path(found.path)}` ({found.mark.file}:{found.mark.line})" for found in listed
        )
    )
    more = len(places) - _NAMED_AT_MOST
    named = places[:_NAMED_AT_MOST] + ([f"{more} more"] if more > 0 else [])
    verb = "refers to" if len(places) == 1 else "refer to"
    return f"{' and '.join([', '.join(named[:-1]), named[-1]] if len(named) > 1 else named)} {verb}"


def _marks(node: object) -> list[tuple[Mark, bool]]:
    """Where every text and every key of a tree was written, and which of both it is."""
    found: list[tuple[Mark, bool]] = []
    if isinstance(node, MarkedMap):
        for key, value in node.items():
            found += [(node.key_marks[key], True), (node.value_marks[key], False), *_marks(value)]
    elif isinstance(node, MarkedList):
        for mark, item in zip(node.item_marks, node, strict=True):
            found += [(mark, False), *_marks(item)]
    return found
