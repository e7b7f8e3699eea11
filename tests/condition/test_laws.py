"""Laws of conditions, against an oracle that shares no code with them.

The oracle answers on the test's own trees, in thirds of truth: 0 false, 1 unknown, 2 true.
"""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from escalation_engine.condition import Condition, read_condition
from tests.condition.desk import CANONICAL, LEVELS, PROMISE, CaseFacts, condition

Node = tuple[Any, ...]

ENUMS = {"decision": ["reassign", "close"], "priority": ["low", "high", "set", "two words"]}
QUARTERS = st.integers(-12, 12).map(lambda n: n / 4)
COMPARE = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "is": lambda a, b: a == b,
    "is not": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
EQUALITY = st.sampled_from(["==", "!=", "is", "is not"])
PARAMETERS = {"$limit": 3, "$fee": 2.5, "$unbound": None}
MOMENTS = {  # as written, to as a case tells it
    "entering active": "entering escalation.active",
    "leaving closed": "leaving closed",
    "slot poc changes": "slot poc changes",
    "clock contact breached": "clock desk.contact breached",
}
WRITTEN = {"escalation.plan": "plan", "support.reworks": "reworks", "service_desk": "desk"}


def _numbers() -> st.SearchStrategy[Node]:
    plain = st.one_of(
        st.sampled_from(["cost", "tries"]).map(lambda name: ("field", name)),
        st.sampled_from(["rejections", "support.reworks"]).map(lambda name: ("count", name)),
        st.sampled_from(sorted(PARAMETERS)).map(lambda name: ("parameter", name)),
        st.integers(-3, 3).map(lambda n: ("value", n)),
        QUARTERS.map(lambda n: ("value", n)),
    )
    return st.recursive(
        plain, lambda inner: st.tuples(st.sampled_from("+-"), inner, inner), max_leaves=4
    )


def _enum_atoms(name: str, values: list[str]) -> st.SearchStrategy[Node]:
    field = st.just(("field", name))
    value = st.sampled_from(values).map(lambda one: ("value", one))
    return st.one_of(
        st.tuples(st.just("compare"), EQUALITY, field, value),
        st.tuples(st.just("among"), st.booleans(), field, st.lists(value, min_size=1)),
    )


def _atoms() -> st.SearchStrategy[Node]:
    name = st.sampled_from(["decision", "escalation.plan", "issue", "urgent", "cost"])
    people = st.sampled_from(["client", "service_desk"])
    return st.one_of(
        *[_enum_atoms(field, values) for field, values in ENUMS.items()],
        _enum_atoms("goal", list(LEVELS)),
        _enum_atoms("escalation.plan", ["it's", '"', "'\"", "true", ""]),
        st.tuples(st.just("compare"), st.sampled_from(list(COMPARE)), _numbers(), _numbers()),
        st.tuples(st.just("flag"), st.sampled_from(["urgent", "paused"])),
        st.tuples(st.just("set"), st.booleans(), name),
        st.tuples(st.just("in"), st.sampled_from(["closed", "refused"])),
        st.tuples(st.just("event"), st.just("confirm")),
        st.tuples(st.just("happens"), st.sampled_from(list(MOMENTS))),
        st.tuples(st.sampled_from(["during", "outside"]), st.just("office")),
        st.tuples(st.just("sender"), st.booleans(), people),
        st.tuples(st.just("constant"), st.booleans()),
    )


