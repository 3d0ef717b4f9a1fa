"""The texts of authored pages, whose links to sources (`about.md`) lead to their pages."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING
from urllib.parse import unquote

from markupsafe import Markup

from sitegen.keys import digest
from sitegen.model import Page
from sitegen.redact import make_redactor
from sitegen.site import Site
from sitegen.urls import Urls

if TYPE_CHECKING:
    from sitegen.markup.prose import ProseRenderer

__all__ = ["AuthoredText", "locate_source"]

RELATIVE = re.compile(r"(?![\w+.-]+:)([^/?#\\][^?#\\]*)(#.*)?\Z", re.DOTALL)
"""A path that begins at the page's own folder, and perhaps a fragment."""


class AuthoredText:
    """Renders the texts of authored pages; `sources` is a digest of where sources lead.

    `table` is what a screen reader calls a table, in the site's language.
    """

    def __init__(self, site: Site, urls: Urls, table: str) -> None:
        self.config = site.config
        self.urls = urls
        self.table = table
        self.keys = _page_keys(site)
        self.sources = digest(*sorted(self.keys.items()))

    def render(self, page: Page) -> Markup:
        """The text of a page as HTML."""
        locate = partial(locate_source, page=page, keys=self.keys, urls=self.urls)
        return self._prose.render(page.markdown, page.source.name, locate)

    @cached_property
    def _prose(self) -> ProseRenderer:
        # Imported late: a build that makes no page anew needs none of it.
        from sitegen.markup.prose import ProseRenderer

        redactor = make_redactor(self.config.redact)
        labels = redactor.labels if redactor else None
        images = self.config.markup.remote_images
        return ProseRenderer(remote_images=images, labels=labels, table=self.table)


def _page_keys(site: Site) -> Mapping[str, str]:
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
