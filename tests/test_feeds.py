"""What a site tells other programs: feeds, site map, robots.txt, llms.txt, the catalogue."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import comrak
import feedparser
import pytest
from helpers import built, exported, tree, write_site
from hostile import project
from lxml import etree

from sitegen import build
from sitegen.config import load_config
from sitegen.errors import ConfigError
from sitegen.feeds import sitemap
from sitegen.feeds.catalogue import COLUMNS, SEPARATOR, unguarded
from sitegen.urls import Urls

BASE = "https://b.org/archive/"
SCHEMAS = Path(__file__).parent / "schemas"
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
HELLO = exported([("Ada", "Hello there, I have been waiting"), ("Brook", "So it seems")])
ODD = "<b>&amp;</b> ]]> \"'` ☕ שלום \\u202e\\u0001 =1+1"
"""A title in a YAML string: markup, quotation marks, an emoji, another direction, a control."""

ARCHIVE = {
    "content/a.md": f"---\ntags: [sea, =SUM(A1)]\nsummary: In short\n---\n{HELLO}",
    "content/b.md": '---\ntitle: "'
    + ODD.replace('"', '\\"')
    + f'"\ntags: ["sea"]\nlanguage: he\n---\n{HELLO}',
    "content/deep/plain.txt": "Only words, and nobody speaks them.",
    "content/undated.md": exported([("Ada", "No date at all")], "Undated", started=""),
    "content/new.md": exported(
        [("Ada", "Hi")], "Newest", started="2026-01-02 03:04:05", ended="2026-01-02 04:00:00"
    ),
    "content/pages/about.md": "# About\n\nUs",
}


def site(root: Path, files: Mapping[str, str] = ARCHIVE, settings: str = "") -> dict[str, bytes]:
    write_site(root, {**files, "sitegen.toml": settings})
    return built(root, base_url=BASE)


def path_of(address: str) -> str:
    """The file that a server shows for an address of the site."""
    assert address.startswith(BASE), address
    path = unquote(address.removeprefix(BASE))
    return path + "index.html" if not path or path.endswith("/") else path


def atom(content: bytes) -> Any:
    """A feed as an independent reader sees it, once it is known to be valid."""
    schema = etree.RelaxNG(etree.parse(str(SCHEMAS / "atom.rng")))
    schema.assertValid(etree.fromstring(content))
    read = feedparser.parse(content)
    assert not read.bozo, read.get("bozo_exception")
    assert read.version == "atom10"
    return read


def places(content: bytes) -> list[tuple[str, str]]:
    """Addresses and dates of a site map, once it is known to be valid."""
    document = etree.fromstring(content)
    etree.XMLSchema(etree.parse(str(SCHEMAS / "sitemap.xsd"))).assertValid(document)
    return [
        (str(place.findtext(f"{MAP}loc")), str(place.findtext(f"{MAP}lastmod") or ""))
        for place in document
    ]


# Atom and JSON Feed


def test_feed_of_the_site_tells_of_each_transcript_newest_first(tmp_path: Path) -> None:
    files = site(tmp_path, settings='[site]\ntitle = "T & Co"\ndescription = "<About>"')
    read = atom(files["feed.xml"])
    assert read.feed.title_detail.type == "text/plain"
    assert (read.feed.title, read.feed.subtitle) == ("T & Co", "<About>")
    assert (read.feed.id, read.feed.updated) == (BASE, "2026-01-02T04:00:00+00:00")
    assert [link.href for link in read.feed.links] == [f"{BASE}feed.xml", BASE]
    titles = [entry.title for entry in read.entries]
    assert titles[0] == "Newest"
    assert titles[-2:] == ["plain", "Undated"]
    assert titles.count("<b>&amp;</b> ]]> \"'` ☕ שלום \u202e␁ =1+1") == 1
    for entry in read.entries:
        assert entry.id == entry.link
        assert path_of(entry.link) in files
    first = read.entries[titles.index("Ada ↔ Brook")]
    assert [author.name for author in first.authors] == ["Ada", "Brook"]
    assert [tag.term for tag in first.tags] == ["sea", "=SUM(A1)"]
    assert first.summary == "In short"
    assert first.published == "2025-03-04T09:12:00+00:00"


def test_json_feed_says_the_same(tmp_path: Path) -> None:
    files = site(tmp_path)
    feed = json.loads(files["feed.json"])
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["home_page_url"], feed["feed_url"]) == (BASE, f"{BASE}feed.json")
    read = atom(files["feed.xml"])
    assert [item["title"] for item in feed["items"]] == [entry.title for entry in read.entries]
    assert [item["id"] for item in feed["items"]] == [entry.id for entry in read.entries]
    for item in feed["items"]:
        assert item["content_text"]
        assert path_of(item["url"]) in files
    assert "date_published" not in feed["items"][-1]
    assert feed["items"][0]["date_modified"] == "2026-01-02T04:00:00+00:00"
    assert not {b"<", b">", b"&"} & set(re.findall(b"[<>&]", files["feed.json"]))


def test_each_participant_and_each_tag_has_feeds_of_its_own(tmp_path: Path) -> None:
    files = site(tmp_path)
    ada = atom(files["participants/ada/feed.xml"])
    assert ada.feed.title == "Ada · Conversations"
    assert ada.feed.id == f"{BASE}participants/ada.html"
    assert len(ada.entries) == 4
    assert {e.title for e in atom(files["tags/sea/feed.xml"]).entries} >= {"Ada ↔ Brook"}
    assert len(json.loads(files["tags/sea/feed.json"])["items"]) == 2
    assert not [path for path in files if path.startswith("years/") and "feed" in path]


def test_feeds_hold_the_newest_up_to_the_limit(tmp_path: Path) -> None:
    files = site(tmp_path, settings="[feeds]\nlimit = 2")
    assert len(atom(files["feed.xml"]).entries) == 2
    assert atom(files["feed.xml"]).entries[0].title == "Newest"
    assert len(json.loads(files["participants/ada/feed.json"])["items"]) == 2


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ("[feeds]\nsite = false", {"participants/ada/feed.xml", "tags/sea/feed.json"}),
        ("[feeds]\nterms = false", {"feed.xml", "feed.json"}),
        ("[feeds]\nsite = false\nterms = false", set()),
    ],
)
def test_feeds_can_be_turned_off(tmp_path: Path, settings: str, wanted: set[str]) -> None:
    files = site(tmp_path, settings=settings)
    found = {path for path in files if path.endswith(("feed.xml", "feed.json"))}
    assert wanted <= found
    assert bool(found) == bool(wanted)
    for path in found:
        assert path.split("/")[0] in {name.split("/")[0] for name in (*wanted, "participants/")}
    links = {
        link for html in files.values() for link in re.findall(rb'href="([^"]*feed[^"]*)"', html)
    }
    assert bool(links) == bool(wanted)


def test_site_of_unknown_address_has_neither_feeds_nor_map(tmp_path: Path) -> None:
    files = built(write_site(tmp_path, ARCHIVE))
    assert not [path for path in files if "feed" in path or "sitemap" in path]
    assert b"Sitemap" not in files["robots.txt"]
    assert b"feed" not in files["index.html"]


def test_limit_that_is_none_is_a_configuration_error(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/a.md": HELLO, "sitegen.toml": "[feeds]\nlimit = 0"})
    with pytest.raises(ConfigError, match="not a number of transcripts") as caught:
        load_config(tmp_path)
    assert caught.value.line == 2


# Dates


def test_unknown_date_is_never_invented(tmp_path: Path) -> None:
    read = atom(site(tmp_path)["feed.xml"])
    undated = read.entries[-1]
    assert undated.updated == "1970-01-01T00:00:00+00:00"
    assert "published" not in undated


@pytest.mark.parametrize(("epoch", "updated"), [("", "1970-01-01"), ("1700000000", "2023-11-14")])
def test_feed_without_any_date_has_that_of_the_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, epoch: str, updated: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    files = site(tmp_path, {"content/u.md": ARCHIVE["content/undated.md"]})
    read = atom(files["feed.xml"])
    assert read.feed.updated.startswith(updated)
    assert read.entries[0].updated == "1970-01-01T00:00:00+00:00"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    changed = build(tmp_path, base_url=BASE)
    assert set(changed.written) == {"feed.xml", "participants/ada/feed.xml", "SHA256SUMS"}


@pytest.mark.parametrize("epoch", ["-1", "1.5", "now", "9" * 12])
def test_source_date_that_is_none_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, epoch: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    write_site(tmp_path, {"content/a.md": HELLO})
    with pytest.raises(ConfigError, match="SOURCE_DATE_EPOCH"):
        load_config(tmp_path)


@pytest.mark.parametrize(
    "started", ["0001-01-01 00:00:00", "9999-12-31 23:59:59", "1850-06-01 12:00:00"]
)
@pytest.mark.parametrize("zone", ["UTC", "Europe/Amsterdam", "Pacific/Kiritimati"])
def test_dates_at_the_ends_of_the_calendar_are_valid(
    tmp_path: Path, started: str, zone: str
) -> None:
    files = site(
        tmp_path,
        {"content/a.md": exported([("Ada", "Hi")], started=started)},
        f'[site]\ntimezone = "{zone}"',
    )
    atom(files["feed.xml"])
    assert places(files["sitemap.xml"])


# Site map, robots.txt


def test_site_map_lists_every_page_but_what_must_not_be_found(tmp_path: Path) -> None:
    hidden = {"content/h.md": f"---\nnoindex: true\n---\n{HELLO}"}
    hidden["content/pages/h2.md"] = "---\nnoindex: yes\n---\nText"
    files = site(tmp_path, {**ARCHIVE, **hidden})
    listed = dict(places(files["sitemap.xml"]))
    wanted = {path for path in files if path.endswith(".html") and "/source." not in path}
    wanted -= {"404.html", "search.html", "h.html", "h2.html"}
    assert {path_of(address) for address in listed} == wanted
    assert listed[f"{BASE}new.html"] == "2026-01-02T04:00:00+00:00"
    assert listed[f"{BASE}undated.html"] == ""
    assert listed[BASE] == listed[f"{BASE}participants/ada.html"] == "2026-01-02T04:00:00+00:00"
    assert files["robots.txt"].endswith(b"\nSitemap: https://b.org/archive/sitemap.xml\n")


def test_addresses_of_folders_are_listed_as_folders(tmp_path: Path) -> None:
    files = site(tmp_path, settings='[pages]\nurls = "directory"')
    assert f"{BASE}new/" in dict(places(files["sitemap.xml"]))
    assert {path_of(address) for address, _ in places(files["sitemap.xml"])} <= set(files)


def test_large_site_map_is_an_index_of_several(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = places(site(tmp_path)["sitemap.xml"])
    monkeypatch.setattr(sitemap, "MOST_PLACES", 4)
    build(tmp_path, base_url=BASE, force=True)
    files = tree(tmp_path / "output")
    parts = [path_of(address) for address, _ in places(files["sitemap.xml"])]
    assert parts == [f"sitemap-{number}.xml" for number in range(1, -(-len(whole) // 4) + 1)]
    assert [place for part in parts for place in places(files[part])] == whole


def test_site_map_of_long_addresses_is_split_by_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "MOST_BYTES", 5_000)
    urls = Urls("file", f"{BASE}?&", "/")
    many = [sitemap.Place("café/" * 9 + str(number), None) for number in range(30)]
    parts = sitemap.split(many, urls)
    assert [place for part in parts for place in part] == many
    assert len(parts) > 1
    for _, make in sitemap.make_maps(parts, urls):
        assert len(make()) < 5_200


def test_site_that_must_not_be_found_says_so_and_lists_nothing(tmp_path: Path) -> None:
    files = site(tmp_path, settings="[site]\nnoindex = true")
    assert "sitemap.xml" not in files
    assert "llms.txt" not in files
    assert files["robots.txt"] == b"User-agent: *\nAllow: /\n"
    for path, content in files.items():
        if path.endswith(".html"):
            assert b'<meta name="robots" content="noindex">' in content, path
    assert len(atom(files["feed.xml"]).entries) == 5  # Who subscribes has found it.


# llms.txt


def test_llms_txt_leads_to_every_transcript_as_markdown(tmp_path: Path) -> None:
    files = site(tmp_path)
    text = files["llms.txt"].decode()
    assert text.startswith("# Conversations\n\n> ")
    html = comrak.render_markdown(text)
    links = re.findall(r'<a href="([^"]*)"', html)
    assert {path_of(link) for link in links} <= set(files)
    assert sum(link.endswith("/transcript.md") for link in links) == 5
    assert "<b>" not in html


def test_llms_txt_of_a_site_of_unknown_address_links_from_the_root(tmp_path: Path) -> None:
    write_site(tmp_path, {**ARCHIVE, "sitegen.toml": "[exports]\ntranscripts = false"})
    files = built(tmp_path)
    links = re.findall(r"\]\(([^)]*)\)", files["llms.txt"].decode())
    assert {unquote(link) for link in links} <= set(files)
    assert "new.html" in links


# The catalogue


def test_catalogue_holds_what_is_known_of_each_transcript(tmp_path: Path) -> None:
    files = site(tmp_path)
    catalogue = json.loads(files["index.json"])
    assert (catalogue["version"], catalogue["url"]) == (1, BASE)
    assert catalogue["transcript_schema"] in files
    assert len(catalogue["transcripts"]) == 5
    for record in catalogue["transcripts"]:
        assert unquote(record["address"]) in files
        assert {unquote(path) for path in record["downloads"].values()} <= set(files)
    known = {record["key"]: record for record in catalogue["transcripts"]}
    assert known["a"]["participants"][0]["messages"] == 1
    assert known["a"]["tags"] == ["sea", "=SUM(A1)"]
    assert known["undated"]["started"] is None
    assert known["deep/plain"]["participants"] == []
    assert known["b"]["language"] == "he"


FORMULAS = ("=1+1", "+1", "-1", "@A1", "'quoted'", "plain", '"a,b"', "\u00e9", "a\nb", "\t=1")


def test_table_holds_no_formula_and_every_cell_can_be_had_back(tmp_path: Path) -> None:
    files = {}
    for number, text in enumerate(FORMULAS):
        cell = json.dumps(text)  # Which is a string in YAML as well.
        front = f"title: {cell}\nsummary: {cell}\ntags: [{cell}, x]"
        files[f"content/{number}.md"] = f"---\n{front}\n---\n{HELLO}"
    output = site(tmp_path, files)
    rows = list(csv.DictReader(io.StringIO(output["index.csv"].decode(), newline="")))
    records = {r["key"]: r for r in json.loads(output["index.json"])["transcripts"]}
    assert len(rows) == len(records) == len(FORMULAS)
    for row in rows:
        assert tuple(row) == COLUMNS
        for cell in row.values():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
        record = records[row["key"]]
        assert unguarded(row["title"]) == record["title"]
        assert unguarded(row["summary"]) == record["summary"]
        assert unguarded(row["tags"]) == SEPARATOR.join(record["tags"])
    assert {r["title"] for r in records.values()} >= {"=1+1", "+1", "-1", "@A1", "'quoted'"}


def test_exports_can_be_turned_off(tmp_path: Path) -> None:
    files = site(tmp_path, settings="[exports]\ntranscripts = false\narchive = false")
    assert not [path for path in files if path.endswith((".md", ".csv")) or "transcript." in path]
    assert "index.json" not in files
    assert "schema/transcript-1.json" not in files
    assert b"index.json" not in files["index.html"]
    assert b"Downloads" not in files["a.html"]


# All together


@pytest.mark.parametrize("base_url", [BASE, ""])
def test_empty_archive_has_valid_files(tmp_path: Path, base_url: str) -> None:
    files = built(write_site(tmp_path, {"content/pages/index.md": "Soon"}), base_url=base_url)
    assert json.loads(files["index.json"])["transcripts"] == []
    assert files["index.csv"].decode() == ",".join(COLUMNS) + "\r\n"
    if base_url:
        assert atom(files["feed.xml"]).feed.updated == "1970-01-01T00:00:00+00:00"
        assert json.loads(files["feed.json"])["items"] == []
        assert places(files["sitemap.xml"])[0] == (BASE, "")


def test_files_of_a_hostile_archive_are_valid(tmp_path: Path) -> None:
    files = site(tmp_path, project())
    feeds = [path for path in files if path.endswith("feed.xml")]
    assert len(feeds) > 200
    for path in feeds:
        atom(files[path])
        feed = json.loads(files[path.replace(".xml", ".json")])
        assert {path_of(item["url"]) for item in feed["items"]} <= set(files)
    assert {path_of(address) for address, _ in places(files["sitemap.xml"])} <= set(files)
    rows = list(csv.DictReader(io.StringIO(files["index.csv"].decode(), newline="")))
    assert len(rows) == len(json.loads(files["index.json"])["transcripts"])


def test_address_with_signs_of_xml_is_escaped(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/a.md": HELLO})
    files = built(tmp_path, base_url="https://b.org/a&b'c/")
    assert atom(files["feed.xml"]).feed.id == "https://b.org/a&b'c/"
    assert places(files["sitemap.xml"])[0][0] == "https://b.org/a&b'c/"


EDITS: dict[str, Mapping[str, str]] = {
    "a body": {"content/a.md": ARCHIVE["content/a.md"].replace("waiting", "asleep")},
    "a title": {"content/new.md": ARCHIVE["content/new.md"].replace("Newest", "Renamed")},
    "a tag": {"content/a.md": ARCHIVE["content/a.md"].replace("[sea", "[lake")},
    "a new one": {"content/z.md": HELLO},
    "not to be found": {"content/undated.md": "---\nnoindex: true\n---\n" + HELLO},
    "a page": {"content/pages/more.md": "# More\n\nText"},
    "a setting": {"sitegen.toml": "[feeds]\nlimit = 1"},
}


@pytest.mark.parametrize("name", EDITS)
def test_build_after_an_edit_equals_one_from_nothing(tmp_path: Path, name: str) -> None:
    site(tmp_path)
    write_site(tmp_path, EDITS[name])
    report = build(tmp_path, base_url=BASE)
    assert built(tmp_path, base_url=BASE, output=tmp_path / "clean") == tree(tmp_path / "output")
    again = build(tmp_path, base_url=BASE)
    assert (again.written, again.removed, again.unchanged) == (
        *((), ()),
        report.unchanged + len(report.written),
    )


def test_edit_touches_no_feed_and_no_download_of_others(tmp_path: Path) -> None:
    site(tmp_path)
    write_site(tmp_path, EDITS["a title"])
    written = set(build(tmp_path, base_url=BASE).written)
    assert {"new.html", "new/transcript.md", "feed.xml", "participants/ada/feed.json"} <= written
    assert not [path for path in written if path.startswith(("a/", "b/", "tags/", "schema/"))]


def test_download_that_was_changed_by_hand_is_made_again(tmp_path: Path) -> None:
    before = site(tmp_path)
    (tmp_path / "output/a/transcript.txt").write_bytes(b"mine")
    (tmp_path / "output/tags/sea/feed.xml").unlink()
    report = build(tmp_path, base_url=BASE)
    assert report.written == ("a/transcript.txt", "tags/sea/feed.xml")
    assert tree(tmp_path / "output") == before
