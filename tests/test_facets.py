"""Facets: what a list can be narrowed by."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from helpers import exported, read, spoken

from sitegen import facets
from sitegen.config import Config
from sitegen.entry import Entry, make_entry
from sitegen.facets import Facet, length_of, make_facets, slug_of
from sitegen.formats import Formats
from sitegen.site import Site, make_site


def entry(
    rel: str, people: tuple[str, ...] = ("Ada", "Bo"), day: str = "2025-03-04", tags: str = ""
) -> Entry:
    said = [(name, f"I am {name}.") for name in people]
    text = f"---\ntags: [{tags}]\n---\n" + exported(said, " ↔ ".join(people), started=day)
    transcript = read(text, rel)
    return make_entry(transcript, [body for _, body in spoken(transcript)], Formats())


def site(*entries: Entry) -> Site:
    return make_site(Config(root=Path("/nowhere")), entries, [])


def shown(facet: Facet) -> list[tuple[str, str, int]]:
    return [(option.slug, option.name, option.count) for option in facet.options]


ARCHIVE = site(
    entry("a.md", ("Ada", "Bo"), "2025-03-04", "sea, Sea"),
    entry("b.md", ("Ada", "ada"), "2024-03-04", "sea"),
    entry("c.md", ("Bo", "Cy"), ""),
)


def test_facets_count_the_transcripts_of_each_value() -> None:
    found = {facet.kind: facet for facet in make_facets(ARCHIVE, ARCHIVE.entries)}
    assert shown(found["participant"]) == [
        *(("ada", "Ada", 2), ("ada-2", "ada", 1), ("bo", "Bo", 2), ("cy", "Cy", 1))
    ]
    assert shown(found["tag"]) == [("sea", "Sea", 1), ("sea-2", "sea", 2)]
    assert shown(found["year"]) == [
        *(("2025", "2025", 1), ("2024", "2024", 1), ("undated", "Undated", 1))
    ]
    assert [facet.key for facet in found.values()] == [
        *("participants/index", "tags/index", "years/index")
    ]


def test_what_all_transcripts_share_is_no_facet() -> None:
    found = make_facets(ARCHIVE, ARCHIVE.entries)
    assert [facet.kind for facet in found] == ["participant", "tag", "year"]  # All are short.
    assert make_facets(ARCHIVE, ARCHIVE.entries[:0]) == ()


def test_a_term_is_no_option_of_its_own_list() -> None:
    term = ARCHIVE.participants[0]
    found = {facet.kind: facet for facet in make_facets(ARCHIVE, term.entries, term.key)}
    assert shown(found["participant"]) == [("ada-2", "ada", 1), ("bo", "Bo", 1)]


def test_of_very_many_values_those_of_most_transcripts_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(facets, "MOST_OPTIONS", 2)
    found = {facet.kind: facet for facet in make_facets(ARCHIVE, ARCHIVE.entries)}
    assert shown(found["participant"]) == [("ada", "Ada", 2), ("bo", "Bo", 2)]
    assert found["participant"].more == 2
    assert found["tag"].more == 0


def test_top_values_come_by_count_and_years_by_age() -> None:
    found = {facet.kind: facet for facet in make_facets(ARCHIVE, ARCHIVE.entries)}
    assert [option.name for option in found["tag"].top] == ["sea", "Sea"]
    assert [option.name for option in found["year"].top] == ["2025", "2024", "Undated"]


@pytest.mark.parametrize(
    ("minutes", "length"), [(1, "short"), (4, "short"), (5, "medium"), (20, "medium"), (21, "long")]
)
def test_length_is_that_of_the_reading_time(minutes: int, length: str) -> None:
    talk = dataclasses.replace(entry("a.md"), words=minutes * 230)
    assert length_of(talk) == length


def test_slug_is_the_last_part_of_a_key() -> None:
    assert slug_of("tags/sea") == "sea"
