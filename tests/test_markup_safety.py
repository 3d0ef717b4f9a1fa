"""Nothing that somebody wrote runs, reaches out, or changes the page around it."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import unquote

import pytest
from helpers import built, write_site
from hostile import project
from hypothesis import given
from hypothesis import strategies as st
from parsed import Parsed
from vectors import LINKS, TARGETS, VECTORS

from sitegen.markup import MessageRenderer
from sitegen.markup.prose import ProseRenderer
from sitegen.markup.sanitize import message_cleaner, sanitize_all
from sitegen.model import Text

ENGINES = ("commonmark", "markdown")
RENDERERS = {
    (engine, images): MessageRenderer(engine, images)
    for engine in ("commonmark", "markdown")
    for images in ("link", "show")
}

MATHML = {
    *("math", "menclose", "merror", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover"),
    *("mpadded", "mphantom", "mprescripts", "mroot", "mrow", "ms", "mspace", "msqrt"),
    *("mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder"),
    "munderover",
}
HTML = {
    *("a", "bdi", "blockquote", "br", "code", "del", "div", "em", "h4", "h5", "h6", "hr", "img"),
    *("li", "ol", "p", "pre", "span", "strong", "table", "tbody", "td", "th", "thead", "tr"),
    "ul",
}
ATTRIBUTES = {
    "a": {"href", "title", "rel", "class"},
    "img": {"src", "alt", "title", "loading"},
    "ol": {"start"},
    "p": {"class"},
    "div": {"class", "tabindex", "role", "aria-label"},
    "pre": {"class", "tabindex", "role", "aria-label"},
    "span": {"class", "role", "aria-label"},
    "bdi": {"class", "data-code"},
    "code": {"class"},
    "th": {"class"},
    "td": {"class"},
}
MATHML_ATTRIBUTES = {
    *("accent", "accentunder", "class", "columnalign", "depth", "display", "fence", "form"),
    *("height", "largeop", "linethickness", "lspace", "mathcolor", "mathvariant", "maxsize"),
    *("minsize", "movablelimits", "notation", "rspace", "separator", "stretchy"),
    *("symmetric", "voffset", "width", "mathbackground"),
}
CLASSES = re.compile(
    r"align-(left|center|right)|blank|c|code|code-head|f|g[idh]|image-link|k|n|s"
    r"|markdown-alert(-\w+)?|math(-[a-z]+)*[0-9]*|plain|raw|table|target|task|unseen"
)
ADDRESS = re.compile(r"(https?://|mailto:|tel:)", re.IGNORECASE)
SCHEME = re.compile(r"[\x00-\x20]*[A-Za-z][A-Za-z0-9+.-]*:")
PROSE_ADDRESS = re.compile(r"(https?|mailto|tel):", re.IGNORECASE)
PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*\Z")


def complaints(html: str, remote_images: bool = False) -> list[str]:
    """Everything in the HTML of a message that our renderers never put out."""
    page = Parsed(html)
    found = [*page.others, *(f"unbalanced {tag}" for tag in page.unbalanced)]
    for tag, attrs in page.tags:
        allowed = MATHML_ATTRIBUTES if tag in MATHML else ATTRIBUTES.get(tag, set())
        if tag not in HTML | MATHML:
            found.append(f"<{tag}>")
        found += [f"<{tag} {name}>" for name in attrs if name not in allowed]
        found += [name for name in attrs.get("class", "").split() if not CLASSES.fullmatch(name)]
        if "href" in attrs and not ADDRESS.match(attrs["href"]):
            found.append(f"href={attrs['href']}")
        if "href" in attrs and "noopener" not in attrs.get("rel", ""):
            found.append("a link without rel")
        if tag == "img" and not PICTURE.match(attrs["src"]):
            found += [] if remote_images and ADDRESS.match(attrs["src"]) else [attrs["src"]]
    return found


def render(text: str, engine: str = "commonmark", images: str = "link", chat: bool = False) -> str:
    (rendered,) = RENDERERS[engine, images].render([Text(text, hard_breaks=chat)])
    return str(rendered.html)


def test_the_corpus_is_large() -> None:
    assert len(set(VECTORS)) >= 420
    assert len(set(LINKS)) >= 350


@pytest.mark.parametrize("text", [*VECTORS, *LINKS])
def test_message(text: str) -> None:
    for engine, images in RENDERERS:
        assert complaints(render(text, engine, images), images == "show") == []


@pytest.mark.parametrize(
    "wrap", ["> {}", "- {}", "| {} |\n|---|\n| {} |", "# {}", "**{}**", "[{}](#)"]
)
@pytest.mark.parametrize("engine", ENGINES)
def test_message_in_a_block(wrap: str, engine: str) -> None:
    for text in VECTORS:
        for line in text.split("\n"):
            assert complaints(render(wrap.replace("{}", line), engine)) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_neighbours_are_untouched(engine: str) -> None:
    """What is rendered in one call comes out as if each had been rendered alone."""
    bodies = [Text(text) for text in (*VECTORS, *LINKS)]
    renderer = RENDERERS[engine, "link"]
    together = [rendered.html for rendered in renderer.render(bodies)]
    alone = [renderer.render([body])[0].html for body in bodies]
    assert together == alone


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("target", TARGETS)
def test_a_target_that_is_not_followed_is_shown(target: str, engine: str) -> None:
    html = render(f"[click](<{target}>)", engine)
    assert not Parsed(html).values("href")
    shown = re.sub(r"\W", "", unquote(Parsed(html).text))
    letters = re.sub(
        r"&[#\w]+;?|%[0-9A-F]{2}|\W", "", target.replace("\x00", "").replace("\x01", "")
    )
    assert letters[-12:] in shown


@given(st.text(alphabet="<>\"'`&;:/\\=()[]!*_-#|~$ \t\nab1\u00a0\u2028\ufdd1\ufdd2", max_size=60))
def test_message_of_any_signs(text: str) -> None:
    for engine in ENGINES:
        assert complaints(render(text, engine)) == []


PIECES = st.sampled_from(
    [
        *VECTORS[:150],
        "`",
        "```",
        "$",
        "$$",
        "<",
        ">",
        "[",
        "](",
        ")",
        '"',
        "'",
        "\n",
        "\n\n",
        "|",
        "&",
    ]
)


@given(st.lists(PIECES, max_size=5).map("".join))
def test_message_of_joined_vectors(text: str) -> None:
    for engine in ENGINES:
        assert complaints(render(text, engine)) == []


@given(
    st.integers(0, 9),
    st.sampled_from(["&#xFDD1;{}&#xFDD2;", "&#64977;{}&#64978;", "\ufdd1{}\ufdd2"]),
)
def test_a_stand_in_cannot_be_forged(number: int, form: str) -> None:
    """The code is where it was written, once, and never in an attribute."""
    forged = form.format(number)
    for engine in ENGINES:
        html = render(f'`first` {forged} [a](https://example.org "{forged}")', engine)
        assert html.count("<code>first</code>") == 1
        assert f"⟨U+FDD1⟩{number}⟨U+FDD2⟩" in html


def test_an_unbalanced_fragment_is_cleaned_alone() -> None:
    """The cut between two fragments survives only where both are whole."""
    cleaner = message_cleaner()
    assert sanitize_all(["<p>a</p>", "<p>b</p>"], cleaner) == ["<p>a</p>", "<p>b</p>"]
    assert sanitize_all(["a<!--", "b"], cleaner) == ["a", "b"]
    assert sanitize_all(['a<p title="', "b"], cleaner) == ["a", "b"]
    assert sanitize_all([], cleaner) == []


PROSE = {prefix: ProseRenderer(prefix) for prefix in ("", "note-")}
PROSE_TAGS = HTML | {
    *("abbr", "b", "cite", "dd", "dl", "dt", "figcaption", "figure", "h1", "h2", "h3", "i"),
    *("ins", "kbd", "mark", "q", "section", "sub", "sup"),
}
PROSE_ATTRIBUTES = {
    *(
        "alt",
        "aria-label",
        "class",
        "data-code",
        "dir",
        "height",
        "href",
        "id",
        "lang",
        "loading",
        "rel",
    ),
    *("role", "scope", "src", "start", "tabindex", "title", "width"),
}


@pytest.mark.parametrize("prefix", PROSE)
@pytest.mark.parametrize("text", [*VECTORS, *LINKS])
def test_prose(text: str, prefix: str) -> None:
    """Authored text may hold tags, but nothing that runs, loads or leads astray."""
    page = Parsed(str(PROSE[prefix].render(text)))
    assert [tag for tag, _ in page.tags if tag not in PROSE_TAGS] == []
    assert [name for _, attrs in page.tags for name in attrs if name not in PROSE_ATTRIBUTES] == []
    assert all(name.startswith(prefix) for name in page.values("id"))
    for address in page.values("href", "src"):
        assert not SCHEME.match(address) or PROSE_ADDRESS.match(address)
    assert page.others == []


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Every page of a site in which each vector stands in every field."""
    root = write_site(tmp_path_factory.mktemp("hostile"), dict(project()))
    files = built(root)
    return {path: data.decode() for path, data in files.items() if path.endswith(".html")}


