"""Links of authored pages to other sources (`about.md`): where they lead on the site."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Mapping
from urllib.parse import unquote

from sitegen.model import Page
from sitegen.site import Site
from sitegen.urls import Urls

__all__ = ["locate_source", "page_keys"]

RELATIVE = re.compile(r"(?![\w+.-]+:)([^/?#\\][^?#\\]*)(#.*)?\Z", re.DOTALL)
"""A path that begins at the page's own folder, and perhaps a fragment."""


def page_keys(site: Site) -> Mapping[str, str]:
    """The page of each source, by its path in the content folder.

    A source of several transcripts has none: no one page is meant.
    """
    held = Counter(entry.source.rel for entry in site.entries)
    keys = {entry.source.rel: entry.key for entry in site.entries if held[entry.source.rel] == 1}
    authored = [*site.pages, *([site.introduction] if site.introduction else [])]
    return keys | {page.source.rel: page.slug for page in authored}


def locate_source(target: str, page: Page, keys: Mapping[str, str], urls: Urls) -> str:
    """The target of a link in a page: that of the source it names, or else as it is."""
    found = RELATIVE.match(target)
    if not found:
        return target
    folder = posixpath.dirname(page.source.rel)
    key = keys.get(posixpath.normpath(posixpath.join(folder, unquote(found[1]))))
    if key is None:
        return target
    return urls.link(urls.path(key), urls.path(page.slug)) + (found[2] or "")
