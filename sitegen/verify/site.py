"""A site against itself: its list of digests, its records, and its pages."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from sitegen.errors import Diagnostic, Severity
from sitegen.verify.copies import check_copies
from sitegen.verify.page import Article, read_page
from sitegen.verify.record import (
    RECORD,
    Broken,
    ReadRecord,
    check_chain,
    parse_record,
)
from sitegen.verify.shown import check_page, check_side
from sitegen.verify.sums import check_sums

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
        findings += check_copies(files, folder, record)
        page = next((p for p in (f"{folder}.html", f"{folder}/index.html") if p in files), "")
        if page:
            pages[page] = path
            html = files[page].decode("utf-8", "replace")
            findings += check_page(html, page, read_page(html), record)
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
        for article in read_page(html, "turn").articles:
            link = unquote(article.link.partition("#")[0])
            page = posixpath.normpath(posixpath.join(posixpath.dirname(path), link))
            page += "/index.html" if link.endswith("/") else ""
            sides.setdefault(page, []).append(article)
        for page, articles in sides.items():
            if page in records:
                yield from check_side(html, path, articles, records[page])
            else:
                what = f"shows messages of {page}, of which there is no record"
                yield Diagnostic(Severity.ERROR, what, path)


def _check_file(files: Mapping[str, bytes], path: str, digest: str) -> Iterator[Diagnostic]:
    """A file beside a record, which has a digest of it or none."""
    if path not in files or not digest:
        return
    if hashlib.sha256(files[path]).hexdigest() != digest:
        yield Diagnostic(Severity.ERROR, "was altered: the record has another digest of it", path)
