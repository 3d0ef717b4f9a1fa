"""Plans and renders the pages of a site."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from sitegen import search
from sitegen.assets import Assets
from sitegen.bulk import gather, holds, pieces_of, to_bytes
from sitegen.downloads import FORMATS
from sitegen.entry import Entry
from sitegen.errors import LayoutError
from sitegen.facets import length_of, slug_of
from sitegen.keys import Key, digest
from sitegen.labels import about_label, hue_of
from sitegen.model import Artifact, Kind, Page
from sitegen.render.frame import is_rtl, known_labels, lang_of, links_of_the_bar, policy
from sitegen.render.head import Head, HeadMaker
from sitegen.render.layouts import Layouts
from sitegen.render.listings import Listings, Pointer
from sitegen.render.references import AuthoredText
from sitegen.render.shapes import large_shape, share_bar, slots, small_shape
from sitegen.site import Site, year_of
from sitegen.text import shorten
from sitegen.urls import Urls, source_key

if TYPE_CHECKING:
    import jinja2

    from sitegen.render.messages import Prepared, Side

__all__ = ["Plan", "Renderer"]

BODY = Markup("\ufdd3messages\ufdd4")
"""Stands in a page for its messages; nobody else may write such characters."""

STEP = b'class="step '
"""What a page has that holds something folded."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A file of the site before it is made."""

    path: str
    """Where it goes in the output."""
    kind: Kind
    """When it is committed."""
    owner: str
    """What it is made from, for messages."""
    key: Key
    """By what it is known again."""
    make: Callable[[], Artifact]
    """Makes it."""


