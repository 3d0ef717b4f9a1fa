"""All transcripts as data for the script of the index, where they are on several pages.

A script file that assigns one value, not JSON: pages opened from a disk may load the
former only. It is plain ASCII and names everything by text, never by HTML.
"""

from __future__ import annotations

import json

from sitegen.facets import length_of, slug_of
from sitegen.formats import Formats
from sitegen.model import Artifact, Kind
from sitegen.site import Site, year_of
from sitegen.urls import Urls

__all__ = ["DATA", "make_rows"]

DATA = "index/transcripts.js"
"""The output path; the same in every build, so that pages need not change with it."""


def make_rows(site: Site, urls: Urls, forms: Formats) -> Artifact:
    """The data of all transcripts, newest first.

    An object of `participants` (slug, name, hue), `tags` (slug, name, address), `labels`
    (slug, name) and `rows`: address, title, language, facts, year, length, words, then the
    places of its participants, of its tags and of its labels in the three lists.
    """
    people = {term.name: place for place, term in enumerate(site.participants)}
    labels = {term.name: place for place, term in enumerate(site.labels)}
    tags = {term.name: place for place, term in enumerate(site.tags)}
    text = forms.strings.text
    value = {
        "participants": [
            [slug_of(term.key), term.name, term.hue or 0] for term in site.participants
        ],
        "tags": [
            [slug_of(term.key), term.name, urls.link(urls.path(term.key), "index.html")]
            for term in site.tags
        ],
        "labels": [[slug_of(term.key), term.name] for term in site.labels],
        "rows": [
            [
                urls.link(urls.path(entry.key), "index.html"),
                entry.title,
                entry.language,
                [
                    *([forms.day(entry.started)] if entry.started else []),
                    forms.count(entry.messages, "message"),
                    text("{minutes} min to read", minutes=forms.number(entry.minutes)),
                ],
                slug_of(site.year_key(year_of(entry))),
                length_of(entry),
                entry.words,
                [people[share.participant.name] for share in entry.shares],
                [tags[tag] for tag in entry.tags],
                [labels[label] for label in entry.labels],
            ]
            for entry in site.entries
        ],
    }
    # A lone surrogate stays an escape; `<` is one in case a page ever holds the file.
    data = json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")
    return Artifact(DATA, f"sitegenTranscripts={data};\n".encode(), Kind.LISTING, DATA)
