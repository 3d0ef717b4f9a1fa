"""What messages are made of, in order, to HTML: text in full, all else folded to a line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape
from itertools import groupby
from typing import TypeAlias

from markupsafe import Markup

from sitegen.markup.extract import Find, image
from sitegen.markup.highlight import code_block
from sitegen.markup.messages import MessageRenderer, Rendered
from sitegen.markup.sanitize import LINK_REL, LINK_SCHEME
from sitegen.markup.unseen import show_unseen
from sitegen.model import (
    SYSTEM,
    Attachment,
    Block,
    Image,
    Message,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    text_of,
)
from sitegen.strings import Strings
from sitegen.text import visible

__all__ = ["render_bodies"]

ARGUMENT_CHARS = 70
"""How much of a tool's argument its line shows."""

SHOWN_LINES = 40
"""Lines of a tool's output that are shown before the rest is folded again."""

BATCH_CHARS = 1_000_000
"""Text that is rendered in one go."""

FOLDED_STEPS = 3
"""So many steps in a row become one line."""

ARGUMENTS = (
    *("command", "cmd", "file_path", "path", "notebook_path", "pattern", "query", "url"),
    *("code", "description", "prompt", "input"),
)
"""The fields of a tool's input that say what it is about, the most telling first."""


@dataclass(frozen=True, slots=True)
class _Use:
    """A tool call with its result, or either alone."""

    call: ToolCall | None
    result: ToolResult | None


_Item: TypeAlias = Text | Thinking | Image | Attachment | _Use


def render_bodies(
    messages: Sequence[Message], renderer: MessageRenderer, find: Find | None = None
) -> Iterator[Rendered]:
    """The body of each message, and the words in it that are not folded.

    `find` finds the files of the site that messages show or link to.
    """
    for batch in _batches(messages):
        yield from _render(batch, renderer, find)


def _batches(messages: Sequence[Message]) -> Iterator[list[Message]]:
    """Messages in groups, so that no more than one is held in several forms at once."""
    batch: list[Message] = []
    size = 0
    for message in messages:
        batch.append(message)
        size += sum(len(text_of(block)) for block in message.blocks)
        if size > BATCH_CHARS:
            yield batch
            batch, size = [], 0
    yield batch


def _render(
    messages: Sequence[Message], renderer: MessageRenderer, find: Find | None
) -> Iterator[Rendered]:
    texts = [b for m in messages for b in m.blocks if isinstance(b, (Text, Thinking))]
    sources = [Text(b.markdown) if isinstance(b, Thinking) else b for b in texts]
    rendered = renderer.render(sources, find)
    done = dict(zip(map(id, texts), rendered, strict=True))
    for message in messages:
        yield _Body(message, done, renderer, find).run()


class _Body:
    """One message; `done` holds its rendered texts by the identity of their blocks."""

    def __init__(
        self,
        message: Message,
        done: dict[int, Rendered],
        renderer: MessageRenderer,
        find: Find | None,
    ) -> None:
        self.find = find
        self.strings = renderer.strings
        self.message = message
        self.done = done
        self.show_remote = renderer.show_remote

    def run(self) -> Rendered:
        """Text as it is, and steps in a row as one."""
        message = self.message
        if len(message.blocks) == 1 and isinstance(message.blocks[0], Text):
            only = self.done[id(message.blocks[0])]  # As nearly all messages are.
            return self._notice(only) if message.is_notice else only
        parts = "\n".join(self._parts(_items(message.blocks)))
        own = [self.done[id(b)] for b in message.blocks if id(b) in self.done]
        body = Rendered(
            Markup(parts),
            "; ".join(filter(None, (one.problem for one in own))),
            " ".join(self.done[id(b)].words for b in message.blocks if isinstance(b, Text)),
        )
        return self._notice(body) if message.is_notice else body

    def _notice(self, body: Rendered) -> Rendered:
        """What nobody speaks has no words that count; an instruction is folded."""
        html = str(body.html)
        if self.message.role == SYSTEM:
            size = _word_count(body.words, self.strings)
            html = _fold(self.strings.text("System prompt"), _about(size), html, "system")
        return Rendered(Markup(html), body.problem)

    def _parts(self, items: Sequence[_Item]) -> Iterator[str]:
        for folded, group in groupby(items, key=lambda item: isinstance(item, (Thinking, _Use))):
            run = list(group)
            parts = [self._one(item) for item in run]
            if folded and len(run) >= FOLDED_STEPS:
                names = Counter(_name(item, self.strings) for item in run)
                kinds = ", ".join(
                    name if count == 1 else f"{name} ×{count}" for name, count in names.items()
                )
                failed = sum(isinstance(i, _Use) and _failed(i) for i in run)
                mark = ""
                if failed:
                    mark = f" {_mark(self.strings.text('{count} failed', count=failed))}"
                title = self.strings.text("{count} steps", count=len(run))
                yield _fold(title, _about(kinds) + mark, "\n".join(parts), "steps")
            else:
                yield from parts

    def _one(self, item: _Item) -> str:
        match item:
            case Text():
                return str(self.done[id(item)].html)
            case Thinking():
                body = self.done[id(item)].html
                size = _word_count(item.markdown, self.strings)
                title = self.strings.text("Thinking")
                return _fold(title, _about(size), str(body), "thinking")
            case Image():
                return _picture(item, self.show_remote, self.find)
            case Attachment():
                return _attachment(item, self.find)
            case _Use():
                return show_unseen(_use(item, self.strings))