class Renderer:
    """Renders the pages of one site.

    `contents` gives, for the key of each entry, a digest of all that the entry is made
    of; `basis` is a digest of the settings and the layouts; `cards` keeps what was made of
    entries, for the next.
    `sides` gives the transcripts that an authored page shows side by side.
    """

    def __init__(
        self,
        site: Site,
        assets: Assets,
        contents: Mapping[str, str],
        basis: str,
        layouts: Layouts,
        cards: dict[str, Markup],
        sides: Callable[[Page, Sequence[Entry]], Sequence[Side]] | None = None,
    ) -> None:
        self.sides = sides
        self.site = site
        self.assets = assets
        self.contents = contents
        self.basis = basis
        config = site.config
        self.urls = Urls(config.pages.urls, config.site.base_url, config.base_path)
        self.layouts = layouts
        self.text: Callable[..., str] = layouts.strings.text
        self.forms = layouts.forms
        self.searches = config.site.search and bool(site.entries)
        self.heads = HeadMaker(config, self.urls, self.text)
        self.navigation = links_of_the_bar(site, self.text)
        self.frame = digest(basis, self.navigation)
        self.canonical = FORMATS[0].name if config.exports.transcripts else ""
        self.static = digest(*sorted(assets.paths.items()))
        hues = [(term.name, term.hue) for term in site.participants]
        self.terms = digest(*sorted(site.keys.items()), *hues)
        self.cards = cards
        self.small_shapes: dict[str, Markup] = {}
        self.card_key = digest(self.frame, self.terms)
        self.entries = {(entry.origin, entry.key): entry for entry in site.entries}
        keys = [entry.key for entry in site.entries]
        # A page gets no more of its neighbours than its key speaks of.
        near = [Pointer(entry.key, entry.title) for entry in site.entries]
        self.older = dict(zip(keys, near[1:], strict=False))
        self.newer = dict(zip(keys[1:], near, strict=False))

    @cached_property
    def environment(self) -> jinja2.Environment:
        """Jinja, with what the layouts may ask of this site; most builds need none of it."""
        environment = self.layouts.environment
        config, site = self.site.config, self.site
        labels = known_labels(config)
        environment.globals.update(
            site=config.site,
            csp_of=partial(policy, config),
            searches=self.searches,
            site_path=config.base_path,
            navigation=self.navigation,
            lang_of=lang_of,
            is_rtl=is_rtl,
            slots=slots,
            small_shape=self._small_shape,
            facets_of=self._facets_of,
            slug=slug_of,
            tag_key=site.tag_key,
            participant_key=site.participant_key,
            label_key=site.label_key,
            about_label=partial(about_label, labels, text=self.text),
            label_hue=lambda name: hue_of(about_label(labels, name)),
        )
        return environment

    def transcript_key(self, entry: Entry) -> Key:
        """By what the page of a transcript is known again."""
        neighbours = self.older.get(entry.key), self.newer.get(entry.key)
        terms = [
            *(self.site.participant_key(share.participant.name) for share in entry.shares),
            *(self.site.tag_key(tag) for tag in entry.tags),
            slots(entry),
            *(self.site.label_key(label) for label in entry.labels),
        ]
        return Key(self.frame, self.static, self.contents[entry.key], digest(neighbours, terms))

    def transcript_path(self, entry: Entry) -> str:
        """The output path of a transcript's page."""
        return self.urls.path(entry.key)

    def transcript_files(self, entry: Entry) -> dict[str, Key]:
        """The output path of everything that is made of one transcript, its page first."""
        own = Key("", "", self.contents[entry.key], "")
        files = {self.transcript_path(entry): self.transcript_key(entry)}
        if self.site.config.pages.raw:
            page = self.urls.path(source_key(entry.key))
            files[page] = Key(self.frame, self.static, own.content, "")
        files.update((f"{entry.key}/{name}", own) for name in entry.files)
        return files

    def transcript_artifacts(self, prepared: Prepared, owner: str) -> Iterator[Artifact]:
        """Everything that is made of one transcript, in the same order.

        `owner` is how messages name its file.
        """
        entry = self.entries[prepared.entry.origin, prepared.entry.key]
        yield self.transcript(prepared, owner)
        if prepared.lines is not None:
            yield self.page(
                "source.html",
                source_key(entry.key),
                self.text("Source of {title}", title=entry.title),
                "",
                Kind.PAGE,
                owner,
                head=Head(noindex=True),  # Whoever looks for it should find the transcript.
                entry=entry,
                lines=prepared.lines,
                record=prepared.record,
                canonical_file=self.canonical,
                file=partial(self._file, entry, source_key(entry.key)),
            )
        for name, content in prepared.files:
            # No page points at what is not there yet: they are committed before it.
            yield Artifact(f"{entry.key}/{name}", content, Kind.ASSET, owner)

    def transcript(self, prepared: Prepared, owner: str = "") -> Artifact:
        """The page of one transcript of the site; `owner` is how messages name its file."""
        # Imported late, as all that a build needs in which no page is made anew.
        from sitegen.render.citing import citations, downloads

        entry = self.entries[prepared.entry.origin, prepared.entry.key]
        description = shorten(entry.summary or entry.excerpt)
        config = self.site.config
        older, newer = self.older.get(entry.key), self.newer.get(entry.key)
        neighbours = older.key if older else "", newer.key if newer else ""
        page = self.page(
            "transcript.html",
            entry.key,
            entry.title,
            description,
            Kind.PAGE,
            owner or entry.source.name,
            head=self.heads.transcript(entry, description, prepared.excerpts, *neighbours),
            citations=citations(entry, prepared.excerpts, config, self.urls, self.text),
            is_redacted=config.redact.is_on,
            canonical_file=self.canonical,
            downloads=downloads(entry, config, self.urls, self.text),
            entry=entry,
            body=BODY,
            has_steps=holds(prepared.body, STEP),
            preamble=prepared.preamble,
            note=prepared.note,
            outline=prepared.outline,
            shape=large_shape(entry, "#m{}".format, self.forms),
            shares=share_bar(entry),
            extra=prepared.extra,
            record=prepared.record,
            source_page=source_key(entry.key) if prepared.lines is not None else "",
            file=partial(self._file, entry, entry.key),
            older=older,
            newer=newer,
        )
        # Put in as bytes: it may be many times as large as all the rest.
        head, *rest = to_bytes(page.content).split(BODY.encode())
        bodies = (piece for tail in rest for piece in chain(pieces_of(prepared.body), [tail]))
        return replace(page, content=gather(chain([head], bodies)))

    def listings(self) -> Iterator[Plan]:
        """Every page that is made of entries or of authored text, and the files beside them."""
        yield from Listings(self).plans()
        for page in self.site.pages:
            yield self.plan(
                page.source.name,
                page.slug,
                partial(self._authored, page),
                page,
                self.authored.sources,
                *((self.contents[side.key], slots(side)) for side in self._stapled(page)),
            )
        yield self.plan("404.html", "404", self._missing)
        if self.searches:
            yield self.plan("the search page", search.PAGE, self._search)
        nojekyll = Artifact(".nojekyll", b"", Kind.LISTING, "sitegen")
        yield Plan(".nojekyll", Kind.LISTING, "sitegen", Key("", "", "", ""), lambda: nojekyll)

    @cached_property
    def authored(self) -> AuthoredText:
        """What renders authored pages; most builds need none of it."""
        return AuthoredText(self.site, self.urls, self.text("Table"))

    def plan(self, owner: str, key: str, make: Callable[[], Artifact], *content: object) -> Plan:
        """The plan of a listing: it depends on what it lists and on the names of all terms."""
        path = self.urls.path(key)
        parts = Key(self.frame, self.static, digest(*content), self.terms)
        return Plan(path, Kind.LISTING, owner, parts, make)

    def file_plan(self, path: str, make: Callable[[], Artifact], *content: object) -> Plan:
        """The plan of a file that is made of what listings are, but by no layout."""
        parts = Key(self.frame, "", digest(*content), self.terms)
        return Plan(path, Kind.LISTING, path, parts, make)

    def _stapled(self, page: Page) -> tuple[Entry, ...]:
        """The transcripts that a page shows side by side; of most pages none."""
        return self.site.staples.get(page.slug, ()) if self.sides else ()

    def _authored(self, page: Page) -> Artifact:
        context: dict[str, Any] = {}
        entries = self._stapled(page)
        if entries and self.sides:
            # Imported late: few sites have such pages.
            from sitegen.render.staples import make_stapled

            sides = self.sides(page, entries)
            context = {
                "stapled": make_stapled(entries, sides),
                "has_steps": any('class="step ' in m.html for s in sides for m in s.messages),
                "is_redacted": self.site.config.redact.is_on,
            }
        return self.page(
            "staple.html" if entries else "page.html",
            page.slug,
            page.title,
            shorten(page.summary),
            head=self.heads.authored(page.slug, page.title, page.noindex),
            owner=page.source.name,
            language=page.language,
            page=page,
            body=self.authored.render(page),
            **context,
        )

    def _missing(self) -> Artifact:
        title = self.text("Page not found")
        return self.page("404.html", "404", title, "", head=self.heads.missing())

    def _search(self) -> Artifact:
        path = self.urls.path(search.PAGE)
        return self.page(
            "search.html",
            search.PAGE,
            self.text("Search"),
            self.text("Search all messages of {site}", site=self.site.config.site.title),
            owner="the search page",
            head=self.heads.authored(search.PAGE, self.text("Search"), noindex=True),
            index=self.urls.link(search.SCRIPT, path),
            root="../" * path.count("/"),
            breaks=search.SCRIPT_BREAKS,
            joiner=search.JOINER,
        )

    def page(
        self,
        template: str,
        key: str,
        title: str,
        description: str,
        kind: Kind = Kind.LISTING,
        owner: str = "",
        language: str = "",
        head: Head | None = None,
        **context: Any,
    ) -> Artifact:
        """Render one page with what every page gets."""
        path = self.urls.path(key)
        link = self.urls.rooted if key == "404" else partial(self.urls.link, start=path)

        def url(target: str) -> str:
            return link(self.urls.path(target))

        html = self._rendered(
            template,
            title=title,
            description=description or title,
            head=head or Head(),
            canonical="" if key == "404" else self.urls.absolute(path),
            language=language,
            here=path,
            here_key=key,
            url=url,
            asset=lambda name: link(self._asset(name)),
            card=lambda entry: self._card(entry, url),
            **context,
        )
        # A file name that is not UTF-8 is shown with `?` where it is not.
        content = html.encode(errors="replace")
        return Artifact(path, content, kind, owner or template)

    def _rendered(self, layout: str, /, **context: Any) -> str:
        # Imported late, as Jinja: a build in which nothing changed renders nothing.
        from sitegen.render.templates import load_template, render_template

        return render_template(load_template(self.environment, layout), **context)

    def _card(self, entry: Entry, url: Callable[[str], str]) -> Markup:
        """An entry in a list; made once for all lists that are as deep in the site."""
        parts = (self.contents[entry.key], entry.key, self.card_key, url("index"))
        key = " ".join(parts)
        if key not in self.cards:
            self.cards[key] = Markup(self._rendered("partials/card.html", entry=entry, url=url))
        return self.cards[key]

    def _facets_of(self, entry: Entry) -> Markup:
        """The attributes of a card by which its list is narrowed and sorted."""
        site = self.site
        people = (site.participant_key(share.participant.name) for share in entry.shares)
        labels = " ".join(slug_of(site.label_key(label)) for label in entry.labels)
        labelled = Markup(' data-label="{}"').format(labels) if labels else Markup()
        return labelled + Markup(
            ' data-participant="{}" data-tag="{}" data-year="{}" data-length="{}" data-words="{}"'
        ).format(
            " ".join(map(slug_of, people)),
            " ".join(slug_of(site.tag_key(tag)) for tag in entry.tags),
            slug_of(site.year_key(year_of(entry))),
            length_of(entry),
            entry.words,
        )

    def _small_shape(self, entry: Entry) -> Markup:
        """The shape on an entry's cards, which is the same in lists of every depth."""
        if entry.key not in self.small_shapes:
            self.small_shapes[entry.key] = small_shape(entry)
        return self.small_shapes[entry.key]

    def _file(self, entry: Entry, page: str, name: str) -> str:
        """A link from a page to a file in the folder of a transcript's name."""
        return self.urls.link(f"{entry.key}/{name}", self.urls.path(page))

    def _asset(self, name: str) -> str:
        try:
            return self.assets.paths[name]
        except KeyError:
            raise LayoutError(
                f'no static file is called "{name}"', hint="it must be in layouts/static/"
            ) from None