OUR_IDS = re.compile(r"sg-[\w-]+|[mLs]\d+|years-(\d{4}|undated)|yyears-[\w-]+|note-.*", re.DOTALL)
OUR_TAGS = (
    PROSE_TAGS
    | MATHML
    | {
        *("article", "aside", "body", "footer", "h1", "h2", "h3", "head", "header", "html", "link"),
        *("main", "meta", "nav", "strong", "time", "title", "figure", "figcaption", "svg", "path"),
        *("button", "caption", "details", "input", "label", "option", "select", "summary"),
        *("noscript", "search"),
    }
)
OUR_SCRIPT = re.compile(
    r'<script src="(?:/|(?:\.\./)*)assets/js/(?:theme|page|blocks|index|cite|search|mark)'
    r'\.[0-9a-f]{8}\.js"(?: data-[a-z]+="[^"<>]*")*(?: defer)?></script>'
    r'|<script type="application/ld\+json">[^<>&]*</script>'  # Data, which no browser runs.
)
OUR_NAMES = re.compile(
    r"viewport|description|generator|color-scheme|robots|author|twitter:card|citation_\w+"
    r"|participant|tag|label|year|length|sort|format|q"
)


def test_site_is_complete(pages: dict[str, str]) -> None:
    assert len(pages) > 600
    messages = sum(page.count('<article class="message') for page in pages.values())
    # A few of the names are no names, so that their messages belong to the one before.
    assert messages >= 0.95 * (len(VECTORS) + len(LINKS))


