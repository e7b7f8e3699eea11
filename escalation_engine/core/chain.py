"""The chain of a journal: each link is a hash over an entry, its case, and the link before.

What people brought or wrote is hashed piece by piece, each with a salt of its own, so that a piece
and its salt can be deleted and the chain still holds. The salts come from one root for each entry.
Nothing here is random: the root is an argument.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256, shake_128
from typing import Any, NamedTuple

__all__ = [
    "ROOT_BYTES",
    "Link",
    "canonical",
    "case_digest",
    "forgotten_digest",
    "hash_of",
    "link",
    "opened_up",
    "pieces",
]

Document = Mapping[str, Any]
Proof = dict[str, Any]

ROOT_BYTES = 16
"""How many random bytes the salts of an entry come from."""

# ASCII only: a lone surrogate in the data would otherwise stop the driver.
canonical = json.JSONEncoder(separators=(",", ":"), allow_nan=False, check_circular=False).encode
"""The text of a document: the one that is stored, and the one that is hashed."""

_SALT_BYTES = 16

_SAID = frozenset(
    {
        "address", "by", "checklists", "detail", "evidence", "note", "on_behalf_of", "owner",
        "reason", "recipient", "text",
    }
)  # fmt: skip
"""What somebody says in an input, beside its data."""

_HELD = frozenset({"answers", "asked", "left", "problem", "slots", "tasks"})
"""What an entry keeps of people and of their words, beside its data."""

_WORDED = {"corrected": "steps", "recalculated": "timing"}
"""Where else an entry has the words of such an input."""


class Link(NamedTuple):
    """A link of a chain: its hash, and the proof by which the hash can be counted again.

    `proof` has the digest of the `case`, and the `root` that the salts come from; once something of
    the entry was forgotten, the `salts` of the pieces that are left, and the `digests` of those
    that are not.
    """

    hash: str
    proof: Mapping[str, Any]


def link(document: Document, *, case: str, head: str, root: bytes) -> Link:
    """Return the link of an entry; `case` is the text of its case, `head` the hash before."""
    proof = {"root": root.hex(), "case": case_digest(case, root)}
    return Link(hash_of(document, proof, head), proof)


def hash_of(document: Document, proof: Document, head: str) -> str:
    """Return the hash that a proof leads to. Raises ValueError, KeyError for a proof in pieces."""
    bare, said = _parted(document)
    salts, digests = _salts(said, proof), dict(proof.get("digests", {}))
    for path, piece in said.items():
        if path not in digests:
            digests[path] = _digest(salts[path], piece)
    hashed = [head, bare, sorted(digests.items()), proof["case"]]
    return sha256(canonical(hashed).encode()).hexdigest()


def case_digest(case: str, root: bytes) -> str:
    """Return the digest of the text of a case, salted from the root of its entry."""
    return sha256(shake_128(root).digest(_SALT_BYTES) + case.encode()).hexdigest()


def opened_up(before: Document, after: Document, proof: Document) -> Proof:
    """Return the proof for an entry of which something was taken away since.

    The root goes, as it would lead to the salts of what was taken; so does the salt of the case.
    """
    digests, salts = dict(proof.get("digests", {})), {}
    said, left = pieces(before), pieces(after)
    had = _salts(said, proof)
    for path, piece in said.items():
        if path in digests:
            continue
        if left.get(path) == piece:
            salts[path] = had[path].hex()
        else:
            digests[path] = _digest(had[path], piece)
    return {"case": proof["case"], "salts": salts, "digests": digests}


def forgotten_digest(document: Document, digests: Mapping[str, str]) -> str:
    """Return the digest of what is left to see of the pieces that were forgotten in an entry."""
    found = pieces(document)
    left = [[path, found.get(path)] for path in sorted(digests)]
    return sha256(canonical(left).encode()).hexdigest()


def pieces(document: Document) -> dict[str, Any]:
    """Return what people brought or wrote, by where it stands in the entry."""
    return _parted(document)[1]


def _parted(document: Document) -> tuple[dict[str, Any], dict[str, Any]]:
    bare, found = dict(document), {}
    said = bare["input"] = dict(bare["input"])
    for name in _SAID.intersection(said):
        found[f"input.{name}"] = said.pop(name)
    for field, value in said.pop("data", {}).items():
        found[f"input.data.{field}"] = value
    for name in _HELD.intersection(bare):
        found[name] = bare.pop(name)
    for field, change in bare.pop("data", {}).items():
        found[f"data.{field}"] = change
    worded = _WORDED.get(said["type"])
    if worded in bare:
        found[worded] = bare.pop(worded)
    return bare, found


def _salts(said: Document, proof: Document) -> dict[str, bytes]:
    """Return the salt of each piece: as it stands in the proof, or from the root of all."""
    if "root" not in proof:
        return {path: bytes.fromhex(salt) for path, salt in proof["salts"].items()}
    size = _SALT_BYTES
    drawn = shake_128(bytes.fromhex(proof["root"])).digest(size * (len(said) + 1))
    # The first is the salt of the case.
    return {
        path: drawn[size * number : size * (number + 1)]
        for number, path in enumerate(sorted(said), 1)
    }


def _digest(salt: bytes, piece: object) -> str:
    return sha256(salt + canonical(piece).encode()).hexdigest()
