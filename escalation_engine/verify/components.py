"""Strongly connected components: the parts of a graph in which everything leads to everything."""

from __future__ import annotations

from collections.abc import Callable, Iterable

__all__ = ["components"]


def components(nodes: Iterable[int], targets: Callable[[int], Iterable[int]]) -> list[list[int]]:
    """Return the components, each before those that lead to it (Tarjan, without recursion)."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    found: list[list[int]] = []
    for root in nodes:
        if root in index:
            continue
        work = [(root, iter(list(targets(root))))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, rest = work[-1]
            for target in rest:
                if target not in index:
                    index[target] = low[target] = len(index)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(list(targets(target)))))
                    break
                if target in on_stack:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    found.append(_popped(stack, on_stack, node))
    return found


def _popped(stack: list[int], on_stack: set[int], node: int) -> list[int]:
    component = []
    while True:
        one = stack.pop()
        on_stack.discard(one)
        component.append(one)
        if one == node:
            return component
