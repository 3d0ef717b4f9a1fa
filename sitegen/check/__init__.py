"""Diagnostics over the sources and the site they would make; writes nothing.

The site is built as `build` would build it, but every file is looked at and let go.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping
from dataclasses import dataclass

from sitegen.builder import Builder, Progress
from sitegen.cache import Cache
from sitegen.check.hosting import check_address, check_limits
from sitegen.check.inspect import Inspection
from sitegen.check.links import LinkChecker
from sitegen.check.places import Places
from sitegen.config import Config
from sitegen.errors import Diagnostic, Severity
from sitegen.readers import list_sources

__all__ = ["CheckReport", "check_site"]


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found."""

    diagnostics: tuple[Diagnostic, ...]
    """Every finding, in order of its place."""
    transcripts: int
    """How many transcripts the site would hold."""
    files: int
    """How many files it would have."""
    size: int
    """Their length in bytes, together."""
    links: int
    """How many addresses were looked at."""
    seconds: float
    """Wall time of the check, in seconds."""

    def count(self, severity: Severity) -> int:
        """How many findings are of a severity."""
        return sum(finding.severity is severity for finding in self.diagnostics)

    def passes(self, strict: bool = True) -> bool:
        """Whether there are no errors and, if `strict`, no warnings; notes never matter."""
        fatal = self.count(Severity.ERROR) + strict * self.count(Severity.WARNING)
        return fatal == 0


def check_site(
    config: Config, environment: Mapping[str, str], progress: Progress | None = None
) -> CheckReport:
    """Look for everything that is wrong with a project, and write nothing.

    `environment` is that of the process, for what GitHub Actions says there.

    Raises:
        ConfigError: the configuration or a layout cannot be used.
    """
    begun = time.perf_counter()
    # What can be read is looked at, however much else is broken.
    config = dataclasses.replace(config, strict=False, keep_going=True, dry_run=True)
    inspection = Inspection(config, dry_run=True)
    builder = Builder(config, progress, cache=Cache.of(config), folder=lambda: inspection)
    report = builder.build()
    listing = list_sources(config.content, config.root, config.paths.pages_prefix)
    places = Places(config, (*listing.transcripts, *listing.pages))
    files = inspection.files
    findings = {
        *report.diagnostics,
        *LinkChecker(config, files, inspection.scripts, places).check(),
        *check_address(config, environment),
        *check_limits(files, report.seconds),
    }
    return CheckReport(
        tuple(sorted(findings, key=lambda f: (f.path, f.line, f.column, f.message))),
        report.transcripts,
        len(files),
        sum(file.size for file in files.values()),
        sum(len(file.facts.links) for file in files.values()),
        time.perf_counter() - begun,
    )
