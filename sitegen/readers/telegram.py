"""Telegram Desktop's JSON export: one chat, or all of a person's.

Source of the format: export_output_json.cpp of github.com/telegramdesktop/tdesktop. A text
is a string, or a list of strings and styled pieces; nothing in it is Markdown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sitegen.model import Text, Transcript
from sitegen.readers.export import Export
from sitegen.readers.log import Entry, Log, file_block, mark_of_edit, plain, size_text
from sitegen.readers.rich import Run, Style, join_runs
from sitegen.readers.values import mapping, pretty, sequence, string

__all__ = ["FORMAT", "is_telegram", "read_telegram"]

FORMAT = "telegram"

STYLES: Mapping[str, Style] = {
    "bold": "bold",
    "italic": "italic",
    "strikethrough": "strike",
    "code": "code",
    "pre": "pre",
    "blockquote": "quote",
    "text_link": "link",
}
"""Kinds of text that Markdown has; all others are shown as plain text."""

ACTIONS = {
    "create_group": "created the group",
    "create_channel": "created the channel",
    "edit_group_title": "changed the title to",
    "edit_group_photo": "changed the picture",
    "delete_group_photo": "deleted the picture",
    "invite_members": "invited",
    "remove_members": "removed",
    "join_group_by_link": "joined by a link",
    "join_group_by_request": "was let in",
    "pin_message": "pinned a message",
    "phone_call": "called",
    "group_call": "started a group call",
    "clear_history": "cleared the history",
    "joined_telegram": "joined Telegram",
    "migrate_to_supergroup": "made it a supergroup",
    "topic_created": "began the topic",
    "topic_edit": "changed the topic",
}
COMMON = (
    *("id", "type", "date", "date_unixtime", "edited", "edited_unixtime", "from", "from_id"),
    *("actor", "actor_id", "action", "text", "text_entities", "reactions", "reply_to_message_id"),
    *("reply_to_peer_id", "forwarded_from", "forwarded_from_id", "saved_from", "via_bot", "author"),
)
MEDIA = (
    *("photo", "photo_file_size", "file", "file_name", "file_size", "media_type", "mime_type"),
    *("sticker_emoji", "width", "height", "duration_seconds", "thumbnail", "thumbnail_file_size"),
    *("performer", "title", "poll", "contact_information", "contact_vcard", "place_name"),
    *("contact_vcard_file_size", "location_information", "address", "game_title"),
    *("game_description", "game_link", "invoice_information", "inline_bot_buttons"),
    *("live_location_period_seconds", "self_destruct_period_seconds", "media_spoiler"),
)


def is_telegram(samples: Sequence[Mapping[str, Any]]) -> bool:
    """Whether records are chats of Telegram, or a person's whole export."""
    return any(_chats(sample) for sample in samples)


def _is_chat(chat: Mapping[str, Any]) -> bool:
    said = [mapping(item) for item in sequence(chat.get("messages"))[:5]]
    typed = all(one.get("type") in ("message", "service", "unsupported") for one in said)
    dated = all(("date" in one or "date_unixtime" in one) and "text" in one for one in said)
    has_place = "type" in chat and "id" in chat
    return (
        (has_place or (dated and bool(said)))
        and typed
        and (bool(said) or "name" in chat)
        and "messages" in chat
    )