CONDITIONS = st.recursive(
    _atoms(),
    lambda inner: st.one_of(
        st.tuples(st.just("not"), inner),
        st.tuples(st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3)),
    ),
    max_leaves=8,
)
FACTS = st.builds(
    CaseFacts,
    data=st.fixed_dictionaries(
        {},
        optional={
            **{name: st.sampled_from([*values, None]) for name, values in ENUMS.items()},
            "goal": st.sampled_from(LEVELS),
            "escalation.plan": st.sampled_from(["it's", '"', "'\"", "true", ""]),
            "urgent": st.sampled_from([True, False, None]),
            "paused": st.booleans(),
            "cost": QUARTERS,
            "tries": st.integers(-3, 3),
            "issue": st.just("No dial tone"),
        },
    ),
    counts=st.fixed_dictionaries(
        {}, optional={"rejections": st.integers(0, 4), "support.reworks": st.integers(0, 4)}
    ),
    senders=st.frozensets(st.sampled_from(["client", "service_desk"])),
    states=st.frozensets(st.sampled_from(["closed", "refused"])),
    calendars=st.sampled_from([{}, {"office": True}, {"office": False}]),
    event=st.sampled_from(["", "confirm"]),
    moments=st.frozensets(st.sampled_from(list(MOMENTS.values()))),
)
WORDS = """
    and or not in is set unset true false unknown event during outside outcome entering slot
    changes clock breached poc contact sender channel
    this_level decision priority urgent cost tries rejections plan issue goal top closed low close
    tier1 phone client office confirm resolved $limit $unbound $strict $mode 3 2.5 'x' == != < <=
    > >= + - ( ) [ ] , = && ! ' " $ 4h . x.y null
"""
SOUP = st.lists(st.sampled_from(WORDS.split()), max_size=25).map(" ".join)


def written(node: Node) -> str:
    """Return the text of a tree, in all parentheses."""
    match node:
        case ("field" | "count", name):
            return str(WRITTEN.get(name, name))
        case ("parameter", name):
            return str(name)
        case ("value", str(text)) if text.isidentifier() and text not in ("set", "true"):
            return text
        case ("value", str(text)):
            return "'" + text.replace("'", "''") + "'"
        case ("value", number):
            return str(number)
        case ("+" | "-" as sign, left, right):
            return f"({written(left)} {sign} {written(right)})"
        case ("compare", operator, left, right):
            return f"({written(left)} {operator} {written(right)})"
        case ("among", is_in, left, values):
            items = ", ".join(written(value) for value in values)
            return f"({written(left)} {'in' if is_in else 'not in'} [{items}])"
        case ("flag", name):
            return str(name)
        case ("set", is_set, name):
            return f"({WRITTEN.get(name, name)} is {'set' if is_set else 'unset'})"
        case ("in" | "event" | "during" | "outside" as prefix, name):
            return f"{prefix} {name}"
        case ("happens", moment):
            return str(moment)
        case ("sender", is_sender, name):
            return f"(sender {'is' if is_sender else 'is not'} {WRITTEN.get(name, name)})"
        case ("constant", value):
            return str(value).lower()
        case ("not", part):
            return f"(not {written(part)})"
        case ("and" | "or" as word, parts):
            return "(" + f" {word} ".join(written(part) for part in parts) + ")"
    raise AssertionError(node)


def thirds(node: Node, facts: CaseFacts, pending: frozenset[str] = frozenset()) -> int:
    """Return 0 false, 1 unknown, 2 true."""
    match node:
        case ("not", part):
            return 2 - thirds(part, facts, pending)
        case ("and", parts):
            return min(thirds(part, facts, pending) for part in parts)
        case ("or", parts):
            return max(thirds(part, facts, pending) for part in parts)
        case ("compare", operator, left, right):
            a, b = value_of(left, facts, pending), value_of(right, facts, pending)
            return 1 if a is None or b is None else 2 * bool(COMPARE[operator](a, b))
        case ("among", is_in, left, values):
            found = value_of(left, facts, pending)
            return 1 if found is None else 2 * ((("value", found) in values) == is_in)
        case ("flag", name):
            found = value_of(("field", name), facts, pending)
            return 1 if found is None else 2 * bool(found)
        case ("set", is_set, name):
            return 1 if name in pending else 2 * ((facts.data.get(name) is not None) == is_set)
        case ("in", state):
            return 2 * (state in facts.states)
        case ("event", name):
            return 2 * int(facts.event == name)
        case ("happens", moment):
            return 2 * int(MOMENTS[moment] in facts.moments)
        case ("during" | "outside" as prefix, name):
            known = facts.calendars.get(name)
            return 1 if known is None else 2 * int(known == (prefix == "during"))
        case ("sender", is_sender, name):
            return 2 * int((name in facts.senders) == is_sender)
        case ("constant", value):
            return 2 * int(value)
    raise AssertionError(node)


