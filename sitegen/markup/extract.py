"""Takes out of an engine's HTML what we render ourselves, before it is sanitised.

Code, mathematics, images, check boxes and links with targets we do not follow become
stand-ins, so that the sanitiser sees little and what we put back is escaped by us.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape, unescape

from sitegen.markup.highlight import code_block
from sitegen.markup.math import render_math
from sitegen.markup.sanitize import LINK_REL, LINK_SCHEME

__all__ = ["Extractor", "wrap_raw_blocks"]

# All begin with `<`, which lets the search skip from tag to tag.
TOKEN = re.compile(
    r"""<(?:
      pre[^>]*><code(?P<code>[^>]*)>(?P<body>.*?)</code></pre>
    | span\ data-math-style="(?P<style>\w+)">(?P<tex>[^<]*)</span>
    | img(?P<image>[^>]*)>
    | input(?P<box>[^>]*type="checkbox"[^>]*)>
    | a(?P<link>\ [^>]*)>
    | (?P<unlink>/a)>
    | (?P<close>/?)h(?P<level>[1-6])>
    | (?P<cell>t[hd])\ align="(?P<align>left|center|right)">
    )""",
    re.VERBOSE | re.DOTALL,
)

ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
STAND_IN = re.compile("\ufdd1(\\d+)\ufdd2")
RASTER = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+\Z")
BLOCK = re.compile(
    r"(</?(?:p|pre|h[1-6]|ul|ol|li|blockquote|div|table|thead|tbody|tr|th|td|hr)\b[^>]*>)"
)
TEXT_BLOCK = re.compile(r"<(/?)(?:p|pre|h[1-6]|th|td)\b")


def attributes(tag: str) -> dict[str, str]:
    """The attributes of a start tag that an engine put out, unescaped."""
    return {name: unescape(value) for name, value in ATTRIBUTE.findall(tag)}


@dataclass(frozen=True, slots=True)
class _Link:
    """A link whose target is not followed, while it is open."""

    target: str
    start: int
    """Where its text begins in the HTML."""


class Extractor:
    """One page's stand-ins: `take_out` before sanitising, `put_back` after."""

    def __init__(self, show_remote: bool) -> None:
        self.show_remote = show_remote
        self.parts: list[str] = []

    def take_out(self, html: str) -> str:
        """Replace what we render ourselves in one body."""
        return _Body(self, html).run()

    def put_back(self, html: str) -> str:
        """Put the rendered parts in place of their stand-ins."""
        return STAND_IN.sub(lambda match: self.parts[int(match[1])], html)

    def stand_in(self, rendered: str) -> str:
        """Keep a rendered part and return the text that stands for it."""
        self.parts.append(rendered)
        return f"\ufdd1{len(self.parts) - 1}\ufdd2"


class _Body:
    """One pass over the tags of one body."""

    def __init__(self, extractor: Extractor, html: str) -> None:
        self.extractor = extractor
        self.html = html
        self.dead: _Link | None = None
        self.in_link = False
        self.levels: list[int] = []

    def run(self) -> str:
        return TOKEN.sub(self._token, self.html)

    def _token(self, match: re.Match[str]) -> str:
        handlers: dict[str, Callable[[re.Match[str]], str]] = {
            "body": self._code,
            "tex": self._math,
            "image": self._image,
            "box": self._box,
            "link": self._link,
            "unlink": self._unlink,
            "level": self._heading,
            "align": lambda cell: f'<{cell["cell"]} class="align-{cell["align"]}">',
        }
        return handlers[match.lastgroup or ""](match)

    def _code(self, match: re.Match[str]) -> str:
        about = attributes(match["code"])
        code = unescape(match["body"])
        if "data-math-style" in about:
            return self.extractor.stand_in(f"<p>{render_math(code, display=True)}</p>")
        language = about.get("class", "").removeprefix("language-")
        return self.extractor.stand_in(code_block(code, language, about.get("data-meta", "")))

    def _math(self, match: re.Match[str]) -> str:
        display = match["style"] == "display"
        return self.extractor.stand_in(render_math(unescape(match["tex"]), display))

    def _image(self, match: re.Match[str]) -> str:
        about = attributes(match["image"])
        source = about.get("src", "")
        label = " ".join(filter(None, (about.get("alt"), about.get("title")))) or "image"
        remote = bool(re.match(r"https?://", source, re.IGNORECASE))
        if RASTER.match(source) or (remote and self.extractor.show_remote):
            html = (
                f'<img src="{escape(source)}" alt="{escape(about.get("alt", ""))}" loading="lazy">'
            )
        elif remote and not self.in_link:
            html = (
                f'<a class="image-link" href="{escape(source)}" rel="{LINK_REL}">'
                f"{escape(label)}</a>"
            )
        else:
            html = f'<span class="image-link">{escape(label)}</span>{_target(source)}'
        return self.extractor.stand_in(html)

    def _box(self, match: re.Match[str]) -> str:
        done = "checked" in match["box"]
        mark, word = ("☑", "done") if done else ("☐", "to do")
        return self.extractor.stand_in(
            f'<span class="task" role="img" aria-label="{word}">{mark}</span>'
        )

    def _link(self, match: re.Match[str]) -> str:
        about = attributes(match["link"])
        target = about.get("href", "")
        self.in_link = True
        if LINK_SCHEME.match(target):
            return match[0]
        title = f' "{about["title"]}"' if about.get("title") else ""
        self.dead = _Link(target + title, match.end())
        self.in_link = False
        return ""

    def _unlink(self, match: re.Match[str]) -> str:
        self.in_link = False
        if self.dead is None:
            return match[0]
        dead, self.dead = self.dead, None
        text = unescape(re.sub(r"<[^>]*>", "", self.html[dead.start : match.start()]))
        return "" if text == dead.target else self.extractor.stand_in(_target(dead.target))

    def _heading(self, match: re.Match[str]) -> str:
        """Headings of a body hang below the speaker's (h3) and leave no level out."""
        level = int(match["level"])
        if not match["close"]:
            while self.levels and self.levels[-1] >= level:
                self.levels.pop()
            self.levels.append(level)
        return f"<{match['close']}h{min(3 + len(self.levels), 6)}>"


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
