"""Every code that a finding of the loader can have, and what it means.

E100 to E109 belong to the file as YAML, the others to the definition that it holds. A code, once
published, never changes its meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["CODES"]

CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "E100": "the file cannot be read",
        "E101": "the text is not YAML; reading ends here",
        "E102": "a key is written twice in one mapping",
        "E103": "a tag or a directive is not allowed",
        "E104": "the file is too large, too deep, or has too many nodes or faults",
        "E105": "an anchor, an alias or a merge key cannot be used",
        "E106": "a key is not a text",
        "E107": "the file is empty or not a mapping",
        "E108": "the file holds more than one document",
        "E109": "the file is not UTF-8, or holds a character that is not allowed",
        "E110": "a key is not known here",
        "E111": "a value is missing, has the wrong type or is out of range",
        "E112": "something that must be there is missing",
        "E113": "a name is not defined",
        "E114": "a state or a track is put together in a way that has no meaning",
        "E115": "a level is named where it is not clear which one, or where there is none",
        "E116": "`back` stands where there is nothing to go back to",
        "E117": "`always` would never come to rest",
        "E118": "a condition cannot be read",
        "E119": "a condition compares what cannot be compared",
        "E120": "one name stands for two things",
        "E121": "a placeholder in a message cannot be filled in",
        "E122": "a value does not fit what it is given to",
        "E123": "a parameter has no value",
        "E124": "a track cannot be taken in",
        "E125": "two tracks set one field on one event",
        "E126": "a citation names no listed source or statement",
        "E127": "a moment cannot be read",
        "E128": "what a level or a tailoring writes does not fit what it is laid over",
        "E129": "a duration, a schedule or a mark cannot be read",
        "E130": "a calendar has a fault",
        "E131": "it is not clear which calendar counts, or there is none",
        "E132": "a timer, a clock, a duty or a digest is put together in a way that has no meaning",
        "E133": "what a tailoring extends cannot be found, or is not what it names",
        "E134": "a tailoring takes away or renames what is not there",
        "E135": "something refers to what a tailoring takes away",
        "E136": "a tailoring touches what is sealed",
        "E137": "a level cannot be placed where `place` says",
        "E502": "a promise is put together in a way that has no meaning",
    }
)
