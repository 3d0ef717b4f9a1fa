"""Takes out of an engine's HTML what we render ourselves, before it is sanitised.

Code, mathematics, images, check boxes and links with targets we do not follow become
stand-ins, so that the sanitiser sees little and what we put back is escaped by us.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape, unescape
from typing import TYPE_CHECKING, TypeAlias

from sitegen.markup.highlight import code_block
from sitegen.markup.math import render_math
from sitegen.markup.sanitize import CUT, LINK_REL, LINK_SCHEME
from sitegen.strings import ENGLISH, Strings
from sitegen.text import CONTROLS, visible

if TYPE_CHECKING:
    from sitegen.redact.labels import Labels

__all__ = ["Extractor", "Find", "Local", "Outline", "image", "show_controls", "wrap_raw_blocks"]

# All begin with `<`, which lets the search skip from tag to tag.
TOKEN = re.compile(
    r"""<(?:
      pre[^>]*><code(?P<code>[^>]*)>(?P<body>.*?)</code></pre>
    | span\ data-math-style="(?P<style>\w+)">(?P<tex>[^<]*)</span>
    | img(?P<image>[^>]*)>
    | input(?P<box>[^>]*type="checkbox"[^>]*)>
    | a(?P<link>\ [^>]*)>
    | (?P<unlink>/a)>
    | div\ class="markdown-alert\ markdown-alert-(?P<alert>\w+)">\n<p\ class="markdown-alert-title">
    | (?P<close>/?)h(?P<level>[1-6])>
    | (?P<cell>t[hd])\ align="(?P<align>left|center|right)">
    )""",
    re.VERBOSE | re.DOTALL,
)

REFERENCE = re.compile(r"&#(?:[xX]([0-9A-Fa-f]{1,6})|([0-9]{1,7}));?")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
STAND_IN = re.compile("\ufdd1(\\d+)\ufdd2")
TAG = re.compile(r"<[^>]*>")
RASTER = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+\Z")
BLOCK = re.compile(
    r"(</?(?:p|pre|h[1-6]|ul|ol|li|blockquote|div|table|thead|tbody|tr|th|td|hr)\b[^>]*>)"
)
TEXT_BLOCK = re.compile(r"<(/?)(?:p|pre|h[1-6]|th|td)\b")


def attributes(tag: str) -> dict[str, str]:
    """The attributes of a start tag that an engine put out, unescaped."""
    return {name: unescape(value) for name, value in ATTRIBUTE.findall(tag)}


def show_controls(html: str) -> str:
    """An engine's HTML in which controls, also those written as `&#1;`, are symbols.

    Our stand-ins are made of such characters: nobody else may write one.
    """
    if "&#" in html:
        html = REFERENCE.sub(_show_control, html)
    return visible(html)


def _show_control(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else int(match[2])
    # NUL, surrogates and what is beyond Unicode become U+FFFD in every parser.
    if not 0 < code < 0x110000 or 0xD800 <= code < 0xE000:
        return match[0]
    is_control = CONTROLS.match(chr(code))
    return visible(chr(code)) if is_control else match[0]


@dataclass(frozen=True, slots=True)
class _Link:
    """A link while it is open."""

    target: str
    start: int
    """Where its text begins in the HTML."""
    dead: bool
    """True if its target is not followed."""
    end: str = ""
    """What ends it, if not its own tag."""


@dataclass(frozen=True, slots=True)
class Local:
    """A file of the site that a message shows or links to."""

    url: str
    """A link to it from the page."""
    is_picture: bool
    """Whether it can be shown."""
    width: int = 0
    """In pixels; 0 if unknown."""
    height: int = 0
    """In pixels; 0 if unknown."""


Find: TypeAlias = Callable[[str, bool], Local | None]
"""Finds the file of the site that a reference in a message means, if there is one; it is
told whether that is a link."""


class Extractor:
    """One page's stand-ins: `take_out` before sanitising, `put_back` after."""

    def __init__(
        self,
        show_remote: bool,
        strings: Strings = ENGLISH,
        labels: Labels | None = None,
        find: Find | None = None,
    ) -> None:
        self.show_remote = show_remote
        self.strings = strings
        self.labels = labels
        self.find = find
        self.parts: list[str] = []
        self.texts: list[str] = []

    def withholds(self, text: str) -> bool:
        """Whether a part of a text is hidden by the site's rules."""
        return self.labels is not None and self.labels.stem in text

    def take_out(self, html: str) -> str:
        """Replace what we render ourselves in one body."""
        return _Body(self, html).run()

    def put_back(self, html: str) -> str:
        """Put the rendered parts in place of their stand-ins."""
        return STAND_IN.sub(lambda match: self.parts[int(match[1])], html)

    def words(self, bodies: Sequence[str]) -> list[str]:
        """The plain text of each sanitised body, on one line, that of its parts included."""
        text = TAG.sub(" ", CUT.join(bodies))
        if "&" in text:
            text = unescape(text)
        text = STAND_IN.sub(lambda match: f" {self.texts[int(match[1])]} ", text)
        return [" ".join(body.split()) for body in text.split(CUT)] if bodies else []

    def stand_in(self, rendered: str, text: str) -> str:
        """Keep a rendered part and its plain text, and return what stands for it."""
        self.parts.append(rendered)
        self.texts.append(text)
        return f"\ufdd1{len(self.parts) - 1}\ufdd2"


