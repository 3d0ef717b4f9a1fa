"""The files beside a source that one of its transcripts shows or links to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sitegen.attachments import Attachments, Found, file_path
from sitegen.entry import entry_key
from sitegen.errors import Diagnostic, Severity
from sitegen.markup import Local
from sitegen.model import LocalFile, Source, Transcript
from sitegen.text import visible
from sitegen.urls import Urls

if TYPE_CHECKING:
    from sitegen.redact.transcripts import TranscriptRedactor

__all__ = ["FileFinder"]

WORDS = re.compile("[^\x00-\x1f\x7f-\x9f\ufffd]{4,}")
"""Runs of signs that may be text, as a picture's data holds them between its bytes."""

HIDDEN = "holds what `redact` hides, or is named after it; not copied"


class FileFinder:
    """Finds the files that one transcript shows, and remembers them."""

    def __init__(
        self,
        files: Attachments,
        urls: Urls,
        source: Source,
        transcript: Transcript,
        redactor: TranscriptRedactor | None,
        page: str = "",
    ) -> None:
        """`page` is the output path of the page that shows them, if not the transcript's."""
        self.files = files
        self.urls = urls
        self.source = source
        self.redactor = redactor
        self.key = entry_key(transcript)
        self.page = page or urls.path(self.key)
        self.used: dict[str, LocalFile] = {}
        self.digests: dict[str, str] = {}
        self.findings: list[Diagnostic] = []

    def find(self, href: str, is_link: bool = False) -> Local | None:
        """The file that a reference means, as the page links to it.

        `is_link` is True where words lead to it: models link to much that never was beside them.
        """
        found = self.files.find(self.source, href)
        if found is None:
            return None
        if found.file and self._is_hidden(found.file):
            found = Found(problem=HIDDEN)
        if found.problem and href not in self.digests:
            # A model may speak of files that never were.
            is_meant = found.file is not None or not is_link
            severity = Severity.WARNING if found.is_there and is_meant else Severity.NOTE
            message = f"the file “{visible(href)}” {found.problem}"
            self.findings.append(Diagnostic(severity, message, self.source.name))
        self.digests[href] = found.digest
        if (file := found.file) is None:
            return None
        self.used[file.name] = file
        link = self.urls.link(f"{self.key}/{file.name}", self.page)
        return Local(link, file.is_picture, file.width, file.height)

    def _is_hidden(self, file: LocalFile) -> bool:
        """Whether a rule hits the name of a file or a text in its bytes, as in a picture's data."""
        if self.redactor is None:
            return False
        try:
            with open(file_path(self.files.content, file), "rb") as opened:  # noqa: PTH123
                data = opened.read()
        except OSError:
            return True
        texts = [file.rel]
        for code in ("utf-8", "latin-1", "utf-16-le"):
            texts += WORDS.findall(data.decode(code, "replace"))
        return not self.redactor.is_clean("\n".join(texts))
