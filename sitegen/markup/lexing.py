"""Runs Pygments' lexers several times as fast, with the same tokens.

A lexer tries the patterns of its state one after the other, although most of them
cannot begin with the character that comes next. Here only those are tried that can.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, TypeAlias

from pygments.lexer import Lexer, RegexLexer
from pygments.token import Error, Whitespace, _TokenType

from sitegen.markup.firsts import ANYTHING, OTHER, Firsts, first_characters

__all__ = ["Piece", "Tokenizer"]

Piece: TypeAlias = tuple[_TokenType, str]
Match: TypeAlias = Callable[[str, int], re.Match[str] | None]
Rule: TypeAlias = tuple[Match, Any, Any]
"""What to try; the type of token or what to make of the match; the change of state."""

WORTHWHILE = 5_000
"""Characters of a language after which looking into its patterns has paid for itself."""


class State:
    """The rules of one state of a lexer, by the character that comes next."""

    def __init__(self, rules: list[Rule]) -> None:
        self.rules = [(rule, _firsts(rule[0])) for rule in rules]
        self.by_char: dict[str, tuple[Rule, ...]] = {}

    def starting_with(self, char: str) -> tuple[Rule, ...]:
        """The rules that can match before `char` (empty at the end), in their order."""
        name = char if char.isascii() else OTHER
        found = tuple(rule for rule, firsts in self.rules if name in firsts)
        self.by_char[char] = found
        return found


def _firsts(match: Match) -> Firsts:
    pattern = getattr(match, "__self__", None)
    return first_characters(pattern) if isinstance(pattern, re.Pattern) else ANYTHING


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
        rules: dict[str, list[Rule]] = getattr(self.lexer, "_tokens")  # noqa: B009
        return State(rules[name])


def _run(lexer: Lexer, states: Callable[[str], State], text: str) -> Iterator[Piece]:
    """The automaton: a stack of states, and at each place the first rule that matches."""
    stack = ["root"]
    state = states("root")
    place = 0
    while True:
        char = text[place : place + 1]
        rules = state.by_char.get(char)
        for match, action, move in state.starting_with(char) if rules is None else rules:  # noqa: B007
            if found := match(text, place):
                break
        else:
            if not char:
                return
            if char == "\n":
                stack, state = ["root"], states("root")
                yield Whitespace, "\n"
            else:
                yield Error, char
            place += 1
            continue
        if type(action) is _TokenType:
            yield action, found.group()
        elif action is not None:
            for _, kind, value in action(lexer, found):
                yield kind, value
        place = found.end()
        if move is not None:
            _move(stack, move)
            state = states(stack[-1])


def _move(stack: list[str], move: int | str | tuple[str, ...]) -> None:
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
