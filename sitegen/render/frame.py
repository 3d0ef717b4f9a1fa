"""What stands around every page: its policy, the links of its bar, the language of its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from markupsafe import Markup, escape

from sitegen import search
from sitegen.config import Config
from sitegen.entry import Entry
from sitegen.redact import make_redactor
from sitegen.settings import LabelConfig
from sitegen.site import Site

__all__ = ["is_rtl", "known_labels", "lang_of", "links_of_the_bar", "policy"]

RTL_LANGUAGES = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ji", "ps", "sd", "syr", "ug", "ur", "yi"}
)
RTL_SCRIPTS = frozenset({"adlm", "arab", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"})
"""What is written from right to left, as subtags of BCP 47 in lower case."""


def known_labels(config: Config) -> tuple[tuple[str, LabelConfig], ...]:
    """What the configuration says of labels, without what is hidden."""
    redactor = make_redactor(config.redact)
    if redactor is None:
        return config.labels
    return tuple(
        (name, replace(about, explanation=redactor.plain(about.explanation)))
        for name, about in config.labels
    )


def links_of_the_bar(site: Site, text: Callable[..., str]) -> list[dict[str, str]]:
    """The taxonomies that have terms, and the authored pages, each with key and title."""
    listed = [
        {"key": taxonomy.key, "title": text(taxonomy.title)}
        for taxonomy in site.taxonomies
        if taxonomy.terms
    ]
    return listed + [
        {"key": page.slug, "title": page.title} for page in site.pages if "/" not in page.slug
    ]


def policy(config: Config, key: str) -> str:
    """The Content-Security-Policy of a page: nothing runs but our own files.

    Only the page that searches may run WebAssembly, which is Pagefind.
    """
    wasm = " 'wasm-unsafe-eval'" if key == search.PAGE and config.site.search else ""
    images = " http: https:" if config.markup.remote_images == "show" else ""
    return (
        f"default-src 'none'; script-src 'self'{wasm}; style-src 'self'; "
        f"img-src 'self' data:{images}; font-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'"
    )


def is_rtl(language: str) -> bool:
    """Whether a language, as a BCP 47 tag, is written from right to left."""
    first, *others = language.lower().split("-")
    scripts = [part for part in others if len(part) == 4 and part.isalpha()]
    return scripts[0] in RTL_SCRIPTS if scripts else first in RTL_LANGUAGES


def lang_of(entry: Entry) -> Markup:
    """The attributes of an element that holds an entry's own words.

    Of a language from left to right a title may still be quoted from another one.
    """
    if not entry.language:
        return Markup("")
    direction = "rtl" if is_rtl(entry.language) else "auto"
    return Markup(' lang="{}" dir="{}"').format(escape(entry.language), direction)
