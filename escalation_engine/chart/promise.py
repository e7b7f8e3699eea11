"""Promises: from what an author wrote to their place in the chart; faults of their form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from escalation_engine.chart.calendars import calendar_of
from escalation_engine.chart.fault import Path
from escalation_engine.chart.model import Promise, PromiseForm
from escalation_engine.chart.names import Names
from escalation_engine.chart.scope import NamesSeen, Scope
from escalation_engine.chart.track import Plan
from escalation_engine.chart.ways import WayFinder, note_unread
from escalation_engine.condition import Condition, Vocabulary, read_condition
from escalation_engine.definition import Promise as WrittenPromise

__all__ = ["read_promises"]

_SCOPES = ("after", "until", "between")
_ACCEPTED: Mapping[PromiseForm, tuple[tuple[str, ...], tuple[str, ...]]] = {
    PromiseForm.NEVER: ((), ("before", *_SCOPES)),
    PromiseForm.WHENEVER: (("then",), ("within", "unless", *_SCOPES)),
    PromiseForm.AT_MOST: (("of",), _SCOPES),
    PromiseForm.EVERY_CASE: ((), _SCOPES),
    PromiseForm.POSSIBLE: ((), _SCOPES),
    PromiseForm.IF_NOBODY_ACTS: (("within",), ()),
}
"""What has to stand beside the word of a form, and what may."""

_ALONE = (("before", "until"), ("before", "between"), ("between", "after"), ("between", "until"))
_ENDS = 2
_ANYWHERE = {"say", "calendar", "source", "inferred", "assumption", "ignore"}


def read_promises(
    plans: Sequence[Plan], finders: Sequence[WayFinder], own: WayFinder, root: Scope
) -> dict[str, Promise]:
    """Return the promises of a process and of the tracks that it takes in, by canonical name.

    `own` finds the states of the process itself, from `root`; `finders` those of each plan.
    """
    tracks = [(plan.name, plan.root) for plan in plans]
    parts = [(own, root, tracks)]
    parts += [
        (finder, plan.root, [(plan.name, plan.root), *tracks])
        for plan, finder in zip(plans, finders, strict=True)
        if plan.names is not own.names
    ]
    read = [
        _Reader(finder, _vocabulary(finder, place, ends)).promise(name, written)
        for finder, place, ends in parts
        for name, written in finder.names.part.definition.promises.items()
    ]
    return {promise.name: promise for promise in read if promise is not None}


def _vocabulary(finder: WayFinder, root: Scope, tracks: Iterable[tuple[str, Scope]]) -> Vocabulary:
    """What promises may name: all that conditions may, and states alone, events and moments."""
    known = finder.names.known
    return replace(
        finder.vocabulary,
        state=lambda name: finder.state_reference(name, root),
        state_names=NamesSeen(root),
        events=known["event"],
        outcomes=_outcomes(tracks),
        moments={kind: known[kind] for kind in ("slot", "checklist", "clock", "duty")},
        bare_states=True,
    )


def _outcomes(tracks: Iterable[tuple[str, Scope]]) -> dict[str, list[str]]:
    """The ends by their outcomes; of two tracks that have one outcome the first is meant."""
    found: dict[str, list[str]] = {}
    for track, root in tracks:
        ends: dict[str, list[str]] = {}
        for scope in root.scopes():
            if scope.state is not None and scope.state.outcome is not None:
                ends.setdefault(scope.state.outcome, []).append(f"{track}.{scope.path}")
        found = ends | found
    return found


@dataclass(frozen=True, slots=True)
class _Reader:
    finder: WayFinder
    vocabulary: Vocabulary

    @property
    def names(self) -> Names:
        return self.finder.names

    def promise(self, name: str, written: WrittenPromise) -> Promise | None:
        at: Path = ("promises", name)
        form = self._form(name, written, at)
        asked = self._conditions(written, at)
        within = None
        if written.within is not None:
            within = self.finder.reader.amounts.duration(written.within, (*at, "within"))
        calendar = calendar_of(self.names, written.calendar, (within,), at)
        subject = asked.get("of" if form is PromiseForm.AT_MOST else form.value if form else "")
        if form is None or subject is None:
            return None
        return Promise(
            name=self.names.known["promise"][name],
            title=written.say or name.replace("_", " "),
            form=form,
            subject=subject,
            then=asked.get("then"),
            unless=asked.get("unless"),
            limit=written.at_most or 0,
            within=within,
            calendar=calendar if within else "",
            after=asked.get("between 0" if written.between else "after"),
            until=asked.get("between 1") or asked.get("until") or asked.get("before"),
            repeats=written.between is not None,
            source=written.source or (),
            inferred=str(written.inferred or ""),
        )

    def _form(self, name: str, written: WrittenPromise, at: Path) -> PromiseForm | None:
        """Return the one form of a promise; what has no meaning beside it is noted."""
        said = [key for key in written.model_fields_set if getattr(written, key) is not None]
        forms = [form for form in PromiseForm if form.value in said]
        if not forms:
            listed = ", ".join(f"`{form.value}`" for form in PromiseForm)
            message = f"the promise `{name}` says nothing that could be kept"
            self._note(message, at, f"add one of {listed}")
            return None
        if len(forms) > 1:
            both = " and ".join(f"`{form.value}`" for form in forms)
            self._note(f"`{name}` says {both} at once", at, "make a promise of each")
            return None
        self._look_beside(forms[0], written, said, at)
        return forms[0]

    def _look_beside(
        self, form: PromiseForm, written: WrittenPromise, said: list[str], at: Path
    ) -> None:
        """Note what has to stand beside the word of a form and does not, and what may not."""
        needed, accepted = _ACCEPTED[form]
        for key in [key for key in needed if key not in said]:
            self._note(f"`{form.value}` says nothing without `{key}`", at, f"add `{key}: ...`")
        for key in sorted(set(said) - {form.value, *needed, *accepted, *_ANYWHERE}):
            self._note(f"`{key}` has no meaning beside `{form.value}`", (*at, key))
        for key, other in _ALONE:
            if key in said and other in said:
                message = f"`{key}` and `{other}` both say when it counts"
                self._note(message, (*at, other), "take one of them away")
        if written.between is not None and len(written.between) != _ENDS:
            message = "`between` names two things: what it counts from, and what till"
            self._note(message, (*at, "between"), "write `between: [event a, event b]`")
        if "calendar" in said and "within" not in said:
            self._note("`calendar` has no meaning without `within`", (*at, "calendar"))

    def _note(self, message: str, at: Path, hint: str = "") -> None:
        self.names.faults.add("E502", message, at, at_key=True, hint=hint)

    def _conditions(self, written: WrittenPromise, at: Path) -> dict[str, Condition]:
        """Return the conditions of a promise by their keys; those that cannot be read are noted."""
        texts: dict[str, tuple[str, Path]] = {}
        for key in WrittenPromise.model_fields:
            text = getattr(written, key)
            if isinstance(text, str) and key not in _ANYWHERE | {"within"}:
                texts[key] = (text, (*at, key))
        for index, text in enumerate(written.between or ()):
            texts[f"between {index}"] = (text, (*at, "between", index))
        read = {key: self._condition(text, place) for key, (text, place) in texts.items()}
        return {key: condition for key, condition in read.items() if condition is not None}

    def _condition(self, text: str, at: Path) -> Condition | None:
        read = read_condition(text, self.vocabulary)
        if not isinstance(read, Condition):
            note_unread(read, at, self.names.faults)
            return None
        foreign = {
            "sender": read.people,
            "channel": read.reads_channel,
            "during": read.calendars,
        }
        for word, is_read in foreign.items():
            if is_read:
                message = f"a promise speaks of cases and not of one input: `{word}` has no answer"
                hint = "keep in a field or a count what it shall speak of"
                self.names.faults.add("E502", message, at, hint=hint)
        return read
