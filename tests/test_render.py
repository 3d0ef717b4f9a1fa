"""Pages: what they say, where they lead, and how a project's own layouts change them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from helpers import built, exported, write_site
from html_check import Page, faults, is_internal, pages

from sitegen import build
from sitegen.errors import LayoutError
from sitegen.formats import Formats

HELLO = exported([("Ada", "Hello"), ("Brook", "Hello to you")])
NASTY = "<script>alert(1)</script>\"'&amp;"


def site(root: Path, files: Mapping[str, str], settings: str = "") -> dict[str, bytes]:
    """The output of a project with these files."""
    return built(write_site(root, {"sitegen.toml": settings, **files}))


def page(root: Path, files: Mapping[str, str], path: str = "a.html", settings: str = "") -> Page:
    """One page of a project with these files."""
    return Page(site(root, files, settings)[path])


def facts(page: Page) -> dict[str, str]:
    """The metadata at the head of a transcript."""
    return dict(zip(page.texts("dt"), page.texts("dd"), strict=True))


# The page of a transcript


def test_transcript_shows_its_messages_in_order_each_with_a_permalink(tmp_path: Path) -> None:
    shown = page(tmp_path, {"content/a.md": HELLO})
    assert [m.attributes["id"] for m in shown.find("article")] == ["m1", "m2"]
    assert shown.texts("div", class_="body") == ["Hello", "Hello to you"]
    assert [link.attributes["href"] for link in shown.find("a", class_="permalink")] == [
        "#m1",
        "#m2",
    ]
    assert shown.texts("h3") == ["Ada", "Brook"]
    assert shown.texts("h1") == ["Ada ↔ Brook"]


def test_head_of_a_transcript_states_all_that_the_source_does(tmp_path: Path) -> None:
    text = HELLO.replace(
        "**Messages:** 2",
        "**Ended:** 2025-03-04 10:17:00\n**Messages:** 3\n**Tags:** sea, night\n**Mood:** calm",
    )
    shown = facts(page(tmp_path, {"content/x/a.md": text}, "x/a.html"))
    assert shown["Participants"] == "Ada 1 message, 1 word, 25 % Brook 1 message, 3 words, 75 %"
    assert shown["Started"] == "4 March 2025, 09:12 UTC"
    assert shown["Ended"] == "4 March 2025, 10:17 UTC (1 h 5 min)"
    assert shown["Messages"] == "2 the source declares 3"
    assert shown["Words"] == "4 (1 min to read)"
    assert shown["Mood"] == "calm"
    assert shown["Tags"] == "sea, night"
    assert shown["Source"] == "x/a.md"


def test_blank_message_is_shown_as_one(tmp_path: Path) -> None:
    shown = page(tmp_path, {"content/a.md": exported([("Ada", " "), ("Brook", "?")])})
    assert shown.texts("div", class_="body") == ["(blank message)", "?"]


def test_plain_document_has_no_participants_and_no_speaker_on_show(tmp_path: Path) -> None:
    shown = page(tmp_path, {"content/a.md": "# Notes\n\nJust text."})
    assert "Participants" not in facts(shown)
    assert shown.texts("h1") == ["Notes"]
    assert shown.texts("div", class_="body") == ["Just text."]


def test_note_and_preamble_are_shown_apart_from_the_messages(tmp_path: Path) -> None:
    text = HELLO.replace("\n---\n\n###", "\nBefore it all.\n\n---\n\n###", 1)
    shown = page(tmp_path, {"content/a.md": f"---\nnote: Found in *a* drawer.\n---\n{text}"})
    assert shown.one("aside").text == "Editor’s note Found in a drawer."
    assert shown.one("section", class_="preamble").text == "Before it all."
    assert shown.texts("div", class_="body")[0] == "Hello"


def test_roles_models_and_labels_of_the_front_matter_are_shown(tmp_path: Path) -> None:
    front = (
        "---\nlabels: [excerpt]\nparticipants:\n  - {name: Ada, role: guest, model: ada/1}\n---\n"
    )
    shown = page(tmp_path, {"content/a.md": front + HELLO})
    assert "Ada (guest, ada/1)" in facts(shown)["Participants"]
    assert shown.texts("a", class_="label") == ["excerpt"]


def test_right_to_left_messages_and_foreign_ones_say_so(tmp_path: Path) -> None:
    text = exported([("Ada", "שלום"), ("Brook", "hello")])
    shown = page(tmp_path, {"content/a.md": f"---\nlanguage: he\n---\n{text}"})
    assert [m.attributes.get("dir") for m in shown.find("div", class_="body")] == ["auto", None]
    assert shown.one("div", class_="messages").attributes["lang"] == "he"
    assert shown.one("h1").attributes["lang"] == "he"
    assert shown.one("html").attributes["lang"] == "en"


def test_text_of_a_source_is_escaped_wherever_it_is_shown(tmp_path: Path) -> None:
    front = (
        f"---\ntitle: {NASTY!r}\nsummary: {NASTY!r}\ntags: [{NASTY!r}]\nlabels: [{NASTY!r}]\n"
        f"note: {NASTY!r}\nMood{NASTY[:8]}: {NASTY!r}\n---\n"
    ).replace("\\'", "''")
    files = site(
        tmp_path,
        {
            "content/a.md": front + exported([(NASTY, NASTY), ("B", NASTY)], NASTY),
            "content/pages/about.md": f"---\ntitle: {NASTY!r}\n---\nText".replace("\\'", "''"),
        },
        f"[site]\ntitle = '''{NASTY}'''\nauthor = '''{NASTY}'''\ndescription = '''{NASTY}'''\n",
    )
    assert faults(files) == []
    for path, content in files.items():
        if path.endswith(".html"):
            assert b"<script>alert" not in content, path
    assert Page(files["a.html"]).texts("h1") == [NASTY]
    assert Page(files["index.html"]).texts("a", class_="home") == [NASTY]


# The frame of every page


def test_policy_allows_nothing_but_the_sites_own_files(tmp_path: Path) -> None:
    for path, shown in pages(site(tmp_path, {"content/a.md": HELLO})).items():
        policy = shown.elements[2].attributes
        assert policy["http-equiv"] == "Content-Security-Policy", path
        rules = dict(rule.split(" ", 1) for rule in policy["content"].split("; "))
        assert rules == {
            "default-src": "'none'",
            "script-src": "'self' 'wasm-unsafe-eval'" if path == "search.html" else "'self'",
            "style-src": "'self'",
            "img-src": "'self' data:",
            "font-src": "'self'",
            "connect-src": "'self'",
            "base-uri": "'none'",
            "form-action": "'none'",
        }


def test_policy_allows_images_of_others_only_on_request(tmp_path: Path) -> None:
    shown = page(tmp_path, {"content/a.md": HELLO}, "a.html", '[markup]\nremote_images = "show"')
    policy = shown.elements[2].attributes["content"]
    assert "img-src 'self' data: http: https:;" in policy
    assert policy.count("http") == 2


@pytest.mark.parametrize(
    ("urls", "path", "canonical"),
    [
        ("file", "a.html", "https://b.org/x/a.html"),
        ("file", "r/b.html", "https://b.org/x/r/b.html"),
        ("file", "index.html", "https://b.org/x/"),
        ("file", "tags/index.html", "https://b.org/x/tags/"),
        ("file", "caf%C3%A9.html", "https://b.org/x/caf%C3%A9.html"),
        ("directory", "a/index.html", "https://b.org/x/a/"),
        ("directory", "index.html", "https://b.org/x/"),
    ],
)
def test_canonical_address_is_that_of_the_page(
    tmp_path: Path, urls: str, path: str, canonical: str
) -> None:
    files = {f"content/{name}.md": HELLO for name in ("a", "r/b", "café")}
    settings = f'[site]\nbase_url = "https://b.org/x"\n[pages]\nurls = "{urls}"'
    shown = page(tmp_path, files, path.replace("%C3%A9", "é"), settings)
    assert shown.one("link", rel="canonical").attributes["href"] == canonical


def test_absolute_addresses_of_the_site_stand_in_canonical_links_alone(tmp_path: Path) -> None:
    files = {"content/a.md": HELLO, "content/pages/about.md": "# About\n\nText"}
    for path, shown in pages(
        site(tmp_path, files, '[site]\nbase_url = "https://b.org/x/"')
    ).items():
        absolute = [element for element, target in shown.targets() if not is_internal(target)]
        rels = [element.attributes.get("rel") for element in absolute]
        assert rels == ([] if path == "404.html" else ["canonical"]), path


def test_without_an_address_no_page_has_a_canonical_link(tmp_path: Path) -> None:
    for shown in pages(site(tmp_path, {"content/a.md": HELLO})).values():
        assert shown.find("link", rel="canonical") == []


@pytest.mark.parametrize("urls", ["file", "directory"])
@pytest.mark.parametrize(
    ("base_url", "base_path"), [("", "/"), ("https://b.org/", "/"), ("https://b.org/a/b", "/a/b/")]
)
def test_links_of_the_404_page_work_from_any_address(
    tmp_path: Path, urls: str, base_url: str, base_path: str
) -> None:
    settings = f'[site]\nbase_url = "{base_url}"\n[pages]\nurls = "{urls}"'
    shown = page(tmp_path, {"content/a.md": HELLO}, "404.html", settings)
    targets = [target for _, target in shown.targets() if not target.startswith("#")]
    assert len(targets) >= 4
    for target in targets:
        assert target.startswith(base_path), target


def test_bar_marks_the_page_that_one_is_on(tmp_path: Path) -> None:
    files = {"content/a.md": HELLO, "content/pages/about.md": "# About us\n\nText"}
    shown = page(tmp_path, files, "about.html")
    assert shown.texts("a", **{"aria-current": "page"}) == ["About us"]


def test_bar_leaves_out_what_has_no_entries(tmp_path: Path) -> None:
    shown = page(tmp_path, {"content/a.md": "Just text."}, "index.html")
    bar = [e.text for e in shown.find("a") if "nav" in e.parents]
    assert bar == ["Years"]


@pytest.mark.parametrize(
    ("settings", "path", "title"),
    [
        ("", "index.html", "Conversations"),
        ("", "a.html", "Ada ↔ Brook · Conversations"),
        ('[site]\ntitle = "T"', "a.html", "Ada ↔ Brook · T"),
        ("", "participants/ada.html", "Ada · Conversations"),
    ],
)
def test_title_names_the_page_and_the_site(
    tmp_path: Path, settings: str, path: str, title: str
) -> None:
    assert page(tmp_path, {"content/a.md": HELLO}, path, settings).texts("title") == [title]


@pytest.mark.parametrize(
    ("path", "description"),
    [
        ("a.html", "Hello"),
        ("b.html", "In short"),
        ("index.html", "About it all"),
        ("participants/ada.html", "2 transcripts, 2 messages"),
        ("404.html", "Page not found"),
        ("about.html", "Who we are"),
    ],
)
def test_description_says_what_is_on_the_page(tmp_path: Path, path: str, description: str) -> None:
    files = {
        "content/a.md": exported([("Ada", "Hello")], "Ada ↔ Brook"),
        "content/b.md": f"---\nsummary: In short\n---\n{HELLO}",
        "content/pages/about.md": "---\ntitle: About\nsummary: Who we are\n---\nText",
    }
    shown = page(tmp_path, files, path, '[site]\ndescription = "About it all"')
    assert shown.one("meta", name="description").attributes["content"] == description


# A project's own layouts


def test_own_layout_replaces_the_builtin_one(tmp_path: Path) -> None:
    files = {"content/a.md": HELLO, "layouts/404.html": "own {{ title }}"}
    output = site(tmp_path, files)
    assert output["404.html"] == b"own Page not found"
    assert Page(output["a.html"]).texts("h1") == ["Ada ↔ Brook"]


def test_own_layout_can_change_one_block_of_the_builtin_one(tmp_path: Path) -> None:
    own = (
        '{% extends "default/transcript.html" %}'
        "{% block heading %}<h1>Own: {{ entry.title }}</h1>{% endblock %}"
    )
    shown = page(tmp_path, {"content/a.md": HELLO, "layouts/transcript.html": own})
    assert shown.texts("h1") == ["Own: Ada ↔ Brook"]
    assert shown.texts("div", class_="body") == ["Hello", "Hello to you"]


def test_own_frame_reaches_the_builtin_layouts(tmp_path: Path) -> None:
    own = '{% extends "default/base.html" %}{% block footer %}<footer>Own</footer>{% endblock %}'
    output = site(tmp_path, {"content/a.md": HELLO, "layouts/base.html": own})
    assert {path: shown.texts("footer") for path, shown in pages(output).items()} == {
        path: ["Own"] for path in pages(output)
    }


def test_own_layout_of_the_messages_is_used(tmp_path: Path) -> None:
    own = "{% for message in messages %}<i>{{ message.speaker }}</i>{{ message.html }}{% endfor %}"
    shown = page(tmp_path, {"content/a.md": HELLO, "layouts/partials/messages.html": own})
    assert shown.texts("i") == ["Ada", "Brook"]


def test_own_layout_is_escaped_like_the_builtin_ones(tmp_path: Path) -> None:
    text = f"---\ntitle: {NASTY!r}\n---\n{HELLO}".replace("\\'", "''")
    files = {"content/a.md": text, "layouts/transcript.html": "{{ entry.title }}"}
    assert b"<script>" not in site(tmp_path, files)["a.html"]


def test_own_static_file_is_reached_from_pages_of_every_depth(tmp_path: Path) -> None:
    own = (
        '{% extends "default/base.html" %}'
        "{% block head %}<script src=\"{{ asset('js/own.js') }}\"></script>{% endblock %}"
    )
    files = {
        "content/a.md": HELLO,
        "content/deep/er/b.md": HELLO,
        "layouts/base.html": own,
        "layouts/static/js/own.js": "1",
    }
    output = site(tmp_path, files)
    for shown in pages(output).values():
        own_scripts = [e for e in shown.find("script") if "js/own." in e.attributes.get("src", "")]
        assert len(own_scripts) == 1
    assert faults(output) == []


@pytest.mark.parametrize(
    ("name", "layout", "line", "message"),
    [
        ("404.html", "a\n{% if %}", 2, "Expected an expression"),
        ("404.html", "a\n{{ nope.x }}", 2, "'nope' is undefined"),
        ("404.html", "{{ 1 + 'a' }}", 1, "unsupported operand"),
        ("404.html", "{{ 1 // 0 }}", 1, "division"),
        ("404.html", "{{ title | nope }}", 1, "No filter named 'nope'"),
        ("404.html", "{% include 'no.html' %}", 1, 'the layout "no.html" does not exist'),
        ("404.html", "{% extends 'no.html' %}", 1, 'the layout "no.html" does not exist'),
        ("404.html", "{{ asset('no.js') }}", 1, 'no static file is called "no.js"'),
        ("404.html", b"{{ title }} \xff", 0, "cannot be read"),
        ("base.html", "\n{{ nope }}", 2, "'nope' is undefined"),
        ("transcript.html", "{{ nope }}", 1, "'nope' is undefined"),
        ("partials/messages.html", "{{ nope }}", 1, "'nope' is undefined"),
        ("partials/messages.html", "\n\n{% for %}", 3, "Expected"),
    ],
)
def test_broken_layout_is_an_error_that_names_it(
    tmp_path: Path, name: str, layout: str | bytes, line: int, message: str
) -> None:
    write_site(tmp_path, {"content/a.md": HELLO})
    before = built(tmp_path)
    write_site(tmp_path, {f"layouts/{name}": layout})
    with pytest.raises(LayoutError) as caught:
        build(tmp_path)
    assert message in caught.value.message
    assert (caught.value.path, caught.value.line) == (f"layouts/{name}", line)
    (tmp_path / "layouts" / name).unlink()
    assert build(tmp_path).written == ()
    assert built(tmp_path) == before


# How numbers, dates and spans are written


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(seconds=1), "1 s"),
        (timedelta(seconds=59.9), "59 s"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(minutes=2, seconds=39), "2 min 39 s"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=1, minutes=5, seconds=8), "1 h 5 min"),
        (timedelta(days=2, hours=3), "51 h"),
        (timedelta(days=3), "3 days"),
        (timedelta(days=1200), "1,200 days"),
    ],
)
def test_duration_is_said_in_its_two_largest_units(span: timedelta, text: str) -> None:
    assert Formats().duration(span) == text


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2025, 10, 26, tzinfo=UTC), "26 October 2025"),
        (datetime(2025, 10, 26, 17, 2, 18, tzinfo=UTC), "26 October 2025, 17:02 UTC"),
        (datetime(2025, 1, 1, 0, 0, 1, tzinfo=UTC), "1 January 2025, 00:00 UTC"),
        (
            datetime(999, 12, 1, 9, 0, tzinfo=timezone(timedelta(hours=-3))),
            "1 December 999, 09:00 UTC-03:00",
        ),
    ],
)
def test_moment_is_said_with_its_zone_and_a_bare_day_without_a_time(
    moment: datetime, text: str
) -> None:
    assert Formats().moment(moment, moment.tzname() or "") == text


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0 pages"), (1, "1 page"), (2, "2 pages"), (1234, "1,234 pages")]
)
def test_count_agrees_with_its_noun(value: int, text: str) -> None:
    assert Formats().count(value, "page") == text
