"""A site against itself: its list of digests, its records, and its pages."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import unquote

from sitegen.errors import Diagnostic, Severity
from sitegen.verify.page import Article, read_articles
from sitegen.verify.record import (
    RECORD,
    Broken,
    ReadRecord,
    check_chain,
    name_of,
    parse_record,
)
from sitegen.verify.sums import check_sums
from sitegen.verify.text import agrees, disagreement

__all__ = ["Verdict", "verify_site"]

SOURCE, CANONICAL = "source.txt", "transcript.md"
ARTICLE, TURN = b'<article class="message', b'<article class="turn'


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a site was found to be."""

    files: int
    """How many files it has."""
    records: Mapping[str, ReadRecord]
    """The records that can be read, by their path."""
    messages: int
    """How many messages they hold."""
    findings: tuple[Diagnostic, ...]
    """Every difference: errors; notes where something could not be compared."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing differs."""
        return not self.differences

    @property
    def differences(self) -> int:
        """How many things differ."""
        return sum(finding.severity is Severity.ERROR for finding in self.findings)

    def counts(self) -> dict[str, object]:
        """The outcome in numbers, for programs."""
        return {
            "ok": self.is_whole,
            "files": self.files,
            "transcripts": len(self.records),
            "messages": self.messages,
            "differences": self.differences,
        }

    def summary(self) -> str:
        """The outcome in a line."""
        looked = f"{self.files:,} files, {len(self.records):,} transcripts, "
        looked += f"{self.messages:,} messages: "
        if self.is_whole:
            return looked + "all as published"
        return looked + f"{self.differences:,} difference{'s' if self.differences > 1 else ''}"


def verify_site(files: Mapping[str, bytes], ignore: Iterable[str] = ()) -> Verdict:
    """Check the files of a site, path to bytes, against each other.

    `ignore` are patterns of paths that may be there although the site does not list them.
    """
    findings = list(check_sums(files, ignore))
    records: dict[str, ReadRecord] = {}
    for path in sorted(files):
        if path.rpartition("/")[2] != RECORD:
            continue
        try:
            records[path] = parse_record(files[path])
        except Broken as error:
            findings.append(Diagnostic(Severity.ERROR, str(error), path))
    pages: dict[str, str] = {}
    for path, record in records.items():
        findings += [Diagnostic(Severity.ERROR, what, path) for what in check_chain(record)]
        folder = path.removesuffix(f"/{RECORD}")
        findings += _check_file(files, f"{folder}/{SOURCE}", record.source_digest)
        findings += _check_file(files, f"{folder}/{CANONICAL}", record.canonical_digest)
        page = next((p for p in (f"{folder}.html", f"{folder}/index.html") if p in files), "")
        if page:
            pages[page] = path
            html = files[page].decode("utf-8", "replace")
            findings += _check_page(html, page, read_articles(html), record)
        else:
            findings.append(Diagnostic(Severity.ERROR, "has a record but no page", path))
    findings += _check_unrecorded(files, pages)
    findings += _check_stapled(files, {page: records[path] for page, path in pages.items()})
    messages = sum(len(record.messages) for record in records.values())
    return Verdict(len(files), records, messages, tuple(findings))


def _check_unrecorded(files: Mapping[str, bytes], pages: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Pages of transcripts whose record is gone."""
    for path in sorted(files):
        if path.endswith(".html") and path not in pages and ARTICLE in files[path]:
            yield Diagnostic(Severity.ERROR, f"has messages but no {RECORD}", path)


def _check_stapled(
    files: Mapping[str, bytes], records: Mapping[str, ReadRecord]
) -> Iterator[Diagnostic]:
    """Pages that show several transcripts; `records` are by the transcripts' own pages."""
    for path in sorted(files):
        if not path.endswith(".html") or TURN not in files[path]:
            continue
        html = files[path].decode("utf-8", "replace")
        sides: dict[str, list[Article]] = {}
        for article in read_articles(html, "turn"):
            link = unquote(article.link.partition("#")[0])
            page = posixpath.normpath(posixpath.join(posixpath.dirname(path), link))
            page += "/index.html" if link.endswith("/") else ""
            sides.setdefault(page, []).append(article)
        for page, articles in sides.items():
            if page in records:
                yield from _check_page(html, path, articles, records[page])
            else:
                what = f"shows messages of {page}, of which there is no record"
                yield Diagnostic(Severity.ERROR, what, path)


def _check_file(files: Mapping[str, bytes], path: str, digest: str) -> Iterator[Diagnostic]:
    """A file beside a record, which has a digest of it or none."""
    if path not in files or not digest:
        return
    if hashlib.sha256(files[path]).hexdigest() != digest:
        yield Diagnostic(Severity.ERROR, "was altered: the record has another digest of it", path)


def _check_page(
    html: str, path: str, articles: Sequence[Article], record: ReadRecord
) -> Iterator[Diagnostic]:
    """What a page shows of a transcript against its record, as far as can be told without
    rendering."""
    if record.chain and record.chain[-1] not in html:
        yield Diagnostic(Severity.ERROR, "does not show the last digest of its record", path)
    if record.canonical_digest not in html:
        what = "does not show the digest of the canonical form that its record has"
        yield Diagnostic(Severity.ERROR, what, path)
    shown = [article.number for article in articles]
    known = [message.get("number") for message in record.messages]
    for number in sorted(set(shown), key=shown.index):
        if number not in known:
            yield Diagnostic(Severity.ERROR, f"message {number} is not in the record", path)
        elif shown.count(number) > 1:
            yield Diagnostic(Severity.ERROR, f"message {number} is there twice", path)
    for place, message in enumerate(record.messages, 1):
        if message.get("number") not in shown:
            yield Diagnostic(Severity.ERROR, f"{name_of(message, place)} is missing", path)
    if sorted(shown) != shown and sorted(shown) == sorted(set(shown)):
        late = next(n for n, after in pairwise(shown) if n > after)
        yield Diagnostic(Severity.ERROR, f"message {late} is out of order", path)
    by_number = {article.number: article for article in articles}
    for place, message in enumerate(record.messages, 1):
        article = by_number.get(message.get("number", 0))
        if article:
            yield from _check_message(article, message, name_of(message, place), path)


def _check_message(
    article: Article, message: dict[str, object], name: str, path: str
) -> Iterator[Diagnostic]:
    speaker, at = message.get("speaker", ""), message.get("at")
    if isinstance(speaker, str) and "".join(speaker.split()) not in "".join(
        article.heading.split()
    ):
        yield Diagnostic(Severity.ERROR, f"{name} has another speaker on the page", path)
    if article.at and article.at != at:
        yield Diagnostic(Severity.ERROR, f"{name} has another time on the page", path)
    given = message.get("blocks", [])
    blocks = [b for b in given if isinstance(b, dict)] if isinstance(given, list) else []
    texts = [str(b.get("markdown", "")) for b in blocks if b.get("type") == "text"]
    if len(texts) < len(blocks):
        return  # Pictures, tools and thoughts are shown in forms of their own.
    # A system prompt is folded; what is folded is not compared.
    if message.get("role") == "system" and not speaker:
        return
    markdown = "\n\n".join(texts)
    if agrees(article.text, markdown):
        return
    found = disagreement(article.text, markdown)
    if found:
        yield Diagnostic(Severity.ERROR, f"{name} differs from the record: {found}", path)
    else:
        yield Diagnostic(Severity.NOTE, f"{name} could not be compared word for word", path)
