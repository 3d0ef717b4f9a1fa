"""A project whose every field is hostile."""

from __future__ import annotations

from collections.abc import Iterator

from vectors import LINKS, VECTORS

A_FILE = 12
"""Vectors a file holds."""


def project() -> dict[str, str]:
    """The files of a site in which each vector stands in every field there is."""
    every = (*VECTORS, *LINKS)
    groups = [every[start : start + A_FILE] for start in range(0, len(every), A_FILE)]
    files = {
        f"content/{_file_name(group[0], number)}.md": _transcript(number, group)
        for number, group in enumerate(groups)
    }
    for number, group in enumerate(groups[:10]):
        files[f"content/folder {number} {_file_name(group[1], number)}/plain.txt"] = "\n".join(
            group
        )
    files["content/pages/index.md"] = _page(every[:40])
    files["content/pages/about.md"] = _page(every[40:200])
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
