"""Runs Pygments' lexers several times as fast, with the same tokens.

A lexer tries the patterns of its state one after the other, each by a call. Here the
patterns of a state are joined into one alternation, whose first branch to match is by
definition the one that the lexer would have taken. Patterns that cannot be joined
(they count or name their groups) are tried by themselves, in their place.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from pygments.lexer import Lexer, RegexLexer
from pygments.token import Error, Whitespace, _TokenType

__all__ = ["Piece", "Tokenizer"]

Piece: TypeAlias = tuple[_TokenType, str]
Action: TypeAlias = _TokenType | Callable[[Lexer, re.Match[str]], Iterator[tuple[int, Any, str]]]
Move: TypeAlias = Any
"""Where a rule leads: None, a number of states to leave, `#push`, or names of states."""

INLINE_FLAGS = re.compile(r"\(\?([aiLmsux]+)\)")
COUNTED = re.compile(r"\\[1-9]|\(\?P|\(\?\(")
"""Back references, named groups and conditions, which joining would renumber."""

WORTHWHILE = 20_000
"""Characters of a language after which joining its patterns has paid for itself."""

SCOPED = {re.IGNORECASE: "i", re.MULTILINE: "m", re.DOTALL: "s", re.VERBOSE: "x"}
KNOWN_FLAGS = re.UNICODE | re.IGNORECASE | re.MULTILINE | re.DOTALL | re.VERBOSE


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a state."""

    match: Callable[[str, int], re.Match[str] | None]
    """Tries the rule alone."""
    action: Action | None
    """The type of the text it matches, or what to make of the match."""
    move: Move
    """The change of state."""


@dataclass(frozen=True, slots=True)
class Step:
    """Some rules of a state that are tried in one go."""

    match: Callable[[str, int], re.Match[str] | None]
    """Tries all of them; the last closed group tells which one it was."""
    rules: dict[int | None, Rule]
    """Number of that group to the rule; None where there is only one."""


State: TypeAlias = tuple[Step, ...]


class Tokenizer:
    """One lexer, for one text after another."""

    def __init__(self, lexer: Lexer) -> None:
        self.lexer = lexer
        self.seen = 0
        kind = type(lexer)
        # A lexer with a way of its own must be left to it.
        own_way = kind.get_tokens_unprocessed is not RegexLexer.get_tokens_unprocessed
        self.worthwhile = sys.maxsize if own_way else WORTHWHILE
        self.state = cache(self._state)

    def tokens(self, text: str) -> Iterator[Piece]:
        """The tokens of `text`, as `lexer.get_tokens_unprocessed` gives them."""
        self.seen += len(text)
        if self.seen < self.worthwhile:
            return ((kind, value) for _, kind, value in self.lexer.get_tokens_unprocessed(text))
        return _run(self.lexer, self.state, text)

    def _state(self, name: str) -> State:
        """A state of the lexer with its patterns joined; made when it is first entered."""
        rules: dict[str, list[tuple[Any, ...]]] = getattr(self.lexer, "_tokens")  # noqa: B009
        return tuple(_join([Rule(*parts) for parts in rules[name]]))


def _run(lexer: Lexer, states: Callable[[str], State], text: str) -> Iterator[Piece]:
    """The automaton: a stack of states, and at each place the first rule that matches."""
    stack = ["root"]
    state = states("root")
    place = 0
    while True:
        for step in state:
            found = step.match(text, place)
            if found is not None:
                break
        else:
            if place >= len(text):
                return
            if text[place] == "\n":
                stack, state = ["root"], states("root")
                yield Whitespace, "\n"
            else:
                yield Error, text[place]
            place += 1
            continue
        rule = step.rules[found.lastindex if len(step.rules) > 1 else None]
        action = rule.action
        if type(action) is _TokenType:
            yield action, found.group()
        elif action is not None:
            exact = found if len(step.rules) == 1 else rule.match(text, place)
            assert exact is not None
            for _, kind, value in action(lexer, exact):  # type: ignore[operator]
                yield kind, value
        place = found.end()
        if rule.move is not None:
            _move(stack, rule.move)
            state = states(stack[-1])


def _move(stack: list[str], move: Move) -> None:
    """Change the stack of states; the last one is never left."""
    if isinstance(move, int):
        del stack[max(1, len(stack) - abs(move)) :]
        return
    for name in move if isinstance(move, tuple) else (move,):
        if name == "#push":
            stack.append(stack[-1])
        elif name == "#pop":
            if len(stack) > 1:
                stack.pop()
        else:
            stack.append(name)


@dataclass(frozen=True, slots=True)
class Branch:
    """A rule as a branch of an alternation."""

    rule: Rule
    source: str
    """The pattern, with its flags in scope."""
    groups: int
    """How many groups the pattern has."""


def _join(rules: Sequence[Rule]) -> Iterator[Step]:
    """Steps that try the rules in their order, as many in one as can be."""
    waiting: list[Branch] = []
    for rule in rules:
        branch = _branch(rule)
        if branch is None:
            yield from _joined(waiting)
            waiting = []
            yield Step(rule.match, {None: rule})
        else:
            waiting.append(branch)
    yield from _joined(waiting)


def _joined(branches: Sequence[Branch]) -> Iterator[Step]:
    if len(branches) < 2:
        for branch in branches:
            yield Step(branch.rule.match, {None: branch.rule})
        return
    numbers: dict[int | None, Rule] = {}
    group = 0
    for branch in branches:
        group += branch.groups + 1
        numbers[group] = branch.rule
    # The empty group that ends a branch tells which it was. At its start, a group would
    # keep the engine from skipping branches by their first character.
    yield Step(re.compile("|".join(f"{branch.source}()" for branch in branches)).match, numbers)


def _branch(rule: Rule) -> Branch | None:
    """A rule as a branch; None if its pattern must stay by itself."""
    pattern = getattr(rule.match, "__self__", None)
    if not isinstance(pattern, re.Pattern) or COUNTED.search(pattern.pattern):
        return None
    inline = INLINE_FLAGS.match(pattern.pattern)
    # Flags at the start of a pattern hold for all of it and are among its flags already.
    source = pattern.pattern[inline.end() :] if inline else pattern.pattern
    if INLINE_FLAGS.search(source) or pattern.flags & ~KNOWN_FLAGS:
        return None
    letters = "".join(letter for flag, letter in SCOPED.items() if pattern.flags & flag)
    # A comment of a verbose pattern must not swallow the parenthesis that follows it.
    end = "\n" if pattern.flags & re.VERBOSE else ""
    return Branch(rule, f"(?{letters}:{source}{end})", pattern.groups)
