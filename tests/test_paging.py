"""Long lists on several pages."""

from __future__ import annotations

import pytest
from test_facets import entry, site

from sitegen.render.paging import Pager, paginate

ENTRIES = site(*(entry(f"{n}.md") for n in range(7))).entries


@pytest.mark.parametrize(
    ("size", "sizes"), [(0, [7]), (7, [7]), (100, [7]), (6, [6, 1]), (3, [3, 3, 1]), (1, [1] * 7)]
)
def test_pages_hold_every_transcript_once_and_in_order(size: int, sizes: list[int]) -> None:
    pages = list(paginate("tags/sea", ENTRIES, size))
    assert [len(part) for _, part, _ in pages] == sizes
    assert tuple(item for _, part, _ in pages for item in part) == ENTRIES
    assert all((pager is None) == (len(sizes) == 1) for _, _, pager in pages)


def test_an_empty_list_has_one_page() -> None:
    assert list(paginate("index", (), 3)) == [("index", (), None)]


def test_first_page_keeps_the_address_of_the_list() -> None:
    assert [key for key, _, _ in paginate("tags/sea", ENTRIES, 3)] == [
        *("tags/sea", "tags/sea/2", "tags/sea/3")
    ]


def test_pager_leads_to_the_pages_beside_it() -> None:
    ends = [Pager("index", number, 3) for number in (1, 2, 3)]
    assert [(pager.newer, pager.older) for pager in ends] == [
        ("", "index/2"),
        ("index", "index/3"),
        ("index/2", ""),
    ]


@pytest.mark.parametrize(
    ("number", "pages", "shown"),
    [
        (1, 2, (1, 2)),
        (1, 4, (1, 2, 3, 4)),
        (1, 5, (1, 2, 0, 5)),
        (3, 5, (1, 2, 3, 4, 5)),
        (4, 9, (1, 2, 3, 4, 5, 0, 9)),
        (5, 9, (1, 0, 4, 5, 6, 0, 9)),
        (9, 9, (1, 0, 8, 9)),
    ],
)
def test_pager_names_the_ends_and_what_is_near(
    number: int, pages: int, shown: tuple[int, ...]
) -> None:
    assert Pager("index", number, pages).shown == shown
