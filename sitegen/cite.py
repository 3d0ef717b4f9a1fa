"""How a transcript is cited: the forms that people and their tools use."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from sitegen.jsontext import encode_plain
from sitegen.strings import ENGLISH
from sitegen.text import shorten

__all__ = ["Citation", "Excerpt", "Work", "cite", "excerpts_of", "quote_of"]

KIND = "Conversation transcript"
"""What is cited, in words."""

MOST_EXCERPTS = 6
EXCERPT_CHARS = 160
SAYS_SOMETHING = 20
"""A shorter message is a greeting; another is quoted if there is one."""

APA_NAMES = 20
"""The manual's seventh edition lists so many authors before it leaves some out."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The first words of a message."""

    number: int
    """The message's number."""
    speaker: str
    """Who says it; empty where nobody speaks."""
    at: datetime | None
    """When it was said."""
    text: str
    """At most 160 characters of plain text, with `…` where it goes on."""


@dataclass(frozen=True, slots=True)
class Work:
    """What is cited."""

    key: str
    """Its page, without an ending."""
    title: str
    """Its title as shown."""
    authors: tuple[str, ...]
    """Its voices; whoever publishes it where it has none."""
    container: str
    """The name of the site."""
    issued: datetime | None
    """When the conversation took place; None where unknown."""
    language: str
    """BCP 47 tag."""
    url: str
    """Its address; empty where the site's address is not known."""
    quote: Excerpt | None
    """What to quote of it."""
    labels: tuple[str, ...] = ()
    """What the record is or is not."""


@dataclass(frozen=True, slots=True)
class Citation:
    """One form of a citation."""

    name: str
    """What the form is called."""
    text: str
    """Ready to be copied."""


def excerpts_of(
    messages: Sequence[tuple[int, str, datetime | None, str]],
) -> tuple[Excerpt, ...]:
    """The beginnings of the first messages that hold words.

    `messages` are number, speaker, time and plain words of each.
    """
    found = []
    for number, speaker, at, words in messages:
        if words:
            found.append(Excerpt(number, speaker, at, shorten(words, EXCERPT_CHARS)))
            if len(found) == MOST_EXCERPTS:
                break
    return tuple(found)


def quote_of(excerpts: Sequence[Excerpt]) -> Excerpt | None:
    """The first that says something."""
    long = (excerpt for excerpt in excerpts if len(excerpt.text) >= SAYS_SOMETHING)
    return next(long, excerpts[0] if excerpts else None)


def cite(work: Work) -> tuple[Citation, ...]:
    """The work in every form; those that need its address only where it is known."""
    forms = [
        Citation("APA", _apa(work)),
        Citation("BibTeX", _bibtex(work)),
        Citation("CSL-JSON", _csl(work)),
    ]
    if work.url:
        forms.append(Citation("Link", work.url))
        if work.quote:
            forms.append(Citation("Quotation in Markdown", _markdown(work, work.quote)))
            forms.append(Citation("Quotation in HTML", _html(work, work.quote)))
    return tuple(forms)


def _apa(work: Work) -> str:
    """APA, seventh edition; names stay as they are, for voices have no family names."""
    names = list(work.authors)
    if len(names) > APA_NAMES:
        names = [*names[: APA_NAMES - 1], f"… {names[-1]}"]
        authors = ", ".join(names)
    else:
        authors = ", ".join(names[:-1]) + (f", & {names[-1]}" if names[1:] else "".join(names))
    when = "n.d."
    if work.issued:
        when = f"{work.issued.year}, {ENGLISH.months[work.issued.month - 1]} {work.issued.day}"
    title = f"{work.title} [{KIND}]"
    parts = [f"{_ended(authors)} ({when}). {title}." if authors else f"{title}. ({when})."]
    parts += [_ended(work.container), work.url]
    return " ".join(part for part in parts if part)


def _ended(sentence: str) -> str:
    """With one full stop, whatever it ends in."""
    return sentence if not sentence or sentence[-1] in ".!?…。！？" else f"{sentence}."


def _bibtex(work: Work) -> str:
    """An entry that BibTeX and biber read; braces keep names and title as they are."""
    fields = {"title": f"{{{_tex(work.title)}}}"}
    if work.authors:
        fields["author"] = " and ".join(f"{{{_tex(name)}}}" for name in work.authors)
    if work.issued:
        fields["year"] = f"{work.issued.year:04}"
        fields["month"] = ENGLISH.months[work.issued.month - 1][:3].lower()
        fields["day"] = str(work.issued.day)
    fields["howpublished"] = _tex(work.container)
    fields["note"] = "; ".join([KIND, *map(_tex, work.labels)])
    if work.url:
        # An address is read as it stands: a brace in it would unbalance the entry.
        fields["url"] = re.sub(r"[{}\\]", lambda sign: f"%{ord(sign[0]):02X}", work.url)
    lines = [
        f"  {name} = {value}" if name == "month" else f"  {name} = {{{value}}}"
        for name, value in fields.items()
    ]
    return f"@misc{{{_identifier(work)},\n" + ",\n".join(lines) + "\n}"


TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
}
"""What TeX takes for its own. BibTeX counts braces even after a backslash, hence the names."""


def _tex(text: str) -> str:
    return re.sub(r"[\\{}~^&%$#_]", lambda sign: TEX[sign[0]], " ".join(text.split()))


def _identifier(work: Work) -> str:
    """A key of letters, digits and hyphens: the page's name and the year."""
    plain = unicodedata.normalize("NFKD", work.key).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if not name:
        name = "transcript-" + hashlib.sha256(work.key.encode()).hexdigest()[:8]
    return f"{name}-{work.issued.year}" if work.issued else name


def _csl(work: Work) -> str:
    item: dict[str, Any] = {"id": work.key, "type": "webpage", "title": work.title}
    if work.authors:
        item["author"] = [{"literal": name} for name in work.authors]
    item["container-title"] = work.container
    item["genre"] = KIND
    if work.labels:
        item["note"] = "; ".join(work.labels)
    if work.issued:
        day = work.issued.year, work.issued.month, work.issued.day
        item["issued"] = {"date-parts": [day]}
    if work.language:
        item["language"] = work.language
    if work.url:
        item["URL"] = work.url
    return encode_plain([item])


def _markdown(work: Work, quote: Excerpt) -> str:
    source = f"[{_literal(work.title)}]({_target(work, quote)})"
    who = f"{_literal(quote.speaker)}, " if quote.speaker else ""
    return f"> {_literal(quote.text)}\n>\n> — {who}{source}"


def _literal(text: str) -> str:
    """A text on one line that Markdown shows as it is."""
    kept = re.sub(r"([\\`*_{}\[\]<>#|~$&!])", r"\\\1", " ".join(text.split()))
    # At the beginning of a line these would make a list, a heading or a rule.
    return re.sub(r"\A(\d{1,9})([.)])|\A([-+=:])", r"\1\\\2\3", kept)


def _html(work: Work, quote: Excerpt) -> str:
    """A quotation for any page; it needs no script and asks no other host for anything."""
    target = escape(_target(work, quote))
    who = f"{escape(quote.speaker)}, " if quote.speaker else ""
    return (
        f'<blockquote cite="{target}">\n<p>{escape(quote.text)}</p>\n'
        f'<footer>— {who}<cite><a href="{target}">{escape(work.title)}</a></cite></footer>\n'
        "</blockquote>"
    )


def _target(work: Work, quote: Excerpt) -> str:
    """The address of the message; in Markdown a parenthesis would end it."""
    address = f"{work.url}#m{quote.number}"
    return address.replace("(", "%28").replace(")", "%29")
