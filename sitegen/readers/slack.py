"""Slack's export: a folder for each channel, a file for each day, `users.json` for the names.

Source of the format: Slack's help ("How to read Slack data exports") and its documents on
message events. A channel is one transcript; answers in a thread stand where they were
written, and say what they answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sitegen.model import Block, Text, Transcript
from sitegen.readers.content import Record
from sitegen.readers.export import Export
from sitegen.readers.log import Entry, Log, file_block, mark_of_edit, plain, size_text
from sitegen.readers.mrkdwn import mrkdwn_runs
from sitegen.readers.rich import Run, join_runs
from sitegen.readers.values import mapping, sequence, string

__all__ = [
    "FORMAT",
    "Workspace",
    "is_slack_day",
    "is_slack_dump",
    "read_channel",
    "read_slack_day",
    "read_slack_dump",
]

FORMAT = "slack"

STAMP = re.compile(r"(\d{1,12})(?:\.(\d{1,9}))?")
NOTICES = re.compile(
    r"(?:channel|group)_(?:join|leave|topic|purpose|name|archive|unarchive|convert_to_\w+|"
    r"posting_permissions|canvas_updated)|(?:un)?pinned_item|bot_add|bot_remove|"
    r"bot_enable|bot_disable|reminder_add|sh_room_\w+|huddle_thread|document_mention"
)
"""Subtypes of what the app itself says."""

ACCOUNT = ("USLACKBOT", "Slackbot")


@dataclass(slots=True)
class Workspace:
    """Who and what the ids of an export are."""

    people: dict[str, str] = field(default_factory=lambda: dict([ACCOUNT]))
    """Names by id."""
    channels: dict[str, str] = field(default_factory=dict)
    """Names of channels by id."""
    about: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """What is known of a channel, by its folder."""

    def learn_people(self, users: object) -> None:
        """Take the names of `users.json`."""
        for item in sequence(users):
            user = mapping(item)
            if name := _name(user):
                self.people[string(user.get("id"))] = name

    def learn_channels(self, channels: object) -> None:
        """Take the channels of `channels.json` and its like."""
        for item in sequence(channels):
            channel = mapping(item)
            id, name = string(channel.get("id")), string(channel.get("name"))
            self.about[name or id] = self.about[id] = channel
            if name:
                self.channels[id] = name


def _name(user: Mapping[str, Any]) -> str:
    """What Slack calls a person."""
    profile = mapping(user.get("profile")) or user
    keys = ("display_name", "real_name", "name")
    return next(
        (n for about in (profile, user) for key in keys if (n := string(about.get(key)).strip())),
        "",
    )


def is_slack_day(samples: Sequence[Mapping[str, Any]]) -> bool:
    """Whether records are the messages of a day."""
    return bool(samples) and all(
        sample.get("type") == "message" and STAMP.fullmatch(string(sample.get("ts")))
        for sample in samples
    )


def read_slack_day(
    lines: Iterable[tuple[Record, Mapping[str, Any]]], export: Export
) -> Iterator[Transcript]:
    """The transcript of one day's file without the rest of its export."""
    said = [line for _, line in lines]
    yield read_channel("", said, Workspace(), export)


