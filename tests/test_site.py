"""The site: what is published, in which order, and by which terms."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers import exported, read, source, spoken
from hypothesis import given
from hypothesis import strategies as st

from sitegen.config import Config
from sitegen.entry import Entry, make_entry
from sitegen.formats import Formats
from sitegen.model import Page
from sitegen.site import Site, make_site

SAID = [("Ada", "one"), ("Brook", "two")]


def entry(rel: str, started: str = "2025-03-04 09:12", head: str = "", **names: str) -> Entry:
    said = [(names.get(name, name), body) for name, body in SAID]
    title = " ↔ ".join(name for name, _ in said)
    text = exported(said, title, started=started)
    transcript = read(f"---\n{head}\n---\n{text}", rel)
    return make_entry(transcript, [body for _, body in spoken(transcript)], Formats())


def page(slug: str, draft: bool = False) -> Page:
    return Page(source(f"pages/{slug}.md"), slug, slug, "text", draft=draft)


def site(*entries: Entry, pages: tuple[Page, ...] = (), drafts: bool = False) -> Site:
    return make_site(Config(root=Path("/nowhere"), drafts=drafts), entries, pages)


def keys(found: Site) -> list[str]:
    return [item.key for item in found.entries]


def test_transcripts_come_newest_first_and_undated_last() -> None:
    found = site(
        entry("no-date.md", ""),
        entry("b.md"),
        entry("old.md", "1969-07-20 20:17"),
        entry("a.md"),
        entry("tokyo.md", "2025-03-04T18:11:00+09:00"),
        entry("new.md", "2026-01-01"),
        entry("another-no-date.md", "some day"),
    )
    assert keys(found) == ["new", "a", "b", "tokyo", "old", "another-no-date", "no-date"]


@given(st.permutations(["2026-01-01", "2025-03-04", "2025-03-04 00:00:01", "", "0002-01-01"]))
def test_the_order_does_not_depend_on_that_of_the_files(dates: list[str]) -> None:
    found = site(*(entry(f"{date or 'none'}.md", date) for date in dates))
    assert keys(found) == [
        *("2026-01-01", "2025-03-04-00-00-01", "2025-03-04", "0002-01-01", "none")
    ]


@pytest.mark.parametrize(("drafts", "expected"), [(False, ["open"]), (True, ["hidden", "open"])])
def test_drafts_are_nowhere_unless_asked_for(drafts: bool, expected: list[str]) -> None:
    found = site(
        entry("open.md", head="tags: [sea]"),
        entry("hidden.md", head="draft: true\ntags: [secret]", Ada="Mallory"),
        pages=(page("about"), page("plan", draft=True)),
        drafts=drafts,
    )
    assert sorted(keys(found)) == expected
    assert ("Mallory" in [term.name for term in found.participants]) is drafts
    assert ("secret" in [term.name for term in found.tags]) is drafts
    assert [item.slug for item in found.pages] == (["about", "plan"] if drafts else ["about"])


def test_terms_are_sorted_and_hold_their_transcripts_newest_first() -> None:
    found = site(
        entry("a.md", "2024-05-01", "tags: [sea, Bread]"),
        entry("b.md", "2025-05-01", "tags: [sea]", Ada="ada"),
        entry("c.md", "", "tags: [île]"),
    )
    assert [(t.name, t.key, [e.key for e in t.entries]) for t in found.tags] == [
        ("Bread", "tags/bread", ["a"]),
        ("sea", "tags/sea", ["b", "a"]),
        ("île", "tags/île", ["c"]),
    ]
    assert [(t.name, t.key) for t in found.participants] == [
        ("Ada", "participants/ada"),
        ("ada", "participants/ada-2"),
        ("Brook", "participants/brook"),
    ]
    assert [(t.name, t.key) for t in found.years] == [
        ("2025", "years/2025"),
        ("2024", "years/2024"),
        ("Undated", "years/undated"),
    ]
    assert found.tag_key("sea") == "tags/sea"
    assert found.participant_key("ada") == "participants/ada-2"
    assert [(t.kind, t.title, t.key) for t in found.taxonomies] == [
        ("participants", "Participants", "participants/index"),
        ("tags", "Tags", "tags/index"),
        ("years", "Years", "years/index"),
    ]


def test_a_term_never_takes_the_page_of_its_list() -> None:
    found = site(entry("a.md", head="tags: [Index, index]"))
    assert {term.key for term in found.tags} == {"tags/index-2", "tags/index-3"}


def test_a_participant_has_one_hue_on_all_pages_and_other_terms_none() -> None:
    names = [f"Voice {number}" for number in range(8)]
    entries = [entry(f"{n}.md", Ada=name, Brook="Wren") for n, name in enumerate(names)]
    found = site(*entries)
    (wren,) = [term for term in found.participants if term.name == "Wren"]
    assert {s.participant.hue for e in found.entries for s in e.shares[1:]} == {wren.hue}
    assert all(term.hue is None for term in found.years)


def test_the_introduction_is_no_page_of_its_own() -> None:
    found = site(pages=(page("who"), page("index"), page("about")))
    assert found.introduction == page("index")
    assert [item.slug for item in found.pages] == ["about", "who"]
    assert site(pages=(page("index", draft=True),)).introduction is None