def test_site_has_our_tags_only(pages: dict[str, str]) -> None:
    found: Counter[str] = Counter()
    for html in pages.values():
        bare, scripts = OUR_SCRIPT.subn("", html)
        assert 2 <= scripts <= 8
        page = Parsed(bare)
        found.update(f"<{tag}>" for tag, _ in page.tags if tag not in OUR_TAGS)
        found.update(
            f"{name}=" for _, attrs in page.tags for name in attrs if name.startswith("on")
        )
        found.update("style=" for _, attrs in page.tags if "style" in attrs)
        found.update(other for other in page.others if other != "<!doctype html")
        found.update(f"unbalanced {tag}" for tag in page.unbalanced)
    assert found == {}


def test_site_has_our_ids_only_and_each_once(pages: dict[str, str]) -> None:
    for path, html in pages.items():
        page = Parsed(html)
        names = page.values("name")
        assert names[:2] == ["viewport", "description"]
        assert [name for name in names if not OUR_NAMES.fullmatch(name)] == [], path
        if path in ("about.html", "index.html"):  # An author names the parts of a page.
            continue
        ids = page.values("id")
        assert [name for name in ids if not OUR_IDS.fullmatch(name)] == [], path
        ours = Counter(name for name in ids if not name.startswith("note-"))
        assert [name for name, count in ours.items() if count > 1] == [], path


def test_site_links_lead_nowhere_strange(pages: dict[str, str]) -> None:
    for path, html in pages.items():
        for address in Parsed(html).values("href", "src"):
            allowed = PROSE_ADDRESS.match(address) or PICTURE.match(address)
            assert allowed or not SCHEME.match(address), path


def test_site_has_its_own_head(pages: dict[str, str]) -> None:
    """The policy comes first, and no text of a field has got out of its place."""
    for html in pages.values():
        page = Parsed(html)
        head = [tag for tag, _ in page.tags[: [tag for tag, _ in page.tags].index("body")]]
        assert head[:6] == ["html", "head", "meta", "meta", "meta", "title"]
        assert page.tags[2][1]["http-equiv"] == "Content-Security-Policy"
        assert len(re.findall(r'<body(?: class="(?:reading|front)")?>', html)) == 1
        assert html.count("<body") == html.count("<main") == html.count("</main>") == 1


def test_site_loads_its_own_files_only(pages: dict[str, str]) -> None:
    for html in pages.values():
        for tag, attrs in Parsed(html).tags:
            if tag == "link":
                assert not SCHEME.match(attrs["href"])
                assert not attrs["href"].startswith("//")
                if attrs["rel"] in ("icon", "stylesheet"):
                    assert re.fullmatch(r"/?(\.\./)*assets/[\w.-]+", attrs["href"])
            if tag == "img":
                assert not SCHEME.match(attrs["src"]) or PICTURE.match(attrs["src"])
                assert not attrs["src"].startswith("//")
