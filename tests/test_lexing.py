"""Trying only the patterns that can match gives the tokens that Pygments itself gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class, get_all_lexers

from sitegen.markup import lexing
from sitegen.markup.lexing import State, Tokenizer

ROOT = Path(__file__).parents[1]
NAMES = sorted(name for name, _, _, _ in get_all_lexers(plugins=False))
COMMON = ["Python", "JavaScript", "Bash", "Rust", "C++", "HTML", "CSS", "YAML", "SQL", "C#"]
ODD = (
    "#!/bin/sh\n<?php echo 'x'; ?>\n<script>var a = 1; // é\n</script>\n\\frac{a}{b} % c\n"
    'SELECT * FROM t WHERE a=\'b\';\nif x: pass\nclass A(B) { int x; }\n"""unterminated\n\n'
    "--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n{{ t }} {% if %} <!-- c -->\n\t@name: 'v'\n0x1F 1e9\n"
)


@pytest.fixture(autouse=True)
def fast_from_the_start(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(lexing, "WORTHWHILE", 0)
    yield


def both_ways(name: str, text: str) -> tuple[object, object]:
    kind = find_lexer_class(name)
    assert kind is not None
    plain: Lexer = kind(ensurenl=False, stripnl=False)
    ours = Tokenizer(kind(ensurenl=False, stripnl=False))

    def as_pygments() -> list[object]:
        return [(kind, value) for _, kind, value in plain.get_tokens_unprocessed(text)]

    def as_ours() -> list[object]:
        return list(ours.tokens(text))

    return outcome(as_pygments), outcome(as_ours)


def outcome(tokens: Callable[[], object]) -> object:
    """The tokens, or the kind of error: some lexers fail on foreign text."""
    try:
        return tokens()
    except Exception as error:
        return type(error)


@pytest.mark.parametrize("name", NAMES)
def test_every_lexer_gives_the_same_tokens_on_foreign_text(name: str) -> None:
    expected, found = both_ways(name, ODD)
    assert found == expected


@pytest.mark.parametrize("name", COMMON)
@pytest.mark.parametrize("path", ["sitegen/urls.py", "layouts/transcript.html", "README.md"])
def test_common_lexers_give_the_same_tokens_on_long_texts(name: str, path: str) -> None:
    expected, found = both_ways(name, (ROOT / path).read_text(encoding="utf-8"))
    assert found == expected


@pytest.mark.parametrize("name", COMMON)
@given(text=st.text(st.sampled_from("ab1_ \n\t\"'`#/*<>{}()[]=:;$%@\\-+é&"), max_size=80))
def test_common_lexers_give_the_same_tokens_on_any_text(name: str, text: str) -> None:
    expected, found = both_ways(name, text)
    assert found == expected


def test_a_lexer_is_looked_into_only_once_it_has_seen_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lexing, "WORTHWHILE", 20)
    kind = find_lexer_class("Python")
    assert kind is not None
    tokenizer = Tokenizer(kind())
    calls: list[str] = []

    def state(name: str) -> State:
        calls.append(name)
        return State([])

    monkeypatch.setattr(tokenizer, "state", state)
    list(tokenizer.tokens("x = 1\n"))
    assert calls == []
    list(tokenizer.tokens("y = 2  # more\n"))
    assert calls[0] == "root"
