"""Slack's text, `mrkdwn`, to runs: `*bold*`, `_italic_`, `<@U1>`, `<url|label>`, `&amp;`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import groupby

from sitegen.readers.rich import Run, Style

__all__ = ["mrkdwn_runs", "unescape"]

FENCE = re.compile(r"```(.*?)```", re.DOTALL)
INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`|<(?P<link>[^<>\n]+)>"
    r"|(?<![\w*])\*(?!\s)(?P<bold>[^*\n]+)(?<!\s)\*(?![\w*])"
    r"|(?<![\w_])_(?!\s)(?P<italic>[^_\n]+)(?<!\s)_(?![\w_])"
    r"|(?<![\w~])~(?!\s)(?P<strike>[^~\n]+)(?<!\s)~(?![\w~])"
)
LINK = re.compile(r"<([^<>\n]+)>")
QUOTE = re.compile(r"(?:&gt;){1,3} ?")
SPECIAL = ("here", "channel", "everyone")
STYLES: Mapping[str, Style] = {"bold": "bold", "italic": "italic", "strike": "strike"}


def unescape(text: str) -> str:
    """The three signs that Slack escapes, and no other."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def mrkdwn_runs(text: str, people: Mapping[str, str], channels: Mapping[str, str]) -> list[Run]:
    """The runs of a text; `people` and `channels` give the names behind ids."""
    return list(_Reader(people, channels).read(text))


class _Reader:
    def __init__(self, people: Mapping[str, str], channels: Mapping[str, str]) -> None:
        self.people = people
        self.channels = channels

    def read(self, text: str) -> Iterator[Run]:
        for index, part in enumerate(FENCE.split(text)):
            if index % 2:
                yield Run(self._flat(part).strip("\n"), "pre")
            else:
                yield from self._lines(part)

    def _lines(self, text: str) -> Iterator[Run]:
        """Quoted lines by themselves, all others as they run on."""
        for quoted, lines in groupby(text.split("\n"), key=lambda line: line.startswith("&gt;")):
            if quoted:
                yield Run(
                    "\n".join(self._flat(QUOTE.sub("", ln, count=1)) for ln in lines), "quote"
                )
            else:
                yield from self._inline("\n".join(lines))

    def _inline(self, text: str) -> Iterator[Run]:
        end = 0
        for found in INLINE.finditer(text):
            yield Run(unescape(text[end : found.start()]))
            kind = found.lastgroup or ""
            if kind == "link":
                yield self._link(found["link"])
            elif kind == "code":
                yield Run(self._flat(found["code"]), "code")
            else:
                yield Run(self._flat(found[kind]), STYLES[kind])
            end = found.end()
        yield Run(unescape(text[end:]))

    def _flat(self, text: str) -> str:
        """Text within a style, its links as their words."""
        return unescape(LINK.sub(lambda link: self._link(link[1]).text, text))

    def _link(self, inside: str) -> Run:
        """What stands between angle brackets: a person, a channel, a call, or an address."""
        target, _, label = inside.partition("|")
        label = unescape(label)
        match target[:1]:
            case "@":
                return Run(f"@{self.people.get(target[1:]) or label or target[1:]}")
            case "#":
                return Run(f"#{label or self.channels.get(target[1:]) or target[1:]}")
            case "!":
                word = target[1:].partition("^")[0]
                return Run(label or (f"@{word}" if word in SPECIAL else f"<{inside}>"))
        address = unescape(target)
        if label in ("", address) and address.startswith(("https://", "http://")):
            return Run(address)
        return Run(label or address.removeprefix("mailto:"), "link", address)
