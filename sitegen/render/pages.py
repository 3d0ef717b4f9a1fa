"""Plans and renders the pages of a site."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup, escape

from sitegen.assets import Assets
from sitegen.config import Config
from sitegen.downloads import download_paths
from sitegen.entry import Entry
from sitegen.errors import LayoutError
from sitegen.keys import Key, digest
from sitegen.model import Artifact, Kind, Page
from sitegen.render.citing import citations, downloads
from sitegen.render.head import Head, HeadMaker
from sitegen.render.messages import Prepared
from sitegen.render.shapes import large_shape, share_bar, slots, small_shape
from sitegen.render.templates import load_template, render_template
from sitegen.site import Site, Taxonomy, Term
from sitegen.text import shorten
from sitegen.urls import Urls

if TYPE_CHECKING:
    from sitegen.markup import ProseRenderer

__all__ = ["Plan", "Renderer"]


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


@dataclass(frozen=True, slots=True)
class Pointer:
    """Another page of the site, as far as a page may know of it."""

    key: str
    """Its path, without an ending."""
    title: str
    """Its title."""


@dataclass(frozen=True, slots=True)
class TermView:
    """A term in the list of its kind."""

    name: str
    """As written."""
    key: str
    """Its page, without an ending."""
    hue: int | None
    """The colour of a participant."""
    count: int
    """How many transcripts have it."""

    @classmethod
    def of(cls, term: Term) -> TermView:
        """The term without its entries."""
        return cls(term.name, term.key, term.hue, len(term.entries))


class Renderer:
    """Renders the pages of one site.

    `contents` gives, for the key of each entry, a digest of all that the entry is made
    of; `basis` is a digest of the settings and the layouts, `environment` what
    `make_environment` made of them; `cards` keeps what was made of entries, for the next.
    """

    def __init__(
        self,
        site: Site,
        assets: Assets,
        contents: Mapping[str, str],
        basis: str,
        environment: jinja2.Environment,
        cards: dict[str, Markup],
    ) -> None:
        self.site = site
        self.assets = assets
        self.contents = contents
        self.basis = basis
        config = site.config
        self.urls = Urls(config.pages.urls, config.site.base_url, config.base_path)
        text: Any = environment.globals["t"]
        self.text: Callable[..., str] = text
        self.heads = HeadMaker(config, self.urls, self.text)
        navigation = self._navigation()
        self.frame = digest(basis, navigation)
        self.static = digest(*sorted(assets.paths.items()))
        self.environment = environment
        self.environment.globals.update(
            site=config.site,
            csp=_policy(config),
            site_path=config.base_path,
            navigation=navigation,
            lang_of=_lang_of,
            slots=slots,
            small_shape=self._small_shape,
            tag_key=site.tag_key,
            participant_key=site.participant_key,
        )
        hues = [(term.name, term.hue) for term in site.participants]
        self.terms = digest(*sorted(site.keys.items()), *hues)
        self.cards = cards
        self.small_shapes: dict[str, Markup] = {}
        self.card_key = digest(self.frame, self.terms)
        self.entries = {(entry.source.rel, entry.key): entry for entry in site.entries}
        keys = [entry.key for entry in site.entries]
        # A page gets no more of its neighbours than its key speaks of.
        near = [Pointer(entry.key, entry.title) for entry in site.entries]
        self.older = dict(zip(keys, near[1:], strict=False))
        self.newer = dict(zip(keys[1:], near, strict=False))

    def transcript_key(self, entry: Entry) -> Key:
        """By what the page of a transcript is known again."""
        neighbours = self.older.get(entry.key), self.newer.get(entry.key)
        terms = [
            *(self.site.participant_key(share.participant.name) for share in entry.shares),
            *(self.site.tag_key(tag) for tag in entry.tags),
            slots(entry),
        ]
        return Key(self.frame, self.static, self.contents[entry.key], digest(neighbours, terms))

    def transcript_path(self, entry: Entry) -> str:
        """The output path of a transcript's page."""
        return self.urls.path(entry.key)

    def transcript_files(self, entry: Entry) -> dict[str, Key]:
        """The output path of everything that is made of one transcript, its page first."""
        own = Key("", "", self.contents[entry.key], "")
        files = {self.transcript_path(entry): self.transcript_key(entry)}
        files.update((path, own) for path in self._download_paths(entry))
        return files

    def transcript_artifacts(self, prepared: Prepared) -> Iterator[Artifact]:
        """Everything that is made of one transcript, in the same order."""
        entry = prepared.entry
        yield self.transcript(prepared)
        for name, content in prepared.files:
            # No page points at what is not there yet: they are committed before it.
            yield Artifact(f"{entry.key}/{name}", content, Kind.ASSET, entry.source.name)

    def _download_paths(self, entry: Entry) -> tuple[str, ...]:
        return download_paths(entry.key) if self.site.config.exports.transcripts else ()

    def transcript(self, prepared: Prepared) -> Artifact:
        """The page of one transcript of the site."""
        entry = self.entries[prepared.entry.source.rel, prepared.entry.key]
        description = shorten(entry.summary or entry.excerpt)
        config = self.site.config
        older, newer = self.older.get(entry.key), self.newer.get(entry.key)
        neighbours = older.key if older else "", newer.key if newer else ""
        return self._page(
            "transcript.html",
            entry.key,
            entry.title,
            description,
            self.heads.transcript(entry, description, prepared.excerpts, *neighbours),
            Kind.PAGE,
            entry.source.name,
            citations=citations(entry, prepared.excerpts, config, self.urls, self.text),
            downloads=downloads(entry, config, self.urls, self.text),
            entry=entry,
            body=prepared.body,
            preamble=prepared.preamble,
            note=prepared.note,
            outline=prepared.outline,
            shape=large_shape(entry, "#m{}".format),
            shares=share_bar(entry),
            extra=prepared.extra,
            older=older,
            newer=newer,
        )

    def listings(self) -> Iterator[Plan]:
        """Every page that is made of entries or of authored text, and the files beside them."""
        everything = digest(*self.contents.values())
        yield self._plan("index.html", "index", self._index, everything, self.site.introduction)
        for taxonomy in self.site.taxonomies:
            yield self._plan(
                "taxonomy.html",
                taxonomy.key,
                partial(self._taxonomy, taxonomy),
                [TermView.of(term) for term in taxonomy.terms],
            )
            for term in taxonomy.terms:
                yield self._plan(
                    _owner(taxonomy, term),
                    term.key,
                    partial(self._term, taxonomy, term),
                    [self.contents[entry.key] for entry in term.entries],
                )
        for page in self.site.pages:
            yield self._plan(
                page.source.name,
                page.slug,
                partial(self._authored, page),
                page,
            )
        yield self._plan("404.html", "404", self._missing)
        nojekyll = Artifact(".nojekyll", b"", Kind.LISTING, "sitegen")
        yield Plan(".nojekyll", Kind.LISTING, "sitegen", Key("", "", "", ""), lambda: nojekyll)

    @property
    def _count(self) -> Callable[[int, str], str]:
        count: Callable[[int, str], str] = self.environment.filters["count"]
        return count

    @cached_property
    def prose(self) -> ProseRenderer:
        """What renders authored text; imported late, for most builds need none of it."""
        from sitegen.markup import ProseRenderer

        return ProseRenderer(remote_images=self.site.config.markup.remote_images)

    def _plan(self, owner: str, key: str, make: Callable[[], Artifact], *content: object) -> Plan:
        """The plan of a listing: it depends on what it lists and on the names of all terms."""
        path = self.urls.path(key)
        parts = Key(self.frame, self.static, digest(*content), self.terms)
        return Plan(path, Kind.LISTING, owner, parts, make)

    def _index(self) -> Artifact:
        introduction = self.site.introduction
        settings = self.site.config.site
        description = settings.description or (introduction.summary if introduction else "")
        return self._page(
            "index.html",
            "index",
            settings.title,
            shorten(description) or self._count(len(self.site.entries), "transcript"),
            self.heads.index(shorten(description)),
            archive=self.site,
            introduction=self.prose.render(introduction.markdown) if introduction else "",
        )

    def _taxonomy(self, taxonomy: Taxonomy) -> Artifact:
        return self._page(
            "taxonomy.html",
            taxonomy.key,
            self.text(taxonomy.title),
            f"{self.text(taxonomy.title)} · {self._count(len(taxonomy.terms), taxonomy.kind[:-1])}",
            self.heads.taxonomy(taxonomy),
            taxonomy=Pointer(taxonomy.key, self.text(taxonomy.title)),
            terms=[TermView.of(term) for term in taxonomy.terms],
        )

    def _term(self, taxonomy: Taxonomy, term: Term) -> Artifact:
        count = self._count
        lead = count(len(term.entries), "transcript")
        profile = ""
        if taxonomy.kind == "participants":
            own = [s for e in term.entries for s in e.shares if s.participant.name == term.name]
            lead += f", {count(sum(share.messages for share in own), 'message')}"
            profile = next((share.participant.url for share in own), "")
        return self._page(
            "term.html",
            term.key,
            term.name,
            lead,
            self.heads.term(taxonomy, term),
            owner=_owner(taxonomy, term),
            taxonomy=Pointer(taxonomy.key, self.text(taxonomy.title)),
            term=term,
            lead=lead,
            profile=profile,
        )

    def _authored(self, page: Page) -> Artifact:
        return self._page(
            "page.html",
            page.slug,
            page.title,
            shorten(page.summary),
            self.heads.authored(page.slug, page.title, page.noindex),
            owner=page.source.name,
            language=page.language,
            page=page,
            body=self.prose.render(page.markdown),
        )

    def _missing(self) -> Artifact:
        title = self.text("Page not found")
        return self._page("404.html", "404", title, "", self.heads.missing())

    def _page(
        self,
        template: str,
        key: str,
        title: str,
        description: str,
        head: Head,
        kind: Kind = Kind.LISTING,
        owner: str = "",
        language: str = "",
        **context: Any,
    ) -> Artifact:
        """Render one page with what every page gets."""
        path = self.urls.path(key)
        link = self.urls.rooted if key == "404" else partial(self.urls.link, start=path)

        def url(target: str) -> str:
            return link(self.urls.path(target))

        html = render_template(
            load_template(self.environment, template),
            title=title,
            description=description or title,
            head=head,
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

    def _card(self, entry: Entry, url: Callable[[str], str]) -> Markup:
        """An entry in a list; made once for all lists that are as deep in the site."""
        parts = (self.contents[entry.key], entry.key, self.card_key, url("index"))
        key = " ".join(parts)
        if key not in self.cards:
            template = load_template(self.environment, "partials/card.html")
            self.cards[key] = Markup(render_template(template, entry=entry, url=url))
        return self.cards[key]

    def _small_shape(self, entry: Entry) -> Markup:
        """The shape on an entry's cards, which is the same in lists of every depth."""
        if entry.key not in self.small_shapes:
            self.small_shapes[entry.key] = small_shape(entry)
        return self.small_shapes[entry.key]

    def _asset(self, name: str) -> str:
        try:
            return self.assets.paths[name]
        except KeyError:
            raise LayoutError(
                f'no static file is called "{name}"', hint="it must be in layouts/static/"
            ) from None

    def _navigation(self) -> list[dict[str, str]]:
        """The links of the bar: the taxonomies that have terms, and the authored pages."""
        listed = [
            {"key": taxonomy.key, "title": self.text(taxonomy.title)}
            for taxonomy in self.site.taxonomies
            if taxonomy.terms
        ]
        return listed + [
            {"key": page.slug, "title": page.title}
            for page in self.site.pages
            if "/" not in page.slug
        ]


def _owner(taxonomy: Taxonomy, term: Term) -> str:
    return f"{taxonomy.title.lower().rstrip('s')} “{term.name}”"


def _policy(config: Config) -> str:
    """The Content-Security-Policy of every page: nothing runs but our own files."""
    images = " http: https:" if config.markup.remote_images == "show" else ""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        f"img-src 'self' data:{images}; font-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'"
    )


def _lang_of(entry: Entry) -> Markup:
    """The attributes of an element that holds an entry's own words."""
    if not entry.language:
        return Markup("")
    return Markup(' lang="{}" dir="auto"').format(escape(entry.language))
