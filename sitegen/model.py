"""What a transcript is, as frozen values that every other room shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from sitegen.errors import Diagnostic, Severity

__all__ = [
    "Artifact",
    "Block",
    "Commitment",
    "Kind",
    "Message",
    "Page",
    "Participant",
    "Report",
    "Source",
    "Text",
    "Transcript",
]


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the content folder."""

    path: str
    """Where to read it: an absolute path, or one relative to the working folder."""
    rel: str
    """Its place in the content folder, `/`-separated: `radio/night.txt`."""
    name: str
    """How diagnostics name it, relative to the project folder: `content/radio/night.txt`."""
    proofs: tuple[Source, ...] = ()
    """Time-stamps of it that lie beside it: `night.txt.ots`, `night.tsr`."""


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of a message that its author wrote as Markdown or plain text."""

    markdown: str
    """The text exactly as in the source, line ends as LF."""
    hard_breaks: bool = False
    """True for text typed in a chat box, where a line end is a line end."""


Block = Text
"""What a message is made of."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of one speaker."""

    number: int
    """1-based place in the transcript; the anchor on the page is `#m<number>`."""
    speaker: str
    """The speaker's name as written; empty in a plain document."""
    blocks: tuple[Block, ...]
    """The content in order; a blank message has blocks of white space or none."""
    line: int = 0
    """1-based line of the source on which the message starts."""
    role: str = ""
    """The export's role (`user`, `assistant`, …); empty where the format has none."""
    at: datetime | None = None
    """When it was said, aware; None where unknown."""

    @property
    def is_blank(self) -> bool:
        """True if there is nothing to read in it."""
        return not any(block.markdown.strip() for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Participant:
    """One voice of a transcript."""

    name: str
    """The name as written."""
    hue: int = 0
    """The colour, settled for the whole site: 0 to 7 of the palette, 8 and more the site's own."""
    role: str = ""
    """What the front matter says of the part played: `interviewer`."""
    model: str = ""
    """The model behind the voice: `moonshotai/kimi-k2`; empty if none is known."""
    url: str = ""
    """A page about them elsewhere; empty for none."""


@dataclass(frozen=True, slots=True)
class Commitment:
    """A digest that a message gave, of something that was to be shown later."""

    algorithm: str
    """The hash function: `sha256`."""
    digest: str
    """What was given, in lower-case hexadecimal."""
    message: int
    """The number of the message that holds the digest."""
    reveal: int = 0
    """The number of the message that reveals; 0 if none is named."""
    value: bytes | None = None
    """What was revealed; None if it is to be found in the message that reveals."""
    salt: bytes = b""
    """What was hashed along with it; empty for none."""
    rule: str = "{value}"
    """How they were put together: a text with `{value}` and `{salt}` in it."""
    line: int = 0
    """1-based line of the front matter on which it stands."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """One conversation, complete and as written."""

    source: Source
    """The file it came from."""
    format: str
    """The reader that recognised it: `dialogue`, `document`."""
    slug: str
    """Its name in URLs, unique within its folder: `kimi-k2_haiku-4-5`."""
    title: str
    """One line of plain text."""
    messages: tuple[Message, ...]
    """Every message in the order of the source."""
    participants: tuple[Participant, ...] = ()
    """The voices in order of first appearance."""
    preamble: str = ""
    """Markdown that stands before the first message and is no header."""
    summary: str = ""
    """One or two sentences for listings, from the front matter; empty if not given."""
    note: str = ""
    """The editor's note, Markdown, from the front matter."""
    started: datetime | None = None
    """When it began, aware; None where unknown."""
    ended: datetime | None = None
    """When it ended, aware; None where unknown."""
    declared_messages: int | None = None
    """The count that the source states; None if it states none."""
    tags: tuple[str, ...] = ()
    """Subjects, as written, without repeats."""
    labels: tuple[str, ...] = ()
    """What the record is or is not: `excerpt`, `unverifiable`."""
    draft: bool = False
    """True: published only with `--drafts`."""
    language: str = ""
    """BCP 47 tag of the text; empty for the site's language."""
    extra: tuple[tuple[str, str], ...] = ()
    """Every other header of the source, name and value as written, in order."""
    commitments: tuple[Commitment, ...] = ()
    """Digests given and revealed, from the front matter, in order."""

    @property
    def folder(self) -> str:
        """The folder of the source in the content folder: `radio/`, or empty at the top."""
        head, slash, _ = self.source.rel.rpartition("/")
        return head + slash


@dataclass(frozen=True, slots=True)
class Page:
    """One authored page (`content/pages/about.md`)."""

    source: Source
    """The file it came from."""
    slug: str
    """Its path in the site without an ending: `about`; `index` for the introduction."""
    title: str
    """One line of plain text."""
    markdown: str
    """The body, front matter removed."""
    summary: str = ""
    """The description for search engines; empty for none."""
    draft: bool = False
    """True: published only with `--drafts`."""
    language: str = ""
    """BCP 47 tag; empty for the site's language."""


class Kind(IntEnum):
    """What an artifact is; the order in which artifacts are committed."""

    ASSET = 0
    PAGE = 1
    LISTING = 2
    FEED = 3
    SUMS = 4


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file of the site, before it is written."""

    path: str
    """Its place in the output folder, `/`-separated: `tags/radio.html`."""
    content: bytes
    """The bytes of the file."""
    kind: Kind
    """When it is committed: assets, pages, listings, feeds, and the sums of all of them."""
    owner: str = ""
    """What it is made from, for messages about collisions: `content/a.md`."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did."""

    written: tuple[str, ...] = ()
    """Output paths that were created or changed, sorted."""
    unchanged: int = 0
    """How many files were already as they should be."""
    removed: tuple[str, ...] = ()
    """Output paths that were deleted, sorted."""
    transcripts: int = 0
    """How many transcripts the site holds."""
    messages: int = 0
    """How many messages they hold."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """Warnings and notes, in order of their place."""
    reasons: tuple[tuple[str, str], ...] = ()
    """For each page that was made anew, its output path and why."""
    seconds: float = 0.0
    """Wall time of the build, in seconds."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing had to be left out, as with --keep-going."""
        return not any(finding.severity is Severity.ERROR for finding in self.diagnostics)