def value_of(node: Node, facts: CaseFacts, pending: frozenset[str]) -> Any:
    """Return an operand's value, None where it has none."""
    match node:
        case ("field", name):
            return None if name in pending else facts.data.get(name)
        case ("count", name):
            return facts.counts.get(name, 0)
        case ("parameter", name):
            return PARAMETERS[name]
        case ("value", value):
            return value
        case (sign, left, right):
            a, b = value_of(left, facts, pending), value_of(right, facts, pending)
            if a is None or b is None:
                return None
            return a + b if sign == "+" else a - b
    raise AssertionError(node)


def as_thirds(answer: bool | None) -> int:
    return 1 if answer is None else 2 * answer


@given(CONDITIONS, FACTS)
def test_the_closures_answer_as_the_oracle_does(node, facts):
    asked = condition(written(node), PROMISE)

    assert as_thirds(asked.holds(facts)) == thirds(node, facts)


@given(CONDITIONS, FACTS, st.frozensets(st.sampled_from(["decision", "urgent", "cost", "issue"])))
def test_pending_fields_are_unknown_to_the_oracle_too(node, facts, pending):
    asked = condition(written(node), PROMISE)

    assert as_thirds(asked.holds_with_pending(facts, pending)) == thirds(node, facts, pending)


@given(CONDITIONS)
def test_the_canonical_text_reads_back_as_the_same_condition(node):
    first = condition(written(node), PROMISE)

    assert condition(first.text, CANONICAL) == first


@given(CONDITIONS, FACTS)
def test_the_condition_read_back_gives_the_same_answer(node, facts):
    first = condition(written(node), PROMISE)

    assert condition(first.text, CANONICAL).holds(facts) is first.holds(facts)


@given(CONDITIONS, FACTS, FACTS)
def test_only_what_a_condition_says_it_reads_can_change_its_answer(node, facts, others):
    asked = condition(written(node), PROMISE)

    mixed = CaseFacts(
        data={name: facts.data.get(name) for name in asked.fields},
        counts={name: facts.counts.get(name, 0) for name in asked.counts},
        senders=(facts.senders & asked.people) | (others.senders - asked.people),
        states=(facts.states & asked.states) | (others.states - asked.states),
        calendars=facts.calendars if asked.calendars else others.calendars,
        event=facts.event if asked.events else others.event,
        moments=(facts.moments & asked.moments) | (others.moments - asked.moments),
    )

    assert asked.holds(mixed) is asked.holds(facts)


@given(st.one_of(st.text(max_size=200), SOUP, st.text("()not -+[],'\"$ax1.<=", max_size=300)))
def test_any_text_is_a_condition_or_has_faults_within_it(text):
    read = read_condition(text, PROMISE)

    assert isinstance(read, Condition) or all(0 <= one.offset <= len(text) for one in read)


@given(SOUP, FACTS)
def test_whatever_is_read_can_be_asked_and_written(text, facts):
    read = read_condition(text, PROMISE)

    assert not isinstance(read, Condition) or (
        read.holds(facts) in (True, False, None) and condition(read.text, CANONICAL) == read
    )


@given(st.sampled_from(["(", "not ", "- ", "'", '"', "[", "a + ", "a and ", "x.", "9", "in "]))
def test_a_text_of_nothing_but_repetition_has_faults(piece):
    text = (piece * 2000)[:2000]

    assert not isinstance(read_condition(text, PROMISE), Condition)
