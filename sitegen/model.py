"""What a transcript is, as frozen values that every other room shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import TypeAlias

from sitegen.bulk import Blob
from sitegen.errors import Diagnostic, Severity

__all__ = [
    "NOTICE",
    "SYSTEM",
    "Artifact",
    "Attachment",
    "Block",
    "Commitment",
    "Image",
    "Kind",
    "LocalFile",
    "Message",
    "Page",
    "Participant",
    "Report",
    "Source",
    "Staple",
    "Text",
    "Thinking",
    "ToolCall",
    "ToolResult",
    "Transcript",
    "text_of",
]

NOTICE = "notice"
"""The role of a message that nobody speaks but that belongs to the record: a person joins,
a break in a podcast, a conversation is compacted. Its speaker is empty."""

SYSTEM = "system"
"""The role of an instruction that stands above the conversation: a system prompt. Where
its speaker is empty it is shown folded, and counts as nobody's words."""


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
    suffix: str = ""
    """What is put after its slug: `json` where a file of the same name lies beside it."""
    twin: str = ""
    """The text of the same name that lies beside it, in the content folder; empty for none."""
    root: str = ""
    """Of a source of many files: the folder of the export that they belong to."""
    parts: tuple[str, ...] = ()
    """Of a source of many files: the paths of all of them, sorted; then `path` is a folder."""


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of a message that its author wrote as Markdown or plain text."""

    markdown: str
    """The text exactly as in the source, line ends as LF."""
    hard_breaks: bool = False
    """True for text typed in a chat box, where a line end is a line end."""
    plain: bool = False
    """True for text that is no Markdown: `*`, `#` and `>` are shown as typed."""


@dataclass(frozen=True, slots=True)
class Thinking:
    """What a model thought before or while it answered."""

    markdown: str
    """The text as in the source."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool that a speaker used."""

    id: str
    """By what its result names it; empty if the format has none."""
    name: str
    """The tool's name: `Bash`."""
    input: str
    """What it was given: indented JSON, or the text as written."""
    language: str = "json"
    """The language of `input`, for highlighting; empty for plain text."""


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool answered."""

    call_id: str
    """The id of its call; empty if unknown: then it answers the call before it."""
    text: str
    """The output as written."""
    is_error: bool = False
    """True if the tool failed."""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture in a message."""

    src: str
    """A `data:` URI, an address, or a path relative to the source's folder."""
    alt: str = ""
    """What it shows, in words."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that was sent with a message."""

    name: str
    """Its name as written."""
    href: str = ""
    """An address, or a path relative to the source's folder; empty if it was not kept."""
    note: str = ""
    """What else is known of it: `PDF, 2.1 MB`."""


Block: TypeAlias = Text | Thinking | ToolCall | ToolResult | Image | Attachment
"""What a message is made of."""


def text_of(block: Block) -> str:
    """The words of a block as written, without its marks; of an image, what it shows."""
    match block:
        case Text() | Thinking():
            return block.markdown
        case ToolCall():
            return block.input
        case ToolResult():
            return block.text
        case Image():
            return block.alt
        case Attachment():
            return block.name


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file of the content folder that a transcript shows or links to."""

    rel: str
    """Its place in the content folder, `/`-separated."""
    name: str
    """Its name in the output: with a digest, and an ending that says what it is."""
    digest: str
    """SHA-256 of its bytes, in hexadecimal."""
    size: int
    """Its length in bytes."""
    is_picture: bool = False
    """True if it is a raster picture, which can be shown."""
    width: int = 0
    """Of a picture, in pixels; 0 if unknown."""
    height: int = 0
    """Of a picture, in pixels; 0 if unknown."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of one speaker."""

    number: int
    """1-based place in the transcript; the anchor on the page is `#m<number>`."""
    speaker: str
    """The speaker's name as written; empty in a plain document and where nobody speaks."""
    blocks: tuple[Block, ...]
    """The content in order; a blank message has blocks of white space or none."""
    line: int = 0
    """1-based line of the source on which the message starts."""
    role: str = ""
    """The export's role (`user`, `assistant`, …) or `NOTICE`; empty where there is none."""
    at: datetime | None = None
    """When it was said, aware; None where unknown."""
    offset: float | None = None
    """When it was said, in seconds from the start of the recording; None where unknown."""
    reply_to: int = 0
    """The number of the message that it answers; 0 if none, or none that is known."""
    marks: tuple[str, ...] = ()
    """What the record says of it: `edited 12 May 2025, 10:14 UTC`, `pinned`, `👍 3`."""
    id: str = ""
    """The export's own name for the message; empty where the format has none."""

    @property
    def is_blank(self) -> bool:
        """True if there is nothing to read in it."""
        return not any(
            block.markdown.strip() if isinstance(block, (Text, Thinking)) else True
            for block in self.blocks
        )

    @property
    def is_notice(self) -> bool:
        """True if nobody speaks: a line of the record itself, or a system prompt."""
        return not self.speaker and self.role in (NOTICE, SYSTEM)


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
    noindex: bool = False
    """True: search engines are asked not to list it."""
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
class Staple:
    """The name of a transcript that a page puts beside others."""

    name: str
    """Its path in the content folder, or its address without an ending, as written."""
    line: int = 0
    """1-based line of the front matter on which it stands."""


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
    noindex: bool = False
    """True: search engines are asked not to list it."""
    staple: tuple[Staple, ...] = ()
    """The transcripts that it shows side by side; most pages show none."""


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
    content: Blob
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
