"""Who talked with whom."""

from __future__ import annotations

from test_facets import entry, site

from sitegen.company import MOST_COMPANIONS, MOST_MEMBERS, Cell, make_matrix, make_part
from sitegen.site import Site, Term

ARCHIVE = site(
    entry("a.md", ("Ada", "Bo"), "2025-03-04"),
    entry("b.md", ("Ada", "Bo", "Cy"), "2024-03-04"),
    entry("c.md", ("Cy", "Dee"), ""),
)


def person(found: Site, name: str) -> Term:
    (term,) = [term for term in found.participants if term.name == name]
    return term


def test_matrix_counts_what_two_share_in_both_directions() -> None:
    matrix = make_matrix(ARCHIVE.participants)
    assert matrix
    assert [(m.name, m.key, m.count) for m in matrix.members] == [
        ("Ada", "participants/ada", 2),
        ("Bo", "participants/bo", 2),
        ("Cy", "participants/cy", 2),
        ("Dee", "participants/dee", 1),
    ]
    assert [[cell.count for cell in row] for row in matrix.rows] == [
        [0, 2, 1, 0],
        [2, 0, 1, 0],
        [1, 1, 0, 1],
        [0, 0, 1, 0],
    ]


def test_a_single_shared_transcript_is_named() -> None:
    matrix = make_matrix(ARCHIVE.participants)
    assert matrix
    assert matrix.rows[0] == (Cell(0, 0, ""), Cell(2, 2, ""), Cell(1, 1, "b"), Cell(0, 0, ""))


def test_shades_grow_with_the_counts() -> None:
    talks = [entry(f"{n}.md", ("Ada", "Bo")) for n in range(39)]
    matrix = make_matrix(site(*talks, entry("x.md", ("Ada", "Cy", "Dee"))).participants)
    assert matrix
    assert [cell.heat for cell in matrix.rows[0]] == [0, 4, 1, 1]


def test_matrix_of_many_holds_those_of_most_transcripts() -> None:
    crowd = [entry(f"{n}.md", ("Zoe", f"Voice {n:02}")) for n in range(40)]
    more = [entry(f"x{n}.md", ("Zoe", "Yan")) for n in range(2)]
    matrix = make_matrix(site(*crowd, *more).participants)
    assert matrix
    assert (len(matrix.members), matrix.total) == (MOST_MEMBERS, 42)
    assert [member.name for member in matrix.members[-2:]] == ["Yan", "Zoe"]


def test_matrix_is_left_out_where_it_says_nothing() -> None:
    assert make_matrix(site(entry("a.md", ("Ada", "Bo"))).participants) is None
    alone = [entry(f"{name}.md", (name,)) for name in ("Ada", "Bo", "Cy")]
    assert make_matrix(site(*alone).participants) is None


def test_part_of_a_participant_is_that_of_all_their_transcripts() -> None:
    part = make_part(person(ARCHIVE, "Cy"))
    assert (part.messages, part.words, part.percent) == (2, 6, 40)
    assert [(c.name, c.count, c.only) for c in part.companions] == [
        *(("Ada", 1, "b"), ("Bo", 1, "b"), ("Dee", 1, "c"))
    ]
    assert part.first == part.last
    assert part.first
    assert part.first.year == 2024


def test_companions_come_most_often_met_first() -> None:
    part = make_part(person(ARCHIVE, "Ada"))
    assert [(c.name, c.count, c.only) for c in part.companions] == [("Bo", 2, ""), ("Cy", 1, "b")]
    assert part.first
    assert part.last
    assert (part.first.year, part.last.year) == (2024, 2025)


def test_somebody_without_dates_or_words_or_company_has_none() -> None:
    found = site(entry("a.md", ("Ada",), ""))
    part = make_part(found.participants[0])
    assert (part.first, part.last, part.companions, part.more) == (None, None, (), 0)


def test_of_a_crowd_those_met_most_often_are_named() -> None:
    crowd = [entry(f"{n}.md", ("Zoe", f"Voice {n:02}")) for n in range(MOST_COMPANIONS + 5)]
    part = make_part(person(site(*crowd, entry("x.md", ("Zoe", "Voice 28"))), "Zoe"))
    assert part.companions[0].name == "Voice 28"
    assert (len(part.companions), part.more) == (MOST_COMPANIONS, 5)
