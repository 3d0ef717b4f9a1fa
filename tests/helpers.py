"""What several test modules share: reading a text, writing a project, building it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from sitegen import build
from sitegen.config import Override
from sitegen.errors import Severity
from sitegen.model import Source, Transcript, text_of
from sitegen.readers.reading import Reading, read_transcripts


def source(rel: str = "a.md") -> Source:
    """A source that need not exist."""
    return Source(f"/nowhere/content/{rel}", rel, f"content/{rel}")


def reading(text: str | bytes, rel: str = "a.md", timezone: str = "UTC") -> Reading:
    """Everything that reading a file with this text gives."""
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return read_transcripts(data, source(rel), timezone)


def read(text: str | bytes, rel: str = "a.md", timezone: str = "UTC") -> Transcript:
    """The one transcript that a file with this text holds."""
    (transcript,) = reading(text, rel, timezone).transcripts
    return transcript


def spoken(transcript: Transcript) -> list[tuple[str, str]]:
    """Who said what."""
    return [
        (message.speaker, "".join(text_of(block) for block in message.blocks))
        for message in transcript.messages
    ]


def problems(found: Reading) -> list[tuple[str, int, str]]:
    """Severity, line and message of each finding."""
    return [(str(d.severity), d.line, d.message) for d in found.diagnostics]


def warnings(found: Reading) -> list[str]:
    """The messages of the warnings."""
    return [d.message for d in found.diagnostics if d.severity is Severity.WARNING]


def exported(
    messages: Iterable[tuple[str, str]],
    title: str = "Ada ↔ Brook",
    *,
    started: str = "2025-03-04 09:12:00",
    ended: str = "",
    count: int | None = None,
) -> str:
    """A file exactly as the exporter of the model format writes it."""
    said = list(messages)
    head = f"# {title}\n\n**Started:** {started}\n"
    head += f"**Ended:** {ended}\n" if ended else ""
    head += f"**Messages:** {len(said) if count is None else count}\n\n---\n\n"
    return head + "".join(f"### {name}\n\n{body}\n\n---\n\n" for name, body in said)


def write_site(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write a project's files; paths are relative to `root`, which is returned."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def built(root: Path, **overrides: Override) -> dict[str, bytes]:
    """Build the project and return every file of its output, dot files included."""
    build(root, **overrides)
    return tree(Path(str(overrides.get("output") or root / "output")))


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its `/`-separated path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
