"""Promises as lines: what is owed and until when, and what was broken. Kept ones are not told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from escalation_engine.cli.screen import mark
from escalation_engine.cli.time_text import instant_text
from escalation_engine.verify import PromiseStanding, Verdict

__all__ = ["promise_lines"]


def promise_lines(standings: Iterable[PromiseStanding]) -> Iterator[str]:
    """Yield a line for each promise that is open or broken."""
    for one in standings:
        if one.verdict is Verdict.OPEN:
            until = f" until {instant_text(one.until)}" if one.until else ""
            yield f"promise  {one.say}: open{until}"
        elif one.verdict is Verdict.BROKEN and one.at is not None:
            word, at = mark("broken", "bad"), instant_text(one.at)
            yield f"promise  {one.say}: {word} {at}, after entry {one.revision}: {one.why}"
