"""Authored pages: read, rewritten by the site's rules, and looked through for secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sitegen.config import Config
from sitegen.errors import Diagnostic, Severity
from sitegen.model import Page, Source
from sitegen.readers.reading import parse_page
from sitegen.secrets import secret_warnings

if TYPE_CHECKING:
    from sitegen.redact.transcripts import TranscriptRedactor

__all__ = ["prepare_page"]


def prepare_page(
    config: Config, redactor: TranscriptRedactor | None, source: Source, data: bytes
) -> tuple[Page | None, tuple[Diagnostic, ...]]:
    """The page that a source holds, None if it cannot be shown, and what is to be said of it."""
    page, reading = parse_page(data, source, config.site.timezone, config.paths.pages_prefix)
    findings = list(reading.diagnostics)
    if page is None or (page.draft and not config.drafts):
        return page, tuple(findings)
    if redactor:
        page = redactor.page(page)
    hidden = redactor.labels.token if redactor else None
    findings += secret_warnings([page], data, source.name, config.allowed, hidden)
    if redactor and not _is_clean(page, config, redactor):
        findings.append(
            Diagnostic(
                Severity.ERROR,
                "shows what `redact` hides once its Markdown is rendered",
                source.name,
                hint="write it in one piece, without marks in it",
            )
        )
        return None, tuple(findings)
    return page, tuple(findings)


def _is_clean(page: Page, config: Config, redactor: TranscriptRedactor) -> bool:
    # Imported late: only where something is hidden is a page rendered twice.
    from sitegen.markup import seen_texts
    from sitegen.markup.prose import ProseRenderer

    prose = ProseRenderer(remote_images=config.markup.remote_images, labels=redactor.labels)
    return redactor.is_clean(seen_texts(prose.render(page.markdown)))
