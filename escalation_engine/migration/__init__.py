"""Running cases on another version: a mapping, where each case lands by it, and what becomes of it.

`proposal.py` makes a mapping out of two charts, `landing.py` the input for one case, `told.py` the
words. It decides nothing and stores nothing: the core does the one, the runtime the other.
"""

from escalation_engine.migration.landing import NoPlace, landing
from escalation_engine.migration.proposal import propose
from escalation_engine.migration.told import told
from escalation_engine.migration.version_map import Carried, VersionMap
from escalation_engine.migration.version_map_file import read_version_map, write_version_map

__all__ = [
    "Carried",
    "NoPlace",
    "VersionMap",
    "landing",
    "propose",
    "read_version_map",
    "told",
    "write_version_map",
]
