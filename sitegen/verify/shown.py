"""What a page shows of a transcript against its record, as far as can be told without rendering."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from sitegen.errors import Diagnostic, Severity
from sitegen.verify.page import Article, ShownPage
from sitegen.verify.record import ReadRecord, name_of
from sitegen.verify.text import agrees, disagreement

__all__ = ["check_page", "check_side"]

UNKNOWN = "could not be compared word for word"
"""Of a message in which Markdown is used in a way that is not known here."""


def check_page(html: str, path: str, shown: ShownPage, record: ReadRecord) -> Iterator[Diagnostic]:
    """A transcript's own page against its record."""
    head = record.head
    title, preamble = head.get("title"), head.get("preamble")
    if isinstance(title, str) and _words(title) not in map(_words, shown.titles):
        yield _error("has another title than its record", path)
    if shown.started and shown.started != head.get("started"):
        yield _error("says another time than its record: started", path)
    for label in record.labels:
        if _words(label) not in map(_words, shown.labels):
            yield _error(f"does not show the label “{label}” of its record", path)
    before = preamble if isinstance(preamble, str) else ""
    if not agrees(shown.preamble, before) and (found := disagreement(shown.preamble, before)):
        yield _error(f"the text before the first message differs from the record: {found}", path)
    if stray := "".join(shown.stray.split()):
        yield _error(f"has text among the messages that is in none: “{stray[:40]}”", path)
    yield from check_side(html, path, shown.articles, record)


def check_side(
    html: str, path: str, articles: Sequence[Article], record: ReadRecord
) -> Iterator[Diagnostic]:
    """The messages that a page shows, and the digests, against the record of one transcript."""
    if record.chain and record.chain[-1] not in html:
        yield _error("does not show the last digest of its record", path)
    if record.canonical_digest not in html:
        yield _error("does not show the digest of the canonical form that its record has", path)
    shown = [article.number for article in articles]
    known = [message.get("number") for message in record.messages]
    for number in sorted(set(shown), key=shown.index):
        if number not in known:
            yield _error(f"message {number} is not in the record", path)
        elif shown.count(number) > 1:
            yield _error(f"message {number} is there twice", path)
    for place, message in enumerate(record.messages, 1):
        if message.get("number") not in shown:
            yield _error(f"{name_of(message, place)} is missing", path)
    if sorted(shown) != shown and sorted(shown) == sorted(set(shown)):
        late = next(n for n, after in pairwise(shown) if n > after)
        yield _error(f"message {late} is out of order", path)
    by_number = {article.number: article for article in articles}
    times = any(article.at for article in articles)
    for place, message in enumerate(record.messages, 1):
        article = by_number.get(message.get("number", 0))
        if article:
            for what in _differences(article, message, times):
                severity = Severity.NOTE if what == UNKNOWN else Severity.ERROR
                yield Diagnostic(severity, f"{name_of(message, place)} {what}", path)


def _differences(article: Article, message: dict[str, Any], times: bool) -> Iterator[str]:
    """In what a message that is shown differs; `times` tells whether times are shown at all."""
    speaker, at, offset = message.get("speaker", ""), message.get("at"), message.get("offset")
    if speaker and _words(str(speaker)) != _words(article.heading):
        yield "has another speaker on the page"
    if (article.at or times) and article.at != (at or ""):
        yield "has another time on the page"
    if article.offset is not None and article.offset != offset:
        yield "has another time on the page"
    answered = article.reply.rpartition("m")[2]
    if article.reply and answered != str(message.get("reply_to", "")):
        yield "answers another message on the page"
    marks = " ".join(map(str, message.get("marks", ())))
    if not agrees(article.marks, marks) and disagreement(article.marks, marks):
        yield "is marked otherwise on the page"
    yield from _text_differences(article, message)


def _text_differences(article: Article, message: dict[str, Any]) -> Iterator[str]:
    given = message.get("blocks", [])
    blocks = [b for b in given if isinstance(b, dict)] if isinstance(given, list) else []
    texts = [str(b.get("markdown", "")) for b in blocks if b.get("type") == "text"]
    if len(texts) < len(blocks):
        return  # Pictures, tools and thoughts are shown in forms of their own.
    # A system prompt is folded; what is folded is not compared.
    if message.get("role") == "system" and not message.get("speaker"):
        return
    markdown = "\n\n".join(texts)
    extra = article.folded + (article.blank if markdown.strip() else "")
    if _words(extra):
        yield f"differs from the record: the page has “{' '.join(extra.split())[:40]}”"
    elif agrees(article.text, markdown):
        return
    elif found := disagreement(article.text, markdown):
        yield f"differs from the record: {found}"
    else:
        yield UNKNOWN


def _words(text: str) -> str:
    return "".join(text.split())


def _error(message: str, path: str) -> Diagnostic:
    return Diagnostic(Severity.ERROR, message, path)
