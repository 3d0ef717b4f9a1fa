"""DiscordChatExporter's JSON: a channel of a server, or a conversation of two.

Source of the format: JsonMessageWriter.cs of github.com/Tyrrrz/DiscordChatExporter. What
people typed is Markdown; names of people, roles, channels and emoji stand in it by their
ids where the exporter was told not to resolve them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sitegen.model import Block, Text, Transcript
from sitegen.readers.export import Export
from sitegen.readers.log import Entry, Log, file_block, mark_of_edit, plain, size_text
from sitegen.readers.values import mapping, sequence, string

__all__ = ["FORMAT", "is_discord", "read_discord"]

FORMAT = "discord"

NOTICES = frozenset(
    [
        *("RecipientAdd", "RecipientRemove", "Call", "ChannelNameChange", "ChannelIconChange"),
        *("ChannelPinnedMessage", "GuildMemberJoin", "ThreadCreated"),
    ]
)
"""Types of what the app itself says."""

KNOWN = (
    *("id", "type", "timestamp", "timestampEdited", "callEndedTimestamp", "isPinned", "content"),
    *("author", "attachments", "components", "embeds", "stickers", "reactions", "mentions"),
    *("reference", "forwardedMessage", "interaction", "inlineEmojis"),
)
REFERENCE = re.compile(
    r"<(?:@!?(?P<user>\d{1,20})|@&(?P<role>\d{1,20})|\#(?P<channel>\d{1,20})"
    r"|a?:(?P<emoji>\w{1,64}):\d{1,20}|t:(?P<time>-?\d{1,14})(?::\w)?)>"
)
PLAIN_SCHEME = re.compile(r"https?://[^\s<>()]+\Z")


def is_discord(samples: Sequence[Mapping[str, Any]]) -> bool:
    """Whether records are channels of a server with their messages."""
    return any(
        "guild" in sample and "channel" in sample and isinstance(sample.get("messages"), list)
        for sample in samples
    )


def read_discord(record: Mapping[str, Any], export: Export) -> Iterator[Transcript]:
    """The one transcript of a channel."""
    reader = _Reader(record, export)
    for item in sequence(record.get("messages")):
        reader.read(mapping(item))
    guild, channel = mapping(record.get("guild")), mapping(record.get("channel"))
    server, name = string(guild.get("name")), string(channel.get("name"))
    span = mapping(record.get("dateRange"))
    extra = (
        ("Server", server),
        ("Category", string(channel.get("category"))),
        ("Channel", name),
        ("Topic", string(channel.get("topic"))),
        ("Messages from", string(span.get("after"))),
        ("Messages until", string(span.get("before"))),
        ("Exported", string(record.get("exportedAt"))),
    )
    messages = reader.log.messages()
    title = " › ".join(filter(None, (server, name)))
    transcript = export.transcript(
        FORMAT, title or "Discord", messages, id=string(channel.get("id")), extra=extra
    )
    declared = record.get("messageCount")
    if isinstance(declared, int) and not isinstance(declared, bool):
        if declared != len(messages):
            export.finder.warn(
                f"the export declares {declared} messages, {len(messages)} were found",
                export.line,
                "export the channel again",
            )
        transcript = replace(transcript, declared_messages=declared)
    yield replace(
        transcript,
        participants=tuple(
            replace(person, role=person.role or "bot") if person.name in reader.bots else person
            for person in transcript.participants
        ),
    )


class _Reader:
    """Reads messages; knows everybody who is named in the export."""

    def __init__(self, record: Mapping[str, Any], export: Export) -> None:
        self.export = export
        self.log = Log(export)
        self.names: dict[str, str] = {}
        self.roles: dict[str, str] = {}
        self.bots: set[str] = set()
        people: dict[str, Mapping[str, Any]] = {}
        for item in sequence(record.get("messages")):
            said = mapping(item)
            for person in (said.get("author"), *sequence(said.get("mentions"))):
                people.setdefault(string(mapping(person).get("id")), mapping(person))
        self._name(people)

    def _name(self, people: Mapping[str, Mapping[str, Any]]) -> None:
        """Call people by their nicknames; by both names where two share one."""
        accounts: dict[str, set[str]] = {}
        for person in people.values():
            account = string(person.get("name"))
            accounts.setdefault(string(person.get("nickname")) or account, set()).add(account)
            for role in sequence(person.get("roles")):
                about = mapping(role)
                self.roles[string(about.get("id"))] = string(about.get("name"))
        for id, person in people.items():
            account = string(person.get("name"))
            label = string(person.get("nickname")) or account or id or "Unknown"
            if len(accounts.get(label, ())) > 1 and account != label:
                label = f"{label} ({account})"
            self.names[id] = self.export.text(label)
            if person.get("isBot") is True:
                self.bots.add(self.names[id])

    def read(self, said: Mapping[str, Any]) -> None:
        """Take one message."""
        export = self.export
        author = mapping(said.get("author"))
        who = self.names.get(string(author.get("id")), "") or "Unknown"
        at = export.at(said.get("timestamp"))
        entry = Entry(string(said.get("id")), who, at)
        entry.answers = string(mapping(said.get("reference")).get("messageId"))
        entry.marks += mark_of_edit(export.at(said.get("timestampEdited")))
        if said.get("isPinned") is True:
            entry.marks.append("pinned")
        text = self._resolved(said.get("content"))
        if string(said.get("type")) in NOTICES:
            entry.speaker, entry.answers = "", ""
            entry.blocks.append(plain(f"{who}: {text}"))
        elif text:
            entry.blocks.append(Text(text, hard_breaks=True))
        self._parts(said, entry)
        self._forwarded(mapping(said.get("forwardedMessage")), entry)
        self._marks(said, entry)
        self.log.pass_over_unknown(said, KNOWN)
        self.log.entries.append(entry)

    def _resolved(self, value: object) -> str:
        """Text with names instead of ids."""
        return REFERENCE.sub(self._called, self.export.text(value))

    def _called(self, reference: re.Match[str]) -> str:
        if id := reference["user"]:
            return f"@{self.names[id]}" if id in self.names else reference[0]
        if id := reference["role"]:
            return f"@{self.roles[id]}" if id in self.roles else reference[0]
        if reference["emoji"]:
            return f":{reference['emoji']}:"
        if reference["time"] and (at := self.export.at(reference["time"])):
            return f"{at:%Y-%m-%d %H:%M} {at.tzname() or ''}".rstrip()
        return reference[0]

    def _parts(self, said: Mapping[str, Any], entry: Entry) -> None:
        """What was sent beside the text."""
        for item in sequence(said.get("attachments")):
            file = mapping(item)
            name, note = string(file.get("fileName")), size_text(file.get("fileSizeBytes"))
            entry.blocks.append(file_block(name, string(file.get("url")), note))
        for item in sequence(said.get("embeds")):
            entry.blocks += self._embed(mapping(item))
        for item in sequence(said.get("stickers")):
            sticker = mapping(item)
            entry.blocks.append(
                file_block(
                    f"sticker {string(sticker.get('name'))}", string(sticker.get("sourceUrl"))
                )
            )

    def _embed(self, embed: Mapping[str, Any]) -> Iterator[Block]:
        """A card below a message, as a quotation."""
        author, footer = mapping(embed.get("author")), mapping(embed.get("footer"))
        title, url = self._resolved(embed.get("title")), string(embed.get("url"))
        address = f"<{url}>" if PLAIN_SCHEME.match(url) else url
        lines = [self.export.text(author.get("name"))]
        lines += [f"**{title}**" if title.strip() else "", address]
        lines += self._resolved(embed.get("description")).split("\n")
        for item in sequence(embed.get("fields")):
            about = mapping(item)
            name = self._resolved(about.get("name")).strip()
            lines += [
                f"**{name}**" if name else "",
                *self._resolved(about.get("value")).split("\n"),
            ]
        lines.append(self.export.text(footer.get("text")))
        quoted = "\n".join(f"> {line}" for line in lines if line.strip())
        if quoted:
            yield Text(quoted, hard_breaks=True)
        pictures = [embed.get("thumbnail"), embed.get("image"), *sequence(embed.get("images"))]
        seen = Counter(string(mapping(p).get("url")) for p in pictures if mapping(p).get("url"))
        for picture in seen:
            yield file_block(picture.rpartition("/")[2].partition("?")[0], picture)
        if video := string(mapping(embed.get("video")).get("url")):
            yield file_block("video", video)

    def _forwarded(self, said: Mapping[str, Any], entry: Entry) -> None:
        if not said:
            return
        at = self.export.at(said.get("timestamp"))
        when = f" of {at:%Y-%m-%d %H:%M} {at.tzname() or ''}".rstrip() if at else ""
        entry.marks.append(f"forwards a message{when}")
        entry.answers = ""
        if text := self._resolved(said.get("content")):
            quoted = "\n".join(f"> {line}" for line in text.split("\n"))
            entry.blocks.append(Text(quoted, hard_breaks=True))
        self._parts(said, entry)

    def _marks(self, said: Mapping[str, Any], entry: Entry) -> None:
        for item in sequence(said.get("reactions")):
            reaction = mapping(item)
            emoji = mapping(reaction.get("emoji"))
            name = string(emoji.get("name"))
            shown = f":{name}:" if string(emoji.get("id")) else name
            entry.marks.append(f"{shown} {string(reaction.get('count'))}".strip())
        interaction = mapping(said.get("interaction"))
        if interaction:
            user = mapping(interaction.get("user"))
            who = string(user.get("nickname")) or string(user.get("name"))
            entry.marks.append(f"answers /{string(interaction.get('name'))} of {who}")
        waiting = list(sequence(said.get("components")))
        while waiting:
            component = mapping(waiting.pop(0))
            waiting = [*sequence(component.get("components")), *waiting]
            if label := string(component.get("label")):
                entry.marks.append(f"button “{label}” {string(component.get('url'))}".strip())
