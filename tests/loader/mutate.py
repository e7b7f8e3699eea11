"""Mutations of process files: of characters, lines, tokens and of the data that they hold."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from typing import Any, Final

from escalation_engine.loader.yaml import parse

__all__ = ["HOSTILE", "MUTATIONS"]

HOSTILE: Final = (
    "!!python/object/apply:os.system ['touch /tmp/escalated']",
    "!!python/name:antigravity",
    "!!binary aGk=",
    "antigravity.geohash",
    "os.system",
    "__import__('antigravity')",
    "{{ ''.__class__ }}",
    "${jndi:ldap://example.org/a}",
    "$(touch /tmp/escalated)",
    "9" * 5000,
    "-0",
    "1e999",
    ".nan",
    "0x" + "f" * 60,
    "~",
    "null",
    "true",
    "''",
    '"\\0"',
    '"\\uD800"',
    "\0",
    "\ud800",
    "\ufeff",
    "\u2028",
    "\x85",
    "é" * 300,
    "[" * 70,
    "[" * 60 + "]" * 60,
    "{a: " * 60 + "b" + "}" * 60,
    "&a [*a]",
    "*a",
    "<<: *a",
    "&a {b: *a}",
    "%TAG ! x",
    "--- x",
    "? [a]",
    "| \n",
    "a: b: c",
    "1d",
    "[]",
    "{}",
    "[[], {}]",
    "{to: back}",
    "next_level",
    "this_level",
    "in in in",
    "((((((((((a))))))))))",
    "not " * 400 + "a",
    "a == 'it",
    "event event event",
    "everyone_told",
    "engine",
    "main",
    "a.b.c.d.e",
    "S1.S1.S1",
    "{data.nothing} {case.id} {",
)

_TOKEN: Final = re.compile(r"[A-Za-z0-9_.$]+|[{}\[\],:#&*!|>'\"-]|\s+")
_CHARACTERS: Final = "\t \n:-[]{},&*!|>'\"%@`#?\\\0\x7f\x85éa0~.$"


def of_characters(text: str, rng: random.Random) -> str:
    """Delete, insert, double or replace a few characters."""
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(text))
        new = rng.choice(["", rng.choice(_CHARACTERS), text[at] * 2, chr(rng.randrange(0x11000))])
        text = text[:at] + new + text[at + rng.randint(0, 1) :] or "a"
    return text


def of_lines(text: str, rng: random.Random) -> str:
    """Delete, double, swap, indent or outdent lines."""
    lines = text.split("\n")
    for _ in range(rng.randint(1, 3)):
        here, there = rng.randrange(len(lines)), rng.randrange(len(lines))
        match rng.randrange(6):
            case 0:
                del lines[here : here + rng.randint(1, 5)]
            case 1:
                lines.insert(there, lines[here])
            case 2:
                lines[here], lines[there] = lines[there], lines[here]
            case 3:
                lines[here] = " " * rng.randint(1, 8) + lines[here]
            case 4:
                lines[here] = lines[here].removeprefix("  ")
            case _:
                lines[here] = lines[here].partition(":")[0] + ":"
        lines = lines or [""]
    return "\n".join(lines)


def of_tokens(text: str, rng: random.Random) -> str:
    """Swap two tokens, or put a hostile one in the place of one."""
    tokens = _TOKEN.findall(text)
    words = [at for at, token in enumerate(tokens) if not token.isspace()]
    for _ in range(rng.randint(1, 2)):
        here, there = rng.choice(words), rng.choice(words)
        if rng.random() < 0.4:
            tokens[here], tokens[there] = tokens[there], tokens[here]
        else:
            tokens[here] = rng.choice([*HOSTILE, tokens[there]])
    return "".join(tokens)


def of_data(text: str, rng: random.Random) -> str:
    """Change the data that the text holds, and write them anew as JSON, which YAML reads."""
    data = _data_of(text)
    for _ in range(rng.randint(1, 3)):
        holder, key = rng.choice(_places(data))
        other_holder, other_key = rng.choice(_places(data))
        match rng.randrange(6):
            case 0:
                del holder[key]
            case 1:
                holder[key] = rng.choice(
                    [None, True, 0, -1, 1.5, 2**70, "", [], {}, [[]], {"": {}}]
                )
            case 2:
                holder[key] = rng.choice(HOSTILE)
            case 3:
                holder[key] = [holder[key], holder[key]]
            case 4:
                holder[key] = {other_key if isinstance(other_key, str) else "a": holder[key]}
            case _:
                holder[key] = deepcopy(other_holder[other_key])
        data = data or {"process": "p"}
    return _written(data)


def of_names(text: str, rng: random.Random) -> str:
    """Let names and texts change places, so that the form holds and the sense does not."""
    data = _data_of(text)
    for _ in range(rng.randint(1, 3)):
        texts = [(holder, key) for holder, key in _places(data) if isinstance(holder[key], str)]
        (holder, key), (other_holder, other_key) = rng.choice(texts), rng.choice(texts)
        mappings = [holder for holder, _ in _places(data) if isinstance(holder, dict)]
        mapping, other = rng.choice(mappings), rng.choice(mappings)
        match rng.randrange(4):
            case 0:
                holder[key] = other_holder[other_key]
            case 1:
                holder[key] = rng.choice(list(other))
            case 2:
                name = rng.choice(list(mapping))
                mapping[rng.choice(list(other))] = mapping.pop(name)
            case _:
                name = rng.choice(list(other))
                mapping[name] = deepcopy(other[name])
    return _written(data)


def _data_of(text: str) -> Any:
    return json.loads(_as_json(text))


@cache
def _as_json(text: str) -> str:
    return json.dumps(parse(text, "p.yaml")[0])


def _written(data: Any) -> str:
    return json.dumps(data, indent=1, ensure_ascii=False)


def _places(data: Any) -> list[tuple[Any, Any]]:
    """Every holder and key, or index, inside; each object once."""
    found: list[tuple[Any, Any]] = []
    left, seen = [data], set()
    while left:
        holder = left.pop()
        if not isinstance(holder, (dict, list)) or id(holder) in seen:
            continue
        seen.add(id(holder))
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        found += [(holder, key) for key in keys]
        left += [holder[key] for key in keys]
    return found


MUTATIONS: Final[dict[str, Callable[[str, random.Random], str]]] = {
    "characters": of_characters,
    "lines": of_lines,
    "tokens": of_tokens,
    "data": of_data,
    "names": of_names,
}
