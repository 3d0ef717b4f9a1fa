"""A project whose every field is hostile."""

from __future__ import annotations

from collections.abc import Iterator

from planting import bases, fields, formats, places
from vectors import LINKS, VECTORS

EVERY = (*VECTORS, *LINKS)

A_FILE = 12
"""Vectors a file holds."""

LONG = frozenset(
    [
        *("Text.markdown", "Thinking.markdown", "ToolCall.input", "ToolResult.text"),
        *("Transcript.preamble", "Transcript.note"),
    ]
)
"""The fields that hold texts of any length."""


def of_every_format(start: int = 0) -> dict[str, str | bytes]:
    """The files of a site in which each format has every vector in its bodies.

    Its other fields have one each, which `start` chooses.
    """
    files: dict[str, str | bytes] = {}
    seen: set[str] = set()
    for folder, name in enumerate(bases()):
        if formats(name) <= seen:
            continue
        seen |= formats(name)
        base, known = bases()[name], fields(name)
        bodies = [place for place, found in known.items() if found and found <= LONG]
        texts = {place: EVERY[(start + n) % len(EVERY)] for n, place in enumerate(known, folder)}
        for number, place in enumerate(bodies):
            texts[place] = "\n\n".join(EVERY[number :: len(bodies)])
        files[f"content/{folder}/{base.file}"] = base.planted(texts)
    return files | _around()


def one_rotation(start: int) -> dict[str, str | bytes]:
    """The files of a site in which each place of each format holds one vector.

    Over `len(EVERY)` rotations each place has each vector.
    """
    files: dict[str, str | bytes] = {}
    for folder, name in enumerate(bases()):
        texts = {
            place: EVERY[(start + 31 * folder + number) % len(EVERY)]
            for number, place in enumerate(places(name))
        }
        base = bases()[name]
        files[f"content/{folder}/{base.file}"] = base.planted(texts)
    return files | _around()


def _around() -> dict[str, str | bytes]:
    """What a project has beside its transcripts: settings, and pages that show several."""
    some = EVERY[::40]
    names = "".join(
        f"[participants.{_quoted(vector)}]\navatar = {_quoted(_line(vector)[:2])}\n"
        f"model = {_quoted(vector)}\nurl = {_quoted(f'https://x.example/?{_line(vector)}')}\n"
        f"[labels.{_quoted(vector)}]\nexplanation = {_quoted(vector)}\n"
        for vector in some
    )
    site = "".join(f"{key} = {_quoted(SCRIPT)}\n" for key in ("title", "description", "author"))
    rules = "".join(
        f'[[sources]]\nfiles = "{n}/**"\ntags = [{_quoted(vector)}]\n'
        for n, vector in enumerate(some)
    )
    # Samples of one transcript each, which pages can show side by side.
    names_of = {name: f"{n}/{base.file}" for n, (name, base) in enumerate(bases().items())}
    pairs = (("codex", "pi"), ("gemini-cli", "cursor"), ("vscode-copilot", "chats/cascade.md"))
    stapled: dict[str, str | bytes] = {}
    for n, (one, other) in enumerate(pairs):
        stapled[f"content/pages/staple-{n}.md"] = (
            f"---\ntitle: {_quoted(EVERY[n])}\nstaple: [{names_of[one]}, {names_of[other]}]\n"
            f"---\n{EVERY[-n]}\n"
        )
    return {"sitegen.toml": f"[site]\n{site}{names}{rules}", **stapled}


SCRIPT = "</title></script><script>window.__pwned=1</script><img src=x onerror=window.__pwned=1>\"'"


def project() -> dict[str, str]:
    """The files of a site in which each vector stands in every field there is."""
    groups = [EVERY[start : start + A_FILE] for start in range(0, len(EVERY), A_FILE)]
    files = {
        f"content/{_file_name(group[0], number)}.md": _transcript(number, group)
        for number, group in enumerate(groups)
    }
    for number, group in enumerate(groups[:10]):
        files[f"content/folder {number} {_file_name(group[1], number)}/plain.txt"] = "\n".join(
            group
        )
    files["content/pages/index.md"] = _page(EVERY[:40])
    files["content/pages/about.md"] = _page(EVERY[40:200])
    return files


def _transcript(number: int, group: tuple[str, ...]) -> str:
    """One file: the group in its front matter, in its headers, names and messages."""
    names = [_line(vector) for vector in group]
    lines = [
        "---",
        f"title: {_quoted(' '.join(group[:2]))}",
        f"summary: {_quoted(' '.join(group[2:5]))}",
        f"note: {_quoted(chr(10).join(f'{vector}{chr(10)}' for vector in group))}",
        f"language: {_quoted(group[0])}",
        f"slug: {_quoted(f'{number} {group[1]}')}",
        f"tags: [{', '.join(map(_quoted, group))}]",
        f"labels: [{', '.join(map(_quoted, group))}]",
        "participants:",
        *(
            f"  - {{name: {_quoted(name)}, role: {_quoted(name)}, model: {_quoted(name)}}}"
            for name in names
        ),
        *(
            f"{_quoted(f'key {number} {_line(v)[:90]}')}: {_quoted(v)}"
            for number, v in enumerate(group)
        ),
        "---",
        f"# {_line(group[0])} ↔ {_line(group[1])}",
        "",
        *(f"**{_line(vector)[:70].replace('*', '')}:** {_line(vector)}" for vector in group),
        "",
        _line(group[2]),
        "",
        "---",
        "",
        *_messages(names, group),
    ]
    return "\n".join(lines)


def _messages(names: list[str], group: tuple[str, ...]) -> Iterator[str]:
    for name, vector in zip(names, group, strict=True):
        yield f"### {name}\n\n{vector}\n\n---\n"


def _page(group: tuple[str, ...]) -> str:
    """An authored page; its author means well, but quotes what others wrote."""
    return f"---\ntitle: {_quoted(group[0])}\nsummary: {_quoted(group[1])}\n---\n" + "\n\n".join(
        group
    )


def _line(text: str) -> str:
    """The text on one line, as names and headers must be."""
    return " ".join(text.split())[:400].strip() or "blank"


def _quoted(text: str) -> str:
    """A YAML string with every sign that YAML would refuse written as an escape."""
    kept = (c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08X}" for c in text[:2000])
    return f'"{"".join(kept)}"'


def _file_name(text: str, number: int) -> str:
    """The text as a file's name, as far as a file system takes it."""
    name = "".join(c for c in text if c.isprintable() and c != "/")
    return f"{number} {name.encode()[:120].decode(errors='ignore')}".strip()