class _Body:
    """One pass over the tags of one body."""

    def __init__(self, extractor: Extractor, html: str) -> None:
        self.extractor = extractor
        self.html = html
        self.link: _Link | None = None
        self.outline = Outline(3)
        self.handlers: dict[str | None, Callable[[re.Match[str]], str]] = {
            "body": self._code,
            "tex": self._math,
            "image": self._image,
            "box": self._box,
            "link": self._link,
            "unlink": self._unlink,
            "alert": self._alert,
            "level": self._heading,
            "align": lambda cell: f'<{cell["cell"]} class="align-{cell["align"]}">',
        }

    def run(self) -> str:
        return TOKEN.sub(lambda match: self.handlers[match.lastgroup](match), self.html)

    def _code(self, match: re.Match[str]) -> str:
        about = attributes(match["code"])
        code = unescape(match["body"])
        language = about.get("class", "").removeprefix("language-")
        if "data-math-style" in about or language == "math":
            label = self.extractor.strings.text("Formula")
            formula = render_math(code, True, self.extractor.withholds(code), label)
            return self.extractor.stand_in(f"<p>{formula}</p>", code)
        meta = about.get("data-meta", "")
        block = code_block(code, language, meta, self.extractor.strings)
        return self.extractor.stand_in(block, code)

    def _math(self, match: re.Match[str]) -> str:
        display = match["style"] == "display"
        tex = unescape(match["tex"])
        label = self.extractor.strings.text("Formula")
        literal = self.extractor.withholds(tex)
        return self.extractor.stand_in(render_math(tex, display, literal, label), tex)

    def _image(self, match: re.Match[str]) -> str:
        about = attributes(match["image"])
        in_link = self.link is not None and not self.link.dead
        hidden = self.extractor.withholds(about.get("src", ""))
        show = self.extractor.show_remote and not hidden
        shown = image(about, show, in_link or hidden, self.extractor.find)
        return self.extractor.stand_in(shown, about.get("alt", ""))

    def _box(self, match: re.Match[str]) -> str:
        done = "checked" in match["box"]
        mark, word = ("☑", "done") if done else ("☐", "to do")
        word = escape(self.extractor.strings.text(word))
        return self.extractor.stand_in(
            f'<span class="task" role="img" aria-label="{word}">{mark}</span>', mark
        )

    def _link(self, match: re.Match[str]) -> str:
        about = attributes(match["link"])
        target = about.get("href", "")
        withheld = self.extractor.withholds(target)
        dead = not LINK_SCHEME.match(target) or withheld
        if dead and not withheld and (url := self._file(target)):
            # Put in after sanitising, which lets no address through that is not whole.
            self.link = _Link(target, match.end(), False, self.extractor.stand_in("</a>", ""))
            return self.extractor.stand_in(f'<a href="{escape(url)}">', "")
        if dead and about.get("title"):
            target += f' "{about["title"]}"'
        self.link = _Link(target, match.end(), dead)
        return "" if dead else match[0]

    def _file(self, target: str) -> str:
        """The address of the file of the site that a link means; empty if there is none."""
        path, sign, place = target.partition("#")
        local = self.extractor.find(path, True) if self.extractor.find and path else None
        return f"{local.url}{sign}{place}" if local else ""

    def _unlink(self, match: re.Match[str]) -> str:
        link, self.link = self.link, None
        if link is None:
            return match[0]
        inside = self.html[link.start : match.start()]
        text = unescape(re.sub(r"<[^>]*>", "", inside))
        if link.dead:
            if text == link.target:
                return ""
            return self.extractor.stand_in(_target(link.target), link.target)
        # A link without words would be invisible: it shows its address.
        empty = not text.strip() and "<img" not in inside
        return (escape(link.target) if empty else "") + (link.end or match[0])

    def _alert(self, match: re.Match[str]) -> str:
        """An alert with a title of its own still says what kind it is."""
        kind = match["alert"].capitalize()
        named = self.html.startswith(f"{kind}</p>", match.end())
        return match[0] if named else f"{match[0]}{kind}: "

    def _heading(self, match: re.Match[str]) -> str:
        """Headings of a body hang below the speaker's (h3)."""
        level = self.outline.place(int(match["level"]), bool(match["close"]))
        return f"<{match['close']}h{level}>"


