"""Runs Pygments' lexers several times as fast, with the same tokens.

A lexer tries the patterns of its state one after the other, although most of them
cannot begin with the character that comes next. Here only those are tried that can,
and neighbours of one class are joined on the way, before a token is made of each.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeAlias

from pygments.lexer import Lexer, RegexLexer
from pygments.token import Error, Whitespace, _TokenType

from sitegen.markup.firsts import ANYTHING, OTHER, Firsts, first_characters

__all__ = ["Naming", "Run", "Tokenizer"]

Run: TypeAlias = tuple[str, str]
"""A class, or empty for none, and the text that has it."""
Naming: TypeAlias = Callable[[_TokenType], str]
"""Gives the class of a type of token."""
Piece: TypeAlias = tuple[int, _TokenType, str]
Match: TypeAlias = Callable[[str, int], re.Match[str] | None]
Rule: TypeAlias = tuple[Match, str | None, Any, Any]
"""What to try; the class of what it matches; if that is None what to make of the match
instead, or None for nothing; the change of state."""

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

    def __init__(self, lexer: Lexer, naming: Naming) -> None:
        self.lexer = lexer
        self.naming = naming
        self.seen = 0
        kind = type(lexer)
        # A lexer with a way of its own must be left to it.
        own_way = kind.get_tokens_unprocessed is not RegexLexer.get_tokens_unprocessed
        self.worthwhile = sys.maxsize if own_way else WORTHWHILE
        self.state = cache(self._state)

    def runs(self, text: str) -> list[Run]:
        """The texts of the lexer's tokens in order, neighbours of one class joined.

        White space without a class goes with what stands before it.
        """
        self.seen += len(text)
        runs = _Runs(self.naming)
        if self.seen < self.worthwhile:
            runs.extend(self.lexer.get_tokens_unprocessed(text))
            return runs.close()
        return _run(self.lexer, self.state, runs, text)

    def _state(self, name: str) -> State:
        rules: dict[str, list[Any]] = getattr(self.lexer, "_tokens")  # noqa: B009
        return State([self._rule(*rule) for rule in rules[name]])

    def _rule(self, match: Match, action: Any, move: Any) -> Rule:
        if type(action) is _TokenType:
            return match, self.naming(action), None, move
        return match, None, action, move


class _Runs:
    """Runs while they are made: those that are complete, and the one that may go on."""

    def __init__(self, naming: Naming) -> None:
        self.naming = naming
        self.done: list[Run] = []
        self.name = ""
        self.text = ""

    def extend(self, pieces: Iterable[Piece]) -> None:
        """Add tokens."""
        name, text = self.name, self.text
        for _, kind, piece in pieces:
            label = self.naming(kind)
            if label == name or (not label and piece.isspace()):
                text += piece
            elif piece:
                if text:
                    self.done.append((name, text))
                name, text = label, piece
        self.name, self.text = name, text

    def close(self) -> list[Run]:
        """All runs."""
        if self.text:
            self.done.append((self.name, self.text))
        return self.done


def _run(lexer: Lexer, states: Callable[[str], State], runs: _Runs, text: str) -> list[Run]:
    """The automaton: a stack of states, and at each place the first rule that matches.

    Plain tokens lie side by side: a run is cut out of the text where its class ends.
    """
    stack = ["root"]
    state = states("root")
    place = start = 0
    current = ""
    while True:
        char = text[place : place + 1]
        rules = state.by_char.get(char)
        for match, label, action, move in state.starting_with(char) if rules is None else rules:  # noqa: B007
            if found := match(text, place):
                end = found.end()
                break
        else:
            if not char:
                break
            if char == "\n":
                stack, state = ["root"], states("root")
            end, move = place + 1, None
            label = runs.naming(Whitespace if char == "\n" else Error)
        if label is None:
            # What a callback makes of a match need not be all of it; nor does nothing.
            runs.name, runs.text = current, runs.text + text[start:place]
            if action is not None:
                runs.extend(action(lexer, found))
            current, start = runs.name, end
        elif label != current and (label or not text[place:end].isspace()) and end > place:
            if start < place or runs.text:
                runs.done.append((current, runs.text + text[start:place]))
                runs.text = ""
            current, start = label, place
        place = end
        if move is not None:
            _move(stack, move)
            state = states(stack[-1])
    runs.name, runs.text = current, runs.text + text[start:]
    return runs.close()


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