def is_slack_dump(samples: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a record is a channel as slackdump writes it: `{channel_id, name, messages}`."""
    return any(
        is_slack_day([mapping(item) for item in sequence(sample.get("messages"))[:3]])
        for sample in samples
    )


def read_slack_dump(record: Mapping[str, Any], export: Export) -> Iterator[Transcript]:
    """The transcript of a channel whose threads stand within their first messages."""
    workspace = Workspace()
    name = string(record.get("name"))
    workspace.learn_channels([{"id": record.get("channel_id"), "name": name}])
    said: list[object] = []
    for item in sequence(record.get("messages")):
        said += [item, *sequence(mapping(item).get("slackdump_thread_replies"))]
    yield read_channel(name, said, workspace, export)


def read_channel(
    folder: str, said: Iterable[object], workspace: Workspace, export: Export, slug: str = ""
) -> Transcript:
    """The transcript of a channel, in the order of time."""
    messages = [mapping(item) for item in said]
    reader = _Reader(workspace, export)
    for message in sorted(messages, key=_time):
        reader.read(message)
    about = workspace.about.get(folder, {})
    members = [
        workspace.people.get(string(id), string(id)) for id in sequence(about.get("members"))
    ]
    channel = string(about.get("name")) or folder
    is_talk = about and not about.get("name")
    title = " ↔ ".join(members) if is_talk else f"#{channel}" if channel else ""
    extra = (
        ("Channel", "" if is_talk else channel),
        ("Topic", export.text(mapping(about.get("topic")).get("value"))),
        ("Purpose", export.text(mapping(about.get("purpose")).get("value"))),
    )
    return export.transcript(
        FORMAT, title or "Slack", reader.log.messages(), slug=slug, extra=extra
    )


def _time(said: Mapping[str, Any]) -> tuple[int, int]:
    found = STAMP.fullmatch(string(said.get("ts")))
    return (int(found[1]), int((found[2] or "").ljust(9, "0"))) if found else (0, 0)


class _Reader:
    def __init__(self, workspace: Workspace, export: Export) -> None:
        self.workspace = workspace
        self.export = export
        self.log = Log(export)

    def read(self, said: Mapping[str, Any]) -> None:
        """Take one message."""
        export, stamp = self.export, string(said.get("ts"))
        kind = string(said.get("subtype"))
        entry = Entry(stamp, self._speaker(said), export.at(stamp))
        thread = string(said.get("thread_ts"))
        entry.answers = thread if thread != stamp else ""
        entry.blocks += self._blocks(said, kind == "me_message")
        if NOTICES.fullmatch(kind):
            if f"<@{said.get('user')}" not in string(said.get("text")):
                entry.blocks.insert(0, plain(f"{entry.speaker}:"))
            entry.speaker, entry.answers = "", ""
        if kind == "thread_broadcast":
            entry.marks.append("also sent to the channel")
        if kind in ("tombstone", "message_deleted"):
            entry.marks.append("deleted")
        entry.marks += mark_of_edit(export.at(mapping(said.get("edited")).get("ts")))
        if said.get("pinned_to"):
            entry.marks.append("pinned")
        for item in sequence(said.get("reactions")):
            reaction = mapping(item)
            entry.marks.append(f":{reaction.get('name')}: {string(reaction.get('count'))}".strip())
        self.log.entries.append(entry)

    def _speaker(self, said: Mapping[str, Any]) -> str:
        id = string(said.get("user"))
        names = (
            self.workspace.people.get(id, ""),
            _name(mapping(said.get("user_profile"))),
            string(said.get("username")),
            string(mapping(said.get("bot_profile")).get("name")),
            id,
            string(said.get("bot_id")),
        )
        if not id:  # A bot speaks under the name that it gives itself.
            names = (names[2], *names[:2], *names[3:])
        return self.export.text(next(filter(None, names), "Unknown"))

    def _runs(self, value: object) -> list[Run]:
        return mrkdwn_runs(self.export.text(value), self.workspace.people, self.workspace.channels)

    def _blocks(self, said: Mapping[str, Any], is_act: bool) -> Iterator[Block]:
        """The text, and what was sent with it."""
        runs = self._runs(said.get("text"))
        text = join_runs(runs)
        if is_act and not any(run.style for run in runs):
            text = join_runs([Run("".join(run.text for run in runs), "italic")])
        if text.markdown:
            yield text
        cards = [card for item in sequence(said.get("attachments")) for card in self._card(item)]
        if not text.markdown and not cards:
            layout = [text for item in sequence(said.get("blocks")) for text in _texts(item)]
            if layout:
                yield join_runs(self._runs("\n".join(layout)))
        yield from cards
        files = [*sequence(said.get("files")), said.get("file")]
        for item in files:
            file = mapping(item)
            if not file:
                continue
            name = string(file.get("name")) or string(file.get("title")) or "file"
            address = string(file.get("url_private")) or string(file.get("permalink"))
            kept = "" if file.get("mode") not in ("tombstone", "hidden_by_limit") else "not kept"
            note = ", ".join(filter(None, (kept, size_text(file.get("size")))))
            yield file_block(self.export.text(name), address, note)
            for key in ("preview", "initial_comment"):
                inside = file.get(key)
                value = inside if isinstance(inside, str) else mapping(inside).get("comment")
                if self.export.text(value).strip():
                    yield join_runs(self._runs(value))

    def _card(self, item: object) -> Iterator[Block]:
        """A card below a message, or the preview of a page, as a quotation."""
        card = mapping(item)
        lines = [card.get("pretext"), card.get("author_name"), card.get("title")]
        lines += [card.get("title_link") or card.get("from_url"), card.get("text")]
        for each in sequence(card.get("fields")):
            lines += [mapping(each).get("title"), mapping(each).get("value")]
        layout = [*sequence(card.get("blocks")), *sequence(card.get("message_blocks"))]
        if not card.get("text"):
            lines += [text for block in layout for text in _texts(block)]
        lines.append(card.get("footer"))
        if not any(lines):
            lines = [card.get("fallback")]
        runs = [run for line in lines if line for run in (*self._runs(line), Run("\n"))]
        text = "".join(run.text for run in runs).strip("\n")
        if text:
            yield Text(join_runs([Run(text, "quote")]).markdown, hard_breaks=True)
        for key in ("image_url", "thumb_url"):
            if address := string(card.get(key)):
                yield file_block(address.rpartition("/")[2].partition("?")[0], address)
                break


def _texts(block: object, depth: int = 0) -> Iterator[str]:
    """The texts of a layout of blocks, outermost first."""
    about = mapping(block)
    if depth > 20:
        return
    text = about.get("text")
    if isinstance(text, str):
        yield text
    elif isinstance(text, dict):
        yield string(text.get("text"))
    for key in ("elements", "fields"):
        inner = sequence(about.get(key))
        if about.get("type") in ("rich_text_section", "rich_text_preformatted"):
            yield "".join(t for item in inner for t in _texts(item, depth + 1))
        else:
            for item in inner:
                yield from _texts(item, depth + 1)