class Outline:
    """Hangs the headings of a text below a level, so that none is left out."""

    def __init__(self, above: int) -> None:
        self.above = above
        self.levels: list[int] = []

    def place(self, level: int, closes: bool) -> int:
        """The level of the next heading, or of its end tag."""
        if not closes:
            while self.levels and self.levels[-1] >= level:
                self.levels.pop()
            self.levels.append(level)
        return min(self.above + len(self.levels), 6)


def image(
    about: dict[str, str], show_remote: bool, in_link: bool = False, find: Find | None = None
) -> str:
    """An image that is in the page or may be loaded; a labelled link to any other."""
    source, alt, title = (about.get(name, "") for name in ("src", "alt", "title"))
    label = escape(" ".join(filter(None, (alt, title))) or "image")
    remote = bool(re.match(r"https?://", source, re.IGNORECASE))
    if RASTER.match(source) or (remote and show_remote):
        hint = f' title="{escape(title)}"' if title else ""
        return f'<img src="{escape(source)}" alt="{escape(alt)}"{hint} loading="lazy">'
    local = find(source, False) if find and source and not remote else None
    if local and local.is_picture:
        size = f' width="{local.width}" height="{local.height}"' if local.width else ""
        hint = f' title="{escape(title)}"' if title else ""
        return f'<img src="{escape(local.url)}" alt="{escape(alt)}"{hint}{size} loading="lazy">'
    if local and not in_link:
        return f'<a class="image-link" href="{escape(local.url)}">{label}</a>'
    if remote and not in_link:
        return f'<a class="image-link" href="{escape(source)}" rel="{LINK_REL}">{label}</a>'
    return f'<span class="image-link">{label}</span>{_target(source)}'


def _target(address: str) -> str:
    """The address of a link or an image that leads nowhere from here, as text."""
    return f' <code class="target">{escape(address)}</code>' if address else ""


def wrap_raw_blocks(html: str) -> str:
    """Give blocks of escaped raw HTML a paragraph that keeps their line ends.

    The engine puts them out as bare text, whose lines would run together.
    """
    if not html.startswith("&lt;") and "\n&lt;" not in html:
        return html
    pieces = BLOCK.split(html)
    inside = 0
    for index, piece in enumerate(pieces):
        if index % 2:
            if tag := TEXT_BLOCK.match(piece):
                inside += -1 if tag[1] else 1
            continue
        before = pieces[index - 1] if index else ""
        tight_item = before.startswith("<li") and not piece.startswith("\n")
        if not inside and not tight_item and piece.lstrip().startswith("&lt;"):
            pieces[index] = f'<p class="raw">{piece.strip(chr(10))}</p>\n'
    return "".join(pieces)
