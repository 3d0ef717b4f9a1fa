"""Site to HTML artifacts; the only user of Jinja."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jinja2
from markupsafe import Markup, escape

from sitegen.assets import Assets, builtin_layouts
from sitegen.config import Config
from sitegen.entry import Entry
from sitegen.errors import LayoutError
from sitegen.formats import FILTERS, count
from sitegen.markup import ProseRenderer, Rendered
from sitegen.model import Artifact, Kind, Transcript
from sitegen.site import Site, Taxonomy, Term
from sitegen.text import Script
from sitegen.urls import Urls

__all__ = ["MessageLayout", "Prepared", "Renderer"]

RIGHT_TO_LEFT = Script(
    "[\u0590-\u08ff\ufb1d-\ufdfb\ufe70-\ufefc\U00010800-\U00010fff]",
    bytes([*range(0xD6, 0xE1), 0xEF, 0xF0]),
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """All of a transcript that does not depend on the rest of the site."""

    entry: Entry
    """What the listings need."""
    body: Markup
    """The messages, laid out."""
    preamble: Markup
    """The text before the first message; may be empty."""
    note: Markup
    """The editor's note; may be empty."""
    extra: tuple[tuple[str, str], ...]
    """Further headers of the source, for the head of the page."""


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message as `partials/messages.html` gets it."""

    number: int
    speaker: str
    hue: int
    role: str
    at: datetime | None
    html: Markup
    is_blank: bool
    same_speaker: bool
    has_rtl: bool


def make_environment(config: Config) -> jinja2.Environment:
    """A Jinja environment that looks into the project's layouts first, then into our own.

    `{% extends "default/transcript.html" %}` reaches the built-in layout from an
    override of the same name.
    """
    own = jinja2.FileSystemLoader(config.layouts)
    builtin = jinja2.FileSystemLoader(builtin_layouts())
    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader([own, builtin, jinja2.PrefixLoader({"default": builtin})]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(FILTERS)
    return environment


class MessageLayout:
    """Lays out the messages of a transcript; needs nothing of the site."""

    def __init__(self, config: Config) -> None:
        self.template = _load(make_environment(config), "partials/messages.html")

    def lay_out(self, transcript: Transcript, bodies: Sequence[Rendered]) -> Markup:
        """The messages of a transcript as HTML, given their bodies in order."""
        hues = {person.name: person.hue for person in transcript.participants}
        views = []
        before = None
        for message, body in zip(transcript.messages, bodies, strict=True):
            views.append(
                MessageView(
                    number=message.number,
                    speaker=message.speaker,
                    hue=hues.get(message.speaker, 0),
                    role=message.role,
                    at=message.at,
                    html=body.html,
                    is_blank=message.is_blank,
                    same_speaker=message.speaker == before,
                    has_rtl=RIGHT_TO_LEFT.occurs_in(body.html),
                )
            )
            before = message.speaker
        return Markup(_render(self.template, messages=views))


class Renderer:
    """Renders the pages of one site."""

    def __init__(self, site: Site, assets: Assets) -> None:
        self.site = site
        self.assets = assets
        config = site.config
        self.urls = Urls(config.pages.urls, config.site.base_url, config.base_path)
        self.prose = ProseRenderer()
        self.environment = make_environment(config)
        self.environment.globals.update(
            site=site, csp=_policy(config), navigation=self._navigation(), lang_of=_lang_of
        )
        keys = [entry.key for entry in site.entries]
        self.older = dict(zip(keys, site.entries[1:], strict=False))
        self.newer = dict(zip(keys[1:], site.entries, strict=False))

    def transcript(self, prepared: Prepared) -> Artifact:
        """The page of one transcript."""
        entry = prepared.entry
        return self._page(
            "transcript.html",
            entry.key,
            entry.title,
            entry.summary or entry.excerpt,
            Kind.PAGE,
            entry.source.name,
            entry=entry,
            body=prepared.body,
            preamble=prepared.preamble,
            note=prepared.note,
            extra=prepared.extra,
            older=self.older.get(entry.key),
            newer=self.newer.get(entry.key),
        )

    def listings(self) -> Iterator[Artifact]:
        """Every page that is made of entries or of authored text, and the files beside them."""
        yield self._index()
        for taxonomy in self.site.taxonomies:
            yield self._page("taxonomy.html", taxonomy.key, taxonomy.title, "", taxonomy=taxonomy)
            for term in taxonomy.terms:
                yield self._term(taxonomy, term)
        for page in self.site.pages:
            yield self._page(
                "page.html",
                page.slug,
                page.title,
                page.summary,
                owner=page.source.name,
                language=page.language,
                page=page,
                body=self.prose.render(page.markdown),
            )
        yield self._page("404.html", "404", "Page not found", "")
        yield Artifact(".nojekyll", b"", Kind.LISTING)

    def _index(self) -> Artifact:
        introduction = self.site.introduction
        settings = self.site.config.site
        return self._page(
            "index.html",
            "index",
            settings.title,
            settings.description or (introduction.summary if introduction else ""),
            introduction=self.prose.render(introduction.markdown) if introduction else "",
        )

    def _term(self, taxonomy: Taxonomy, term: Term) -> Artifact:
        lead = count(len(term.entries), "transcript")
        if taxonomy.kind == "participants":
            own = [s for e in term.entries for s in e.shares if s.participant.name == term.name]
            lead += f", {count(sum(share.messages for share in own), 'message')}"
        owner = f"{taxonomy.title.lower().rstrip('s')} “{term.name}”"
        return self._page(
            "term.html", term.key, term.name, lead, owner=owner,
            taxonomy=taxonomy, term=term, lead=lead,
        )  # fmt: skip

    def _page(
        self,
        template: str,
        key: str,
        title: str,
        description: str,
        kind: Kind = Kind.LISTING,
        owner: str = "",
        language: str = "",
        **context: Any,
    ) -> Artifact:
        """Render one page with what every page gets."""
        path = self.urls.path(key)
        link = self.urls.rooted if key == "404" else _Links(self.urls, path).to
        html = _render(
            _load(self.environment, template),
            title=title,
            description=description or title,
            canonical="" if key == "404" else self.urls.absolute(path),
            language=language,
            here=path,
            here_key=key,
            url=lambda target: link(self.urls.path(target)),
            asset=lambda name: link(self._asset(name)),
            **context,
        )
        return Artifact(path, html.encode(), kind, owner or f"layout {template}")

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
            {"key": taxonomy.key, "title": taxonomy.title}
            for taxonomy in self.site.taxonomies
            if taxonomy.terms
        ]
        return listed + [
            {"key": page.slug, "title": page.title}
            for page in self.site.pages
            if "/" not in page.slug
        ]


@dataclass(frozen=True, slots=True)
class _Links:
    """Links from one page."""

    urls: Urls
    start: str

    def to(self, path: str) -> str:
        return self.urls.link(path, self.start)


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


def _load(environment: jinja2.Environment, name: str) -> jinja2.Template:
    try:
        return environment.get_template(name)
    except jinja2.TemplateSyntaxError as error:
        raise LayoutError(
            error.message or "syntax error", path=f"layouts/{error.name}", line=error.lineno
        ) from error
    except jinja2.TemplateNotFound as error:
        raise LayoutError(f'the layout "{error}" does not exist', path=f"layouts/{name}") from error


def _render(template: jinja2.Template, **context: Any) -> str:
    try:
        return template.render(**context)
    except jinja2.TemplateSyntaxError as error:
        raise LayoutError(
            error.message or "syntax error", path=f"layouts/{error.name}", line=error.lineno
        ) from error
    except jinja2.TemplateError as error:
        raise LayoutError(str(error), path=f"layouts/{template.name}") from error
