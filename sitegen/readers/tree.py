"""Trees of messages: the branch that is shown, and what else was said, from its fork on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Branch", "branches"]


@dataclass(frozen=True, slots=True)
class Branch:
    """A line of messages in a tree."""

    nodes: tuple[str, ...]
    """Ids from the fork on; the first branch has them from the root on."""
    fork: str
    """The message after which it begins; empty for the first branch and other roots."""


def branches(parents: Mapping[str, str], current: str) -> list[Branch]:
    """Every node of a tree once: first the branch that ends at `current`, then the others.

    `parents` gives each node's parent, in the order of the source; a parent that is not
    there, or a circle, is a beginning. An unknown `current` means the last of the branch
    that was added to last.
    """
    children: dict[str, list[str]] = {}
    for node, parent in parents.items():
        children.setdefault(parent if parent in parents and parent != node else "", []).append(node)
    if current not in parents:
        current = next((node for node in reversed(list(parents)) if node not in children), "")
    shown: set[str] = set()
    main = _upwards(parents, current, shown)
    found = [Branch(main, "")] if main else []
    for node in parents:
        if node not in children:
            _add(found, parents, node, shown)
    for node in parents:  # What hangs in a circle has no end.
        _add(found, parents, node, shown)
    return found


def _add(found: list[Branch], parents: Mapping[str, str], node: str, shown: set[str]) -> None:
    nodes = _upwards(parents, node, shown)
    if nodes:
        fork = parents[nodes[0]]
        found.append(Branch(nodes, fork if fork in parents else ""))


def _upwards(parents: Mapping[str, str], node: str, shown: set[str]) -> tuple[str, ...]:
    """From a node up to what is shown already, turned round."""
    path: list[str] = []
    while node in parents and node not in shown:
        shown.add(node)
        path.append(node)
        node = parents[node]
    return tuple(reversed(path))
