"""Where the addresses of a built site lead, and what is broken about them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from sitegen.assets import builtin_layouts
from sitegen.check.facts import PREAMBLE, Link
from sitegen.check.inspect import InspectedFile
from sitegen.check.places import Place, Places
from sitegen.config import Config
from sitegen.errors import Diagnostic, Severity
from sitegen.model import Kind

__all__ = ["LinkChecker"]

ORIGIN = "https://site.invalid"
"""Stands for the server; a name that can never exist."""

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|\\")
ASSETS = "assets/"
AS_IT_IS = "the record is left as it is"


@dataclass(frozen=True, slots=True)
class _Broken:
    """What is broken about a link."""

    reached: str
    """The path it leads to on the server."""
    problem: str
    hint: str


class LinkChecker:
    """Checks all links of a site; findings about a page stand where its source has the link."""

    def __init__(
        self,
        config: Config,
        files: Mapping[str, InspectedFile],
        scripts: list[str],
        places: Places,
    ) -> None:
        self.config = config
        self.files = files
        self.scripts = scripts
        self.places = places
        self.reached: set[str] = set()
        """Every file that a page or a style sheet links."""
        self.shared: dict[_Broken, list[tuple[str, Link]]] = {}
        """Links that are not in the page's own source, by what is broken about them."""

    def check(self) -> Iterator[Diagnostic]:
        """Everything that is broken, by page."""
        for path, file in self.files.items():
            yield from self._ids(path, file)
            for link in file.facts.links:
                if broken := self._follow(path, link.target):
                    yield from self._report(path, file, link, broken)
            yield from self._pictures(path, file)
            yield from self._dead(path, file)
        yield from self._shared()
        yield from self._orphans()

    def _follow(self, path: str, target: str) -> _Broken | None:
        """What is broken about a link; None if it leads somewhere, or off the site."""
        base_url, base_path = self.config.site.base_url, self.config.base_path
        if base_url and (target + "/").startswith(base_url):
            target = base_path + target[len(base_url) :]
        try:
            if target.startswith("//") or urlsplit(target).scheme:
                return None
            parts = urlsplit(urljoin(f"{ORIGIN}{base_path}{path}", target))
        except ValueError:
            hint = "write it as a path, or in full with https://"
            return _Broken(target, "is not an address", hint)
        served = unquote(parts.path)
        if not served.startswith(base_path):
            problem = f"leads out of the site, which is served at {base_path}"
            return _Broken(served, problem, "write it relative to the page")
        file = self._file(served.removeprefix(base_path))
        if file is None:
            hint = self._likely(served.removeprefix(base_path))
            return _Broken(served, "leads nowhere", hint)
        self.reached.add(file)
        fragment = unquote(parts.fragment.partition(":~:")[0])
        if not fragment or fragment == "top" or not file.endswith(".html"):
            return None
        ids = self.files[file].facts.ids
        # A span of messages, `#m12-m18`, is there if its ends are.
        ends = fragment.split("-") if re.fullmatch(r"m\d+-m\d+", fragment) else [fragment]
        if ids.issuperset(ends):
            return None
        problem = f"leads to no place: {file} has no “{fragment}”"
        return _Broken(served, problem, self._close(fragment, sorted(ids)))

    def _file(self, path: str) -> str | None:
        """The file that a server shows for a path."""
        if not path or path.endswith("/"):
            path += "index.html"
        if path in self.files:
            return path
        index = f"{path}/index.html"
        return index if index in self.files else None

    def _likely(self, path: str) -> str:
        if path + ".html" in self.files:
            return f"write {path}.html"
        return self._close(path, list(self.files))

    @staticmethod
    def _close(word: str, known: list[str]) -> str:
        folded = {name.casefold(): name for name in known}
        close = difflib.get_close_matches(word.casefold()[:200], list(folded)[:20_000], n=1)
        return f"did you mean {folded[close[0]]}?" if close else "mend the link or remove it"

    def _report(
        self, path: str, file: InspectedFile, link: Link, broken: _Broken
    ) -> Iterator[Diagnostic]:
        message = f"{_where(link)}the {_what(link)} “{link.target}” {broken.problem}"
        if link.message:
            place = self._place(path, file, link.target)
            yield Diagnostic(Severity.NOTE, message, place.path, place.line, hint=AS_IT_IS)
            return
        own = self.places.find(self._author(path, file), link.target)
        if own and self.places.is_source(own.path):
            yield Diagnostic(Severity.ERROR, message, own.path, own.line, hint=broken.hint)
        else:
            self.shared.setdefault(broken, []).append((path, link))

    def _shared(self) -> Iterator[Diagnostic]:
        """What a layout has put into many pages is said once."""
        for broken, found in self.shared.items():
            path, link = found[0]
            place = self.places.find("", link.target) or self._page(path)
            more = len(found) - 1
            others = f", and of {more:,} more page{'s' * (more > 1)}" if more else ""
            yield Diagnostic(
                Severity.ERROR,
                f"the {_what(link)} “{link.target}” {broken.problem} (of {path}{others})",
                place.path,
                place.line,
                hint=broken.hint,
            )

    def _ids(self, path: str, file: InspectedFile) -> Iterator[Diagnostic]:
        for name in file.facts.repeated:
            place = self._place(path, file, f"#{name}", f'"{name}"')
            yield Diagnostic(
                Severity.ERROR,
                f"the id “{name}” is given more than once on {path}",
                place.path,
                place.line,
                hint="links to it lead to the first alone; rename one of them",
            )

    def _pictures(self, path: str, file: InspectedFile) -> Iterator[Diagnostic]:
        for link in file.facts.silent:
            shown = link.target if len(link.target) <= 80 else f"{link.target[:80]}…"
            place = self._place(path, file, link.target[:1000])
            if link.message:
                severity, hint = Severity.NOTE, AS_IT_IS
            else:
                severity = Severity.WARNING
                hint = "say what it shows: ![a lighthouse at night](…)"
            yield Diagnostic(
                severity,
                f"{_where(link)}the picture “{shown}” has no text for those who cannot see it",
                place.path,
                place.line,
                hint=hint,
            )

    def _dead(self, path: str, file: InspectedFile) -> Iterator[Diagnostic]:
        """Paths in messages: there is nothing on the site that they could mean."""
        for link in file.facts.dead:
            # Of pictures that are not there the build has told already.
            if link.is_image or not link.target.strip() or SCHEME.match(link.target):
                continue
            place = self._place(path, file, link.target)
            yield Diagnostic(
                Severity.NOTE,
                f"{_where(link)}the {_what(link)} “{link.target}” is not part of the site",
                place.path,
                place.line,
                hint="its address is shown as text",
            )

    def _orphans(self) -> Iterator[Diagnostic]:
        """Static files of the project that nothing uses."""
        static = self.config.layouts / "static"
        for path, file in self.files.items():
            if file.kind is not Kind.ASSET or path in self.reached:
                continue
            name = file.owner.partition("/static/")[2]
            used = any(path.removeprefix(ASSETS) in script for script in self.scripts)
            # What a built-in layout uses only on some pages is no mistake of the project's.
            own = (static / name).is_file() and not (builtin_layouts() / "static" / name).exists()
            if name and own and not used:
                yield Diagnostic(
                    Severity.WARNING,
                    "no page uses this static file",
                    f"{Path(self.config.paths.layouts).name}/static/{name}",
                    hint=f"""link it in a layout with {{{{ asset("{name}") }}}}, or delete it""",
                )

    def _place(self, path: str, file: InspectedFile, *texts: str) -> Place:
        """Where the first of some texts stands that a page was made of; else the page."""
        found = (self.places.find(self._author(path, file), text) for text in texts)
        return next((place for place in found if place), None) or self._home(path, file)

    def _home(self, path: str, file: InspectedFile) -> Place:
        """The source of a page, or the page itself where it has none."""
        author = self._author(path, file)
        known = self.places.is_source(author)
        return Place(author) if known else self._page(path)

    def _page(self, path: str) -> Place:
        return Place(f"{self.config.paths.output}/{path}")

    def _author(self, path: str, file: InspectedFile) -> str:
        """The source whose words a page shows: on the index, those of the introduction."""
        return self.places.introduction if path == "index.html" else file.owner


def _what(link: Link) -> str:
    return "picture" if link.is_image else "link"


def _where(link: Link) -> str:
    """Which part of a record holds a link; nothing for what the site's author wrote."""
    if link.message == PREAMBLE:
        return "before the first message: "
    return f"message {link.message}: " if link.message else ""
