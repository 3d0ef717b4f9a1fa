"""Checks a built or downloaded site against itself, and against the sources.

Written from docs/provenance.md, and apart from all that builds: the two share nothing but
the algorithm that is described there, and the readers of sources.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from sitegen.config import Config
from sitegen.errors import ConfigError, Diagnostic, Severity
from sitegen.readers import list_sources, load
from sitegen.verify.folder import Folder
from sitegen.verify.site import Verdict, verify_site
from sitegen.verify.sources import verify_sources

__all__ = ["Verdict", "verify_folder", "verify_site", "verify_sources"]


def verify_folder(root: Path, ignore: Iterable[str] = (), config: Config | None = None) -> Verdict:
    """Check the site in a folder; with `config`, against the sources of that project too.

    Raises:
        ConfigError: there is no such folder.
        SourceError: a file cannot be read.
    """
    if not root.is_dir():
        raise ConfigError(
            f"there is no folder {root}", hint="build the site first, or name its folder"
        )
    folder = Folder(root)
    verdict = verify_site(folder, ignore)
    odd = [Diagnostic(Severity.ERROR, "is not a file that can be read", p) for p in folder.odd]
    verdict = replace(verdict, findings=(*odd, *verdict.findings))
    if config is None:
        return verdict
    listing = list_sources(config.content, config.root, config.paths.pages_prefix)
    sources = {source: load(source) for source in listing.transcripts}
    found = verify_sources(verdict.records, sources, config)
    return replace(verdict, findings=(*verdict.findings, *found))
