"""Exports that are a ZIP archive, or were one: Slack's, WhatsApp's and Inspect's.

An archive may be made to exhaust memory: no more is unpacked than the bounds below allow,
whatever it says of itself, and nothing is ever written to disk.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from sitegen.errors import SourceError
from sitegen.model import Source, Transcript
from sitegen.readers.assemble import Finder
from sitegen.readers.content import Content, decode_record
from sitegen.readers.decode import decode
from sitegen.readers.export import Export
from sitegen.readers.frontmatter import FrontMatter
from sitegen.readers.inspect import read_log, read_sample
from sitegen.readers.order import DateOrder
from sitegen.readers.scan import DAY, PEOPLE
from sitegen.readers.slack import Workspace, read_channel
from sitegen.readers.values import mapping, sequence
from sitegen.readers.whatsapp import read_whatsapp
from sitegen.urls import slugify

__all__ = ["bundle", "read_archive"]

PLACES = ("channels.json", "groups.json", "dms.json", "mpims.json")

MAX_MEMBERS = 200_000
MAX_MEMBER = 128 << 20
"""Bytes of one file, unpacked."""

MAX_TOTAL = 1 << 30
"""Bytes of all files that are read."""

MAX_RATIO = 1_000
"""Deflate cannot pack text much tighter; a file that claims to is made to harm."""

METHODS = frozenset([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
OLD = (1980, 1, 1, 0, 0, 0)


def bundle(folder: str, parts: Sequence[str]) -> bytes:
    """Files of a folder as the archive from which they were unpacked; the same for the same.

    Raises:
        OSError: one cannot be read.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for part in parts:
            name = Path(part).relative_to(folder).as_posix()
            archive.writestr(zipfile.ZipInfo(name, OLD), Path(part).read_bytes())
    return buffer.getvalue()


def read_archive(
    content: Content,
    source: Source,
    slug: str,
    timezone: str,
    finder: Finder,
    date_order: DateOrder | None = None,
) -> Iterator[Transcript]:
    """The transcripts of an archive; none, with a note, if it is of no known kind.

    `date_order` says how the dates of a WhatsApp chat are written.

    Raises:
        SourceError: it is broken, or larger than it may be.
    """
    export = Export(source, timezone, finder, slug, line=0)
    try:
        with content.open() as file, zipfile.ZipFile(file) as archive:
            members = _Members(archive, source.name)
            finder.reason = "an archive of the files of days in folders of channels"
            if members.root("header.json", "_journal/start.json") is not None:
                finder.reason = "an archive with `header.json` or `_journal/start.json`"
                yield from _read_inspect(members, export)
            elif channels := _channels(members):
                yield from _read_slack(members, channels, export, bool(source.parts))
            elif chat := _read_chat(members, export, date_order):
                yield chat
            else:
                finder.reason = ""
                finder.note("not read: an archive, but of no export that sitegen knows")
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError) as error:
        raise SourceError(
            f"the archive is broken: {error}", path=source.name, hint="export or download it again"
        ) from error


class _Members:
    """The files of an archive, read with care."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self.archive = archive
        self.name = name
        self.total = 0
        infos = [info for info in archive.infolist() if not info.is_dir()]
        if len(infos) > MAX_MEMBERS:
            raise SourceError(f"the archive holds over {MAX_MEMBERS:,} files", path=name)
        self.infos = {info.filename: info for info in infos}

    def root(self, *names: str) -> str | None:
        """The uppermost folder that holds one of these files, with its slash."""
        found = [
            path.removesuffix(name)
            for path in self.infos
            for name in names
            if path == name or path.endswith(f"/{name}")
        ]
        return min(found, key=lambda path: (path.count("/"), path), default=None)

    def load(self, path: str) -> object:
        """The JSON in a file.

        Raises:
            SourceError: it is no JSON, packed in an unknown way, or too large.
        """
        return decode_record(self.read(path), f"{self.name}/{path}")

    def read(self, path: str) -> bytes:
        """The bytes of a file.

        Raises:
            SourceError: it is packed in an unknown way, or too large.
        """
        place = f"{self.name}/{path}"
        info = self.infos[path]
        if info.flag_bits & 1:
            raise SourceError("is encrypted", path=place, hint="unpack it with its password")
        if info.compress_type not in METHODS:
            raise SourceError(
                "is packed in a way that cannot be read here",
                path=place,
                hint="unpack it; of an Inspect log, `inspect log convert --to json` makes JSON",
            )
        too_large = info.file_size > MAX_MEMBER
        if too_large or info.file_size > MAX_RATIO * max(info.compress_size, 1024):
            raise SourceError("unpacks to more than may be", path=place)
        with self.archive.open(info) as file:
            data = file.read(MAX_MEMBER + 1)
        self.total += len(data)
        if len(data) > MAX_MEMBER or self.total > MAX_TOTAL:
            raise SourceError("unpacks to more than may be", path=place)
        return data


def _read_chat(
    members: _Members, export: Export, date_order: DateOrder | None
) -> Transcript | None:
    """The chat of a WhatsApp export: the one text among the files that were sent."""
    texts = [path for path in members.infos if path.lower().endswith(".txt")]
    if len(texts) != 1:
        return None
    text, findings = decode(members.read(texts[0]), f"{members.name}/{texts[0]}")
    front = FrontMatter({}, text, 0, {})
    chat = read_whatsapp(
        front, export.source, export.stem, export.timezone, export.finder, date_order
    )
    if chat:
        export.finder.found += findings
        if len(members.infos) > 1:
            export.finder.note("what was sent with the chat is not shown: unpack the archive here")
    return chat


def _channels(members: _Members) -> dict[str, list[str]]:
    """The files of days, in order, by the folder of their channel."""
    found: dict[str, list[str]] = {}
    for path in sorted(members.infos):
        folder, _, name = path.rpartition("/")
        if DAY.fullmatch(name):
            found.setdefault(folder, []).append(path)
    return found


def _read_slack(
    members: _Members, channels: dict[str, list[str]], export: Export, is_folder: bool
) -> Iterator[Transcript]:
    root = members.root(*PEOPLE, *PLACES) or ""
    workspace = Workspace()
    for name in PEOPLE:
        if root + name in members.infos:
            workspace.learn_people(members.load(root + name))
    for name in PLACES:
        if root + name in members.infos:
            workspace.learn_channels(members.load(root + name))
    if not any(root + name in members.infos for name in PEOPLE):
        export.finder.warn(
            "no users.json: people are called by their ids", 0, "put the export's users.json here"
        )
    for folder, days in channels.items():
        name = PurePosixPath(folder).name
        said = [item for day in days for item in sequence(members.load(day))]
        slug = export.stem if is_folder else slugify(f"{export.stem}-{name}")
        yield read_channel(name, said, workspace, export, slug)


def _read_inspect(members: _Members, export: Export) -> Iterator[Transcript]:
    root = members.root("header.json", "_journal/start.json") or ""
    head = root + "header.json"
    is_whole = head in members.infos
    log = mapping(members.load(head if is_whole else f"{root}_journal/start.json"))
    samples = sorted(p for p in members.infos if p.startswith(f"{root}samples/"))
    if not is_whole:
        export.finder.warn("the run did not finish; its samples so far are shown")
    about = read_log(log)
    for index, path in enumerate(samples):
        export.index = index
        yield from read_sample(mapping(members.load(path)), about, export)
    if not samples:
        export.finder.warn("the log holds no samples")