def _items(blocks: Sequence[Block]) -> list[_Item]:
    """The blocks of a message, each result together with its call."""
    items: list[_Item] = []
    calls: dict[str, int] = {}
    last = -1
    for block in blocks:
        if isinstance(block, ToolCall):
            last = calls[block.id] = len(items)
            items.append(_Use(block, None))
        elif isinstance(block, ToolResult):
            place = calls.get(block.call_id, -1) if block.call_id else last
            use = items[place] if place >= 0 else None
            if isinstance(use, _Use) and use.result is None:
                items[place] = _Use(use.call, block)
            else:
                items.append(_Use(None, block))
        else:
            items.append(block)
    return items


def _name(item: _Item, strings: Strings) -> str:
    if not isinstance(item, _Use):
        return strings.text("Thinking")
    if not item.call:
        return strings.text("Result")
    return visible(" ".join(item.call.name.split())) or strings.text("Tool")


def _failed(use: _Use) -> bool:
    return use.result is not None and use.result.is_error


def _use(use: _Use, strings: Strings) -> str:
    """A tool's line, and below it what went in and what came out."""
    rest, body = "", []
    if use.call:
        argument = _argument(use.call)
        rest = f"<code>{escape(argument)}</code>" if argument else ""
        body.append(_input(use.call, strings))
    if use.result:
        body.append(_output(use.result.text, strings))
    if _failed(use):
        rest += f" {_mark(strings.text('failed'))}"
    return _fold(_name(use, strings), rest.strip(), "\n".join(filter(None, body)), "tool")


def _fields(call: ToolCall) -> dict[str, object]:
    """The fields of an input that is a JSON object."""
    if call.language != "json" or not call.input.lstrip().startswith("{"):
        return {}
    try:
        fields = json.loads(call.input)
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}


def _argument(call: ToolCall) -> str:
    """What a call is about, in one short line."""
    fields = _fields(call)
    texts = {key: value for key, value in fields.items() if isinstance(value, str)}
    named = next((texts[key] for key in ARGUMENTS if texts.get(key)), "")
    line = " ".join((named or next(iter(texts.values()), "") or call.input).split())
    if not fields and line in ("{}", "null"):
        return ""
    line = visible(line)
    return line if len(line) <= ARGUMENT_CHARS else line[: ARGUMENT_CHARS - 1].rstrip() + "…"


def _input(call: ToolCall, strings: Strings) -> str:
    """The input; texts of several lines as they are, for JSON writes them in one."""
    fields = _fields(call)
    if not any(isinstance(value, str) and "\n" in value for value in fields.values()):
        source = visible(call.input)
        if source.count("\n") > SHOWN_LINES:
            return _output(source, strings)
        if source.strip() in ("", "{}"):
            return ""
        return code_block(source, call.language, "", strings)
    parts = []
    for key, value in fields.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
        parts.append(f'<p class="field">{escape(visible(key))}</p>{_output(text, strings)}')
    return "\n".join(parts)


def _output(text: str, strings: Strings) -> str:
    """Plain text, of which lines beyond the fortieth are folded once more."""
    lines = visible(text.removesuffix("\n")).split("\n")
    if not "".join(lines).strip():
        return f'<p class="blank">{escape(strings.text("(no output)"))}</p>'
    head = _plain("\n".join(lines[:SHOWN_LINES]))
    if len(lines) <= SHOWN_LINES:
        return head
    rest = _plain("\n".join(lines[SHOWN_LINES:]))
    return head + _fold(strings.text("All {count} lines", count=len(lines)), "", rest, "rest")


def _plain(text: str) -> str:
    # A line end right after the tag would be taken for the tag's own.
    return f'<pre class="output">\n{escape(text, quote=False)}</pre>'


def _fold(name: str, rest: str, body: str, kind: str) -> str:
    """A line that opens; `rest` and `body` are HTML."""
    line = f'<span class="step-name">{escape(name)}</span>{" " + rest if rest else ""}'
    return (
        f'<details class="step {kind}"><summary>{line}</summary>\n'
        f'<div class="step-body">\n{body}\n</div></details>'
    )


def _word_count(text: str, strings: Strings) -> str:
    words = len(text.split())
    return f"{words} {strings.noun('word', words)}"


def _about(text: str) -> str:
    return f'<span class="about">{escape(text)}</span>'


def _mark(text: str) -> str:
    return f'<span class="failed">{escape(text)}</span>'


def _picture(picture: Image, show_remote: bool, find: Find | None) -> str:
    alt = visible(picture.alt)
    shown = image({"src": visible(picture.src), "alt": alt}, show_remote, False, find)
    if not shown.startswith("<img"):
        return f"<p>{shown}</p>"
    caption = f"<figcaption>{escape(alt)}</figcaption>" if alt.strip() else ""
    return f'<figure class="picture">{shown}{caption}</figure>'


def _attachment(file: Attachment, find: Find | None) -> str:
    name = escape(visible(file.name) or "file")
    href = visible(file.href)
    if LINK_SCHEME.match(href):
        shown = f'<a href="{escape(href)}" rel="{LINK_REL}">{name}</a>'
    elif find and href and (local := find(href, False)):
        if local.is_picture and not file.note:
            return _picture(Image(href, file.name), False, find)
        shown = f'<a href="{escape(local.url)}">{name}</a>'
    else:
        shown = f"<span>{name}</span>"
        if href and unescape(href) != file.name:
            shown += f' <code class="target">{escape(href)}</code>'
    note = f" {_about(visible(file.note))}" if file.note else ""
    return f'<p class="attachment">{shown}{note}</p>'
