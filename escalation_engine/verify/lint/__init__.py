"""Lints: what a process could say better. They judge what is written, one family in each module."""

from escalation_engine.verify.lint.lints import lints

__all__ = ["lints"]
