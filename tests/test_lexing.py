"""Trying only the patterns that can match gives the tokens that Pygments itself gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class, get_all_lexers
from pygments.token import _TokenType

from sitegen.markup import lexing
from sitegen.markup.lexing import Naming, Run, State, Tokenizer

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


def joined(pieces: Iterable[tuple[int, _TokenType, str]], naming: Naming) -> list[Run]:
    """Neighbours of one class as one; white space without a class as part of what precedes."""
    runs = [["", ""]]
    for _, kind, text in pieces:
        label = naming(kind)
        if label == runs[-1][0] or (not label and text.isspace()):
            runs[-1][1] += text
        elif text:
            runs.append([label, text])
    return [(label, text) for label, text in runs if text]


def both_ways(name: str, text: str, naming: Naming = str) -> tuple[object, object]:
    kind = find_lexer_class(name)
    assert kind is not None
    plain: Lexer = kind(ensurenl=False, stripnl=False)
    ours = Tokenizer(kind(ensurenl=False, stripnl=False), naming)
    return (
        outcome(lambda: joined(plain.get_tokens_unprocessed(text), naming)),
        outcome(lambda: ours.runs(text)),
    )


def outcome(runs: Callable[[], object]) -> object:
    """The runs, or the kind of error: some lexers fail on foreign text."""
    try:
        return runs()
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
@pytest.mark.parametrize("path", ["sitegen/urls.py", "layouts/transcript.html", "README.md"])
def test_few_classes_are_joined_in_the_same_way(name: str, path: str) -> None:
    def naming(kind: _TokenType) -> str:
        family = str(kind).split(".")[1:2]
        return "" if family in (["Text"], ["Name"]) else "k" if family == ["Keyword"] else "other"

    expected, found = both_ways(name, (ROOT / path).read_text(encoding="utf-8"), naming)
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
    tokenizer = Tokenizer(kind(), str)
    calls: list[str] = []

    def state(name: str) -> State:
        calls.append(name)
        return State([])

    monkeypatch.setattr(tokenizer, "state", state)
    tokenizer.runs("x = 1\n")
    assert calls == []
    tokenizer.runs("y = 2  # more\n")
    assert calls[0] == "root"
