"""Which plain scalars are values, and which stay text."""

from __future__ import annotations

import pytest

from escalation_engine.loader.scalars import Scalar, resolve


@pytest.mark.parametrize("text", ["", "~", "null"])
def test_nothing_a_tilde_and_null_are_null(text: str):
    assert resolve(text) is None


@pytest.mark.parametrize(("text", "value"), [("true", True), ("false", False)])
def test_only_two_words_are_booleans(text: str, value: bool):
    assert resolve(text) is value


@pytest.mark.parametrize(
    "text",
    ["True", "FALSE", "yes", "no", "on", "off", "y", "n", "Null", "NULL", "09:00", "12:30:45"]
    + [
        "1d",
        "4 working hours",
        "1_000",
        "2026-01-31",
        "-",
        "+",
        ".",
        "..",
        "1.2.3",
        "e5",
        "=",
        "<<",
    ]
    + ["-0x1f", "0b11", "0o8", "0x", "1e", ".e5", "--1", " ", "１", "١"],
)
def test_every_other_word_stays_text(text: str):
    assert resolve(text) == text


@pytest.mark.parametrize("text", [".inf", "-.inf", ".nan", ".Inf", "1e999", "inf", "nan"])
def test_what_is_not_a_finite_number_stays_text(text: str):
    assert resolve(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0), ("12", 12), ("-3", -3), ("+4", 4), ("007", 7), ("0o17", 15), ("0x1F", 31)]
    + [("9223372036854775807", 2**63 - 1), ("-9223372036854775808", -(2**63))],
)
def test_integers_are_decimal_octal_or_hexadecimal(text: str, value: Scalar):
    resolved = resolve(text)

    assert (type(resolved), resolved) == (int, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.5", 1.5), (".5", 0.5), ("-2.", -2.0), ("1e3", 1000.0), ("+1.5E-1", 0.15), ("0.0", 0.0)],
)
def test_floats_have_a_point_or_an_exponent(text: str, value: Scalar):
    resolved = resolve(text)

    assert (type(resolved), resolved) == (float, value)


@pytest.mark.parametrize("text", ["9223372036854775808", "0x8000000000000000", "9" * 60_000])
def test_an_integer_beyond_64_bits_stays_text(text: str):
    assert resolve(text) == text
