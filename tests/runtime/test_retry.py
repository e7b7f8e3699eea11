"""How long the engine waits between attempts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from escalation_engine.errors import BadInput
from escalation_engine.runtime.retry import LONGEST_WAIT, RetryPolicy


def test_each_wait_is_twice_as_long_as_the_one_before():
    waits = [RetryPolicy().wait_after(failures) for failures in (1, 2, 3)]

    assert waits == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]


def test_after_the_eighth_failure_there_is_no_further_attempt():
    assert RetryPolicy().wait_after(7) == timedelta(minutes=64)
    assert RetryPolicy().wait_after(8) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"attempts": 0},
        {"attempts": "many"},
        {"factor": 0},
        {"factor": True},
        {"first_wait": timedelta(seconds=-1)},
        {"first_wait": 60},
    ],
)
def test_a_policy_without_sense_is_refused(wrong: dict[str, object]):
    (what,) = wrong

    with pytest.raises(BadInput, match=f"{what}: .* cannot be taken; accepted: "):
        RetryPolicy(**wrong)  # type: ignore[arg-type]  # the point of the test


@pytest.mark.parametrize(
    "policy",
    [
        RetryPolicy(attempts=10**9, factor=2),
        RetryPolicy(attempts=10**9, factor=10**400),
        RetryPolicy(attempts=10**9, first_wait=timedelta.max),
    ],
)
def test_no_wait_is_longer_than_a_leap_year(policy: RetryPolicy):
    assert policy.wait_after(10**6) == LONGEST_WAIT


def test_a_factor_of_1_waits_the_same_each_time():
    policy = RetryPolicy(attempts=10**9, factor=1)

    assert policy.wait_after(10**8) == timedelta(minutes=1)
