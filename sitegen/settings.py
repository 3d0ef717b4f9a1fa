"""What can be set in `sitegen.toml`: a dataclass for each table, a field for each key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Literal

from sitegen.rules.settings import RedactConfig

__all__ = [
    "LISTS",
    "NAMED_SECTIONS",
    "SECTIONS",
    "ExportsConfig",
    "FeedsConfig",
    "LabelConfig",
    "MarkupConfig",
    "PagesConfig",
    "ParticipantConfig",
    "PathsConfig",
    "SiteConfig",
    "SourceConfig",
]


@dataclass(frozen=True, slots=True)
class SiteConfig:
    """`[site]`: what the site says of itself."""

    title: str = "Conversations"
    """Name of the site, shown in the bar, in titles and in feeds."""
    base_url: str = ""
    """Where the site will be served, for what needs absolute addresses:
    `https://someone.github.io/archive/`. Also SITEGEN_BASE_URL and --base-url."""
    description: str = ""
    """One sentence for search engines and the top of the index."""
    language: str = "en"
    """BCP 47 tag of the site's own language."""
    timezone: str = "UTC"
    """IANA zone of times that name none: `Europe/Berlin`."""
    author: str = ""
    """Who publishes the site."""
    noindex: bool = False
    """Ask search engines to list no page of the site."""
    search: bool = True
    """Make an index of all messages, and a page that searches in it."""
    social_cards: bool = True
    """Draw a picture for each transcript, which others show beside a link to it."""


@dataclass(frozen=True, slots=True)
class PathsConfig:
    """`[paths]`: the folders, relative to the project folder."""

    content: str = "content"
    """Where the transcripts are."""
    layouts: str = "layouts"
    """Where your own layouts and static files are; need not exist."""
    output: str = "output"
    """Where the site goes."""
    pages: str = "pages"
    """Where your own pages are, in the content folder; `.` if all its texts are such pages."""

    @property
    def pages_prefix(self) -> str:
        """What the paths of pages begin with, in the content folder; empty if all are pages."""
        folder = PurePosixPath(self.pages).as_posix()
        return "" if folder == "." else f"{folder}/"


@dataclass(frozen=True, slots=True)
class PagesConfig:
    """`[pages]`: the shape of addresses."""

    urls: Literal["file", "directory"] = "file"
    """`file`: `slug.html`, which also works from a disk; `directory`: `slug/`."""
    index_size: int = 100
    """Transcripts on one page of the index or of a term; 0 for all on one page."""
    raw: bool = True
    """Publish each source as it is, as a file and as a page with line numbers."""


@dataclass(frozen=True, slots=True)
class MarkupConfig:
    """`[markup]`: how message bodies become HTML."""

    engine: Literal["commonmark", "markdown"] = "commonmark"
    """`commonmark`: GitHub-flavoured CommonMark; `markdown`: Python-Markdown's syntax."""
    remote_images: Literal["link", "show"] = "link"
    """`link`: images of other hosts become links; `show`: they are loaded from there."""


@dataclass(frozen=True, slots=True)
class FeedsConfig:
    """`[feeds]`: Atom and JSON Feed, for a site whose address is known."""

    site: bool = True
    """Feeds of the newest transcripts."""
    terms: bool = True
    """Feeds of each participant and each tag."""
    limit: int = 50
    """How many transcripts a feed holds, the newest first."""


@dataclass(frozen=True, slots=True)
class ExportsConfig:
    """`[exports]`: the archive for programs and for further use."""

    transcripts: bool = True
    """Each transcript as Markdown, JSON and plain text, in the folder of its page's name."""
    archive: bool = True
    """What is known of all transcripts: `index.json` and `index.csv`."""


@dataclass(frozen=True, slots=True)
class ParticipantConfig:
    """`[participants."Name"]`: what is known of a voice, by the name that transcripts give it."""

    alias: str = ""
    """The name to show instead, on every page. Names with one alias are one participant."""
    model: str = ""
    """The model behind the voice, where a transcript does not say: `moonshotai/kimi-k2`."""
    color: str = ""
    """`blue`, `amber`, `green`, `purple`, `teal`, `red`, `olive`, `violet` or `#rrggbb`,
    which is made darker or lighter until it can be read; empty: chosen for the site."""
    avatar: str = ""
    """One or two characters that stand before the name: `🌙`; empty: chosen for the site."""
    url: str = ""
    """A page about the participant, linked from theirs here."""


@dataclass(frozen=True, slots=True)
class LabelConfig:
    """`[labels."unverifiable"]`: what a label means, and its colour."""

    explanation: str = ""
    """One sentence for readers; of well-known labels it is known."""
    color: Literal["", "blue", "amber", "green", "purple", "teal", "red", "olive", "violet"] = ""
    """One of the colours of the palette; empty for the colour of warnings."""


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """`[[sources]]`: what some files of the content folder have in common."""

    files: str
    """Which: a pattern of paths in the content folder, `podcasts/**/*.md`."""
    format: str = "auto"
    """How to read them; `auto` recognises each by its content."""
    timezone: str = ""
    """IANA zone of their times that name none; empty for the site's."""
    tags: tuple[str, ...] = ()
    """Tags that each gets beside its own."""
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Names that are written differently on the site: `"me" = "Ada Quill"`."""
    conversations: Literal["split", "merge"] = "split"
    """`split`: a page for each conversation of a file; `merge`: one page a file."""
    date_order: Literal["", "day/month/year", "month/day/year", "year/month/day"] = ""
    """How WhatsApp wrote their dates; empty: found out from each whole file."""


SECTIONS: Mapping[str, type] = {
    "site": SiteConfig,
    "paths": PathsConfig,
    "pages": PagesConfig,
    "markup": MarkupConfig,
    "redact": RedactConfig,
    "feeds": FeedsConfig,
    "exports": ExportsConfig,
}
"""The tables of the file; each is a dataclass whose fields are the keys."""

NAMED_SECTIONS: Mapping[str, type] = {
    "participants": ParticipantConfig,
    "labels": LabelConfig,
}
"""The tables that hold a table for each name."""

LISTS: Mapping[str, type] = {"sources": SourceConfig}
"""The tables that may come more than once: `[[sources]]`."""
