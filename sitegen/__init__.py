"""Turns a folder of transcripts into a static site: `sitegen.build(root) -> Report`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from sitegen.config import Override
    from sitegen.model import Report

__version__ = "0.1.0"

__all__ = ["__version__", "build"]


def build(root: str | Path = ".", **overrides: Override) -> Report:
    """Build the site of the project folder `root` and return what was done.

    `overrides` are configuration keys that beat the file and the environment, by
    the name of the command's flag: `output`, `base_url`, `config`, `drafts`,
    `strict`, `keep_going`, `dry_run`.

    Raises:
        ConfigError: the configuration or the output folder cannot be used.
        BuildError: a source is broken; `diagnostics` lists every one.
        OutputError: the output could not be written.
    """
    # Imported late so that `import sitegen` and `sitegen --version` stay quick.
    from sitegen.builder import build_site
    from sitegen.config import load_config

    return build_site(load_config(root, **overrides))
