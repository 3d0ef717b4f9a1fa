"""A build that is looked at instead of written: takes the files of a site, keeps what matters."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import TracebackType

from sitegen.bulk import to_bytes
from sitegen.check.facts import Link, PageFacts, read_page_facts, style_links, xml_links
from sitegen.model import Artifact, Kind
from sitegen.output import OutputFolder

__all__ = ["InspectedFile", "Inspection"]


@dataclass(frozen=True, slots=True)
class InspectedFile:
    """A file of the site, without its bytes."""

    owner: str
    """What it is made from: `content/a.md`."""
    kind: Kind
    """What it is."""
    size: int
    """Its length in bytes."""
    facts: PageFacts
    """What it links to, and what can be linked to."""


@dataclass(slots=True)
class Inspection(OutputFolder):
    """Stands in for the output folder; nothing is written, nothing there is read."""

    files: dict[str, InspectedFile] = field(default_factory=dict)
    """Every file of the site, by its output path."""
    scripts: list[str] = field(default_factory=list)
    """The text of the scripts, which may name files."""

    def __enter__(self) -> Inspection:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """There is nothing to tidy up."""

    def stage(self, artifact: Artifact) -> bool:
        """Read a file of the site; its bytes are let go."""
        is_free = OutputFolder.stage(self, artifact)
        if is_free:
            self.files[artifact.path] = InspectedFile(
                artifact.owner, artifact.kind, len(artifact.content), self._facts(artifact)
            )
        return is_free

    def stamps(self) -> dict[str, tuple[int, int]]:
        """Nothing: no file was written."""
        return {}

    def _is_current(self, _artifact: Artifact) -> bool:
        """True, so that nothing is staged."""
        return True

    def _facts(self, artifact: Artifact) -> PageFacts:
        text = to_bytes(artifact.content).decode(errors="replace")
        ending = artifact.path.rpartition(".")[2].lower()
        links: list[Link] = []
        if ending == "html":
            return read_page_facts(text)
        if ending == "css":
            links = style_links(text)
        elif ending in ("xml", "atom"):
            links = xml_links(text)
        elif ending in ("js", "webmanifest"):
            self.scripts.append(text)
        return PageFacts(links=tuple(links))
