"""How much memory a build of one very large file takes: `python -m benchmarks.memory`.

Writes a ChatGPT export of many conversations or a session of Claude Code that is one, builds a
site of it, and takes the peak of the largest process (Linux and macOS).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.measure import run
from benchmarks.words import CONTENT_WORDS

PARAGRAPH = 60
"""Words of a paragraph."""


def main() -> int:
    """Measure and print what each file took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--export-mb", type=int, default=500, help="ChatGPT's export (500)")
    parser.add_argument("--session-mb", type=int, default=100, help="Claude Code's session (100)")
    parser.add_argument("--search", action="store_true", help="make the search index too")
    parser.add_argument("--jobs", type=int, default=0, help="processes (0: one a processor)")
    args = parser.parse_args()
    for name, megabytes, write in (
        ("conversations.json", args.export_mb, write_export),
        ("session.jsonl", args.session_mb, write_session),
    ):
        if megabytes:
            with tempfile.TemporaryDirectory() as folder:
                print(measure(Path(folder), name, megabytes, write, args.search, args.jobs))
    return 0


def measure(
    root: Path, name: str, megabytes: int, write: Callable[..., None], search: bool, jobs: int
) -> str:
    """A line that says what a build of one file took."""
    (root / "content").mkdir()
    path = root / "content" / name
    write(path, megabytes * 1_000_000)
    (root / "sitegen.toml").write_text(f"[site]\nsearch = {str(search).lower()}\n")
    command = [sys.executable, "-m", "sitegen", "build", "-q", "--root", str(root)]
    used = run([*command, "--jobs", str(jobs)] if jobs else command, root)
    peak, wall = used.peak / 1_000_000, used.wall
    return f"{name}, {megabytes:,} MB: at most {peak:,.0f} MB a process, {wall:,.0f} s"


def write_export(path: Path, size: int) -> None:
    """A ChatGPT export of about this many bytes: conversations of 10 to 80 messages."""
    rng = random.Random("export")
    with path.open("w", encoding="utf-8") as file:
        for number, conversation in enumerate(_conversations(rng)):
            file.write("," if number else "[")
            file.write(json.dumps(conversation))
            if file.tell() >= size:
                break
        file.write("]")


def _conversations(rng: random.Random) -> Iterator[dict[str, Any]]:
    number = 0
    while number := number + 1:
        count = rng.choice((10, 20, 40, 80))
        nodes = {}
        for place in range(count):
            role = ("user", "assistant")[place % 2]
            text = _text(rng, (30, 400)[place % 2])
            message = {"author": {"role": role}, "content": {"parts": [text]}, "recipient": "all"}
            nodes[str(place)] = {"parent": str(place - 1) if place else None, "message": message}
        title, last = f"Talk {number}", str(count - 1)
        yield {"id": f"c{number:07}", "title": title, "current_node": last, "mapping": nodes}


def write_session(path: Path, size: int) -> None:
    """A session of Claude Code of about this many bytes, two thirds of it results of tools."""
    rng = random.Random("session")
    number = 0
    with path.open("w", encoding="utf-8") as file:
        while file.tell() < size:
            number += 1
            call: dict[str, Any] = {"type": "tool_use", "id": f"t{number}", "name": "Read"}
            result = {"type": "tool_result", "tool_use_id": f"t{number}"}
            for kind, content in (
                ("user", _text(rng, 50)),
                ("assistant", [{"type": "thinking", "thinking": _text(rng, 100)}]),
                ("assistant", [{**call, "input": {"path": "a.py"}}]),
                ("user", [{**result, "content": _text(rng, 1000)}]),
                ("assistant", [{"type": "text", "text": _text(rng, 200)}]),
            ):
                message = {"role": kind, "content": content}
                line = {"type": kind, "sessionId": "s", "message": message}
                file.write(json.dumps(line) + "\n")


def _text(rng: random.Random, words: int) -> str:
    """Paragraphs of words, and code now and then."""
    drawn = rng.choices(CONTENT_WORDS, k=words)
    parts = [" ".join(drawn[at : at + PARAGRAPH]) for at in range(0, words, PARAGRAPH)]
    code = "```python\nfor lamp in range(10):\n    print(lamp)\n```"
    return "\n\n".join([*parts, code] if rng.random() < 0.1 else parts)


if __name__ == "__main__":
    raise SystemExit(main())
