"""The files beside a source that one of its transcripts shows or links to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sitegen.attachments import TRANSCRIPT, Attachments, Found, file_path
from sitegen.entry import entry_key
from sitegen.errors import Diagnostic, Severity
from sitegen.markup import Local
from sitegen.model import LocalFile, Source, Transcript
from sitegen.text import visible
from sitegen.urls import Urls

if TYPE_CHECKING:
    from sitegen.redact.transcripts import TranscriptRedactor

__all__ = ["FileFinder"]

HIDDEN = "holds what `redact` hides, or is named after it; not copied"
OPAQUE = "is packed so that nobody can look for what `redact` hides in it; not copied"


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
        if found is None or (is_link and found.problem == TRANSCRIPT):
            return None
        digest = found.digest
        if found.file and (problem := self._why_hidden(found.file)):
            found = Found(problem=problem)
        if found.problem and href not in self.digests:
            # A model may speak of files that never were.
            is_meant = found.file is not None or not is_link
            severity = Severity.WARNING if found.is_there and is_meant else Severity.NOTE
            message = f"the file “{visible(href)}” {found.problem}"
            self.findings.append(Diagnostic(severity, message, self.source.name))
        self.digests[href] = digest
        if (file := found.file) is None:
            return None
        self.used[file.name] = file
        link = self.urls.link(f"{self.key}/{file.name}", self.page)
        return Local(link, file.is_picture, file.width, file.height)

    def _why_hidden(self, file: LocalFile) -> str:
        """Why a file must not be copied by the site's rules; empty if it may be."""
        if self.redactor is None:
            return ""
        # Imported late: only where something is hidden are files looked into.
        from sitegen.redact.files import PackedError, holds_hidden

        try:
            with open(file_path(self.files.content, file), "rb") as opened:  # noqa: PTH123
                data = opened.read()
            return HIDDEN if holds_hidden(self.redactor, file.rel, data) else ""
        except OSError:
            return HIDDEN
        except PackedError:
            return OPAQUE