def _chats(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if _is_chat(record):
        return [record]
    lists = [mapping(record.get(key)).get("list") for key in ("chats", "left_chats")]
    return [chat for items in lists for item in sequence(items) if _is_chat(chat := mapping(item))]


def read_telegram(record: Mapping[str, Any], export: Export) -> Iterator[Transcript]:
    """A transcript of each chat."""
    chats = _chats(record)
    whole = chats and chats[0] is record
    if not whole:
        for key in ("personal_information", "contacts", "sessions", "profile_pictures"):
            if record.get(key):
                export.pass_over(f"the account's `{key}`")
    for index, chat in enumerate(chats):
        if not whole:
            export.index = index
        log = Log(export)
        for item in sequence(chat.get("messages")):
            _read(mapping(item), log)
        kind = string(chat.get("type")).replace("_", " ")
        title = string(chat.get("name"))
        if not title and string(chat.get("type")) == "saved_messages":
            title = "Saved messages"
        yield export.transcript(
            FORMAT,
            title or "Telegram",
            log.messages(),
            id=string(chat.get("id")),
            extra=(("Chat", kind),),
        )


def _read(said: Mapping[str, Any], log: Log) -> None:
    export = log.export
    at = export.at(said.get("date_unixtime")) or export.at(said.get("date"))
    entry = Entry(string(said.get("id")), "", at)
    kind = string(said.get("type"))
    if kind == "service":
        entry.blocks.append(plain(_service(said, export)))
    elif kind == "unsupported":
        entry.blocks.append(plain("(a message of a kind that Telegram does not export)"))
    else:
        entry.speaker = export.text(said.get("from")) or _unnamed(said)
        entry.answers = string(said.get("reply_to_message_id"))
        if string(said.get("reply_to_peer_id")):
            entry.answers = f"{said.get('reply_to_peer_id')} {entry.answers}"
        _media(said, entry, log)
        log.pass_over_unknown(said, (*COMMON, *MEDIA))
    text = _text(said.get("text"), export)
    if text.markdown:
        entry.blocks.insert(0, text) if kind != "service" else entry.blocks.append(text)
    _marks(said, entry, export)
    log.entries.append(entry)


def _unnamed(said: Mapping[str, Any]) -> str:
    return string(said.get("author")) or string(said.get("from_id")) or "Deleted account"


def _text(value: object, export: Export) -> Text:
    """A string, or pieces of which some have a style."""
    if isinstance(value, str):
        return plain(export.text(value))
    runs = []
    for piece in sequence(value):
        if isinstance(piece, str):
            runs.append(Run(export.text(piece)))
            continue
        about = mapping(piece)
        style = STYLES.get(string(about.get("type")), "")
        more = about.get("href") if style == "link" else about.get("language")
        address = string(more) if style in ("link", "pre") else ""
        runs.append(Run(export.text(about.get("text")), style, address))
    return join_runs(runs)


def _service(said: Mapping[str, Any], export: Export) -> str:
    """What happened, in words: who, what, and all that the export says of it."""
    who = export.text(said.get("actor") or said.get("from"))
    action = string(said.get("action"))
    what = ACTIONS.get(action, action.replace("_", " "))
    details, facts = [], []
    for key, value in said.items():
        if key in COMMON or key.endswith("_id") or value in (None, "", [], {}):
            continue
        shown = ", ".join(string(v) or "?" for v in value) if isinstance(value, list) else value
        text = export.text(shown) if isinstance(shown, str) else pretty(shown)
        if key in ("title", "members", "new_title", "information_text"):
            details.append(text)
        else:
            facts.append(f"{key.replace('_', ' ')}: {text}")
    more = f"({'; '.join(facts)})" if facts else ""
    return " ".join(filter(None, (who, what, "; ".join(details), more))) or "(a service message)"


def _media(said: Mapping[str, Any], entry: Entry, log: Log) -> None:
    """What was sent beside the text."""
    export = log.export
    for key in ("photo", "file", "contact_vcard"):
        path = export.text(said.get(key))
        if not path:
            continue
        kind = export.text(said.get("media_type")).replace("_", " ") or key
        name = export.text(said.get("file_name")) if key == "file" else ""
        if path.startswith("("):  # "(File not included. Change data exporting settings …)"
            entry.blocks.append(file_block(name or kind, "", path.strip("()")))
            continue
        seconds = string(said.get("duration_seconds"))
        song = (export.text(said.get("performer")), export.text(said.get("title")))
        facts = (size_text(said.get(f"{key}_size")), f"{seconds} s" if seconds else "")
        emoji = export.text(said.get("sticker_emoji"))
        known = (kind if said.get("media_type") else "", emoji, *song, *facts)
        note = ", ".join(filter(None, known))
        entry.blocks.append(file_block(name or path.rpartition("/")[2], path, note))
    for key in ("poll", "contact_information", "location_information", "invoice_information"):
        about = mapping(said.get(key))
        if about:
            entry.blocks.append(plain(_card(key, about, export)))
    for key in ("place_name", "address", "game_title", "game_description", "game_link"):
        if value := export.text(said.get(key)):
            entry.blocks.append(plain(value))
    for row in sequence(said.get("inline_bot_buttons")):
        for button in sequence(row):
            entry.marks.append(f"button “{export.text(mapping(button).get('text'))}”")


def _card(kind: str, about: Mapping[str, Any], export: Export) -> str:
    """A poll, a contact, a place or a bill as lines of text."""
    lines = []
    for key, value in about.items():
        if key == "answers":
            for item in sequence(value):
                answer = mapping(item)
                voters = string(answer.get("voters")) or "0"
                lines.append(f"- {export.text(answer.get('text'))}: {voters}")
        elif kind == "poll" and key == "question":
            lines.append(export.text(value))
        elif value not in (None, ""):
            text = export.text(value) if isinstance(value, str) else pretty(value)
            lines.append(f"{key.replace('_', ' ')}: {text}")
    return "\n".join(lines)


def _marks(said: Mapping[str, Any], entry: Entry, export: Export) -> None:
    source = export.text(said.get("forwarded_from"))
    if source or "forwarded_from" in said:
        entry.marks.append(f"forwarded from {source or 'a deleted account'}")
    if saved := export.text(said.get("saved_from")):
        entry.marks.append(f"saved from {saved}")
    if bot := export.text(said.get("via_bot")):
        entry.marks.append(f"via {bot}")
    signature = export.text(said.get("author"))
    if signature and signature != entry.speaker:
        entry.marks.append(f"signed {signature}")
    entry.marks += mark_of_edit(
        export.at(said.get("edited_unixtime")) or export.at(said.get("edited"))
    )
    for item in sequence(said.get("reactions")):
        reaction = mapping(item)
        shown = export.text(reaction.get("emoji")) or string(reaction.get("type"))
        entry.marks.append(f"{shown} {string(reaction.get('count'))}".strip())
