"""Where in the files a state, a transition or a timer of a chart was written."""

from __future__ import annotations

from escalation_engine.chart.model import Transition
from escalation_engine.errors import Mark
from escalation_engine.loader import Origins

__all__ = ["Places"]

Path = tuple[str | int, ...]


class Places:
    """Finds the place of what a chart names; of what stands around it where it has none."""

    def __init__(self, origins: Origins) -> None:
        self._origins = origins

    def top(self, *path: str) -> Mark:
        """Return the place of what stands at a path."""
        return self._origins.nearest(path).mark

    def state(self, track: str, state: str) -> Mark:
        """Return the place of a state; one that each level has stands in `each_level`."""
        return self._origins.nearest(self._scope(track, state)).mark

    def transition(self, track: str, transition: Transition, *, is_opening: bool) -> Mark:
        """Return the place of a branch."""
        if is_opening:
            path: Path = ("opens", transition.event)
        else:
            scope = self._scope(track, transition.declared_in)
            path = (*scope, "on", transition.event) if transition.event else (*scope, "always")
            if self._origins.place_of(path) is None:
                path = (*self._shared(scope), *path[len(scope) :])
        branch: Path = (*path, transition.number - 1)
        found = self._origins.place_of(branch) or self._origins.nearest(path)
        return found.mark

    def timer(self, track: str, scope: str, name: str) -> Mark:
        """Return the place of a timer."""
        path: Path = (*self._scope(track, scope), "timers", name)
        if self._origins.place_of(path) is None:
            path = (*self._shared(path[:-2]), "timers", name)
        return self._origins.nearest(path).mark

    def _scope(self, track: str, state: str) -> Path:
        """Return the path to a state, through `each_level` where its level does not write it."""
        is_named = self._origins.place_of(("tracks", track)) is not None
        path: Path = ("tracks", track) if is_named else ()
        for name in state.split(".") if state else ():
            inner = (
                (*path, "states", name),
                (*path, "levels", name),
                (*self._shared(path), "states", name),
            )
            path = next((one for one in inner if self._origins.place_of(one) is not None), path)
        return path

    @staticmethod
    def _shared(path: Path) -> Path:
        """Return the path to what each level of the ladder shares, if the path is a level's."""
        return (*path[:-2], "each_level") if path[-2:-1] == ("levels",) else path
