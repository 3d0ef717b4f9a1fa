"""Texts that are made to hang or to fill the memory of what reads them, and what they cost.

`python tests/pathological.py` prints the costliest; docs/reliability.md has the numbers.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from multiprocessing.connection import Connection
from pathlib import Path

from planting import Base, bases, fields

from sitegen.builder import Builder
from sitegen.cache import Cache
from sitegen.check.inspect import Inspection
from sitegen.config import load_config

LIMIT = 10
"""Seconds after which a case is ended."""

COUNT = 100_000
FITS = 60_000
"""Bytes that front matter takes; more are refused unread."""

MARKS = ("[", "![", "[a](", "*", "_", "`", "<", ">", "|", "#", "-", "$", "\\(", "&")
MORE_MARKS = ("\\[", "~", "^", ":", "!", "$$", "**a ", "[^", "<!--", "](", "\\", "~~a", "&#x;")
WORDS = ("[a] ", "`a ", "<a ", "a|", "# a ", "- a ", "$a ", "$a$ ", "www.a.b ", "a@b.c ", "\u202e")
NESTS = {
    "brackets": "[" * 50_000 + "a" + "]" * 50_000,
    "images": "![" * 33_000 + "a" + "](b)" * 33_000,
    "links": "[" * 25_000 + "a" + "](b)" * 25_000,
    "parentheses": "[a](" + "(" * 50_000 + ")" * 50_000,
    "emphasis": "*a **a " * 15_000,
    "emphasis, closed": "*a _b " * 12_000 + "_ *" * 12_000,
    "backticks of every length": " ".join("`" * length for length in range(440)),
    "formulas": "$" + "{" * 50_000 + "}" * 50_000 + "$",
    "fractions": "$" + "\\frac{1}{" * 5_000 + "}" * 5_000 + "$",
    "tags": "<a>" * 16_000 + "</a>" * 16_000,
    "mixed": "[(<`*_$|#>-" * 9_000,
    "entities": "&amp;" * 20_000,
    "escapes": "\\\\\\`" * 25_000,
    "references": "[a][b] " * 14_000,
}
BLOCKS = {
    "quotations": "> " * 50_000 + "a",
    "quotations and lists": "> - " * 25_000 + "a",
    "lists": "- " * 50_000 + "a",
    "lists, deeper by lines": "".join("  " * depth + "- a\n" for depth in range(440)),
    "fences": "```\n" * 25_000,
    "headings": "# a\n" * 25_000,
    "rules": "---\n" * 25_000,
    "definitions": "".join(f"[r{n}]: http://a.org/{n}\n" for n in range(4000)),
    "definitions, one label": "[a]: b\n" * 14_000,
    "rows": "|a|b|\n" * 16_000,
    "wide table": "|a" * 2000 + "\n" + "|-" * 2000 + "\n" + "|b\n" * 30_000,
    "tables": "|a|\n|-|\n|b|\n\n" * 7_000,
    "items": "1. a\n" * 20_000,
    "tasks": "- [ ] a\n" * 12_500,
    "alerts": "> [!NOTE]\n> a\n\n" * 6_000,
    "code": "    a\n" * 16_000,
    "raw HTML": "<div>\n" * 16_000,
    "footnotes": "[^1]: a\n" * 12_000,
    "blank lines": "\n" * COUNT,
    "speakers": "---\n\n### Ada\n\n" * 7_000,
    "distinct speakers": "".join(f"---\n\n### Voice {n}\n\n" for n in range(5_000)),
    "look-alikes": "".join(f"### Voice {n}\n\n" for n in range(6_000)),
    "speakers of one address": "".join(
        f"---\n\n### {'!' * (n % 70)}a{'?' * (n // 70)}\n\n" for n in range(4_000)
    ),
    "headers": "".join(f"**H{n}:** v\n" for n in range(8_000)),
}
LANGUAGES = ("python", "js", "html", "bash", "json", "c", "css", "sql", "diff", "rust", "yaml")


@dataclass(frozen=True)
class Cost:
    """What it took to build a site of one text."""

    seconds: float
    """Processor time."""
    megabytes: float
    """Memory beyond that of a process that has built another site."""


def texts() -> dict[str, str]:
    """Every text, by its name."""
    runs = {f"{COUNT:,} of {mark}": mark * COUNT for mark in MARKS}
    runs |= {
        f"100,000 bytes of {word}": word * (COUNT // len(word)) for word in (*MORE_MARKS, *WORDS)
    }
    lines = {f"20,000 lines of {mark}": f"{mark}\n" * 20_000 for mark in MARKS}
    return runs | lines | {f"nested {name}": text for name, text in NESTS.items()} | BLOCKS


def cases() -> Iterator[tuple[str, dict[str, str]]]:
    """Name and files of every project."""
    for name, text in texts().items():
        for engine in ("commonmark", "markdown"):
            config = f'[markup]\nengine = "{engine}"'
            body = f"# A ↔ B\n\n---\n\n### A\n\n{text}\n\n---\n\n### B\n\nEnd.\n\n---\n"
            yield f"{engine}: {name}", {"sitegen.toml": config, "content/a.md": body}
        yield f"plain: {name}", {"content/a.txt": text}
        yield f"page: {name}", {"content/pages/p.md": f"# P\n\n{text}", "content/a.md": "x"}
        if "\n" not in text:
            for place, made in HEADS.items():
                yield f"{place}: {name}", {"content/a.md": made(text)}
    for language in LANGUAGES:
        for name, text in texts().items():
            if name.startswith(f"{COUNT:,}") or name in ("nested mixed", "rows"):
                body = f"### A\n\n```{language}\n{text}\n```\n\n---\n\n### A\n\nEnd.\n"
                yield f"{language}: {name}", {"content/a.md": body}
    yield from _documents()
    for name, text in _deep().items():
        yield f"JSON: {name}", {"content/a.json": text}


def exports() -> dict[str, Callable[[str], Mapping[str, str | bytes]]]:
    """For each field of each format: what makes a project with a text in that field."""

    def planting(base: Base, place: str) -> Callable[[str], Mapping[str, str | bytes]]:
        return lambda text: {f"content/{base.file}": base.planted({place: text})}

    return {
        f"{name}, {field}": planting(base, place)
        for name, base in bases().items()
        for place, found in fields(name).items()
        for field in sorted(found)
    }


def _deep() -> dict[str, str]:
    """JSON that is deep, long or holds what no number is."""
    chat = '{"messages": [{"role": "user", "content": %s}, {"role": "user", "content": "x"}]}'
    tool = chat % '[{"type": "tool_use", "name": "x", "input": %s}]'
    return {
        "deep lists": chat % ("[" * COUNT + "]" * COUNT),
        "deep lists, open": chat % ("[" * COUNT),
        "deep objects": chat % ('{"a":' * 50_000 + "1" + "}" * 50_000),
        "deep input": tool % ("[" * 900 + "]" * 900),
        "deep input in a text": tool % json.dumps("[" * COUNT),
        "wide input": tool % json.dumps(list(range(30_000))),
        "keys": tool % json.dumps({f"k{n}": n for n in range(9_000)}),
        "one key, again and again": tool % ("{" + '"a": 1, ' * 12_000 + '"a": 1}'),
        "a long number": chat % ("9" * COUNT),
        "no number": "[" + '{"role": "user", "content": "x", "timestamp": NaN},' * 2_000 + "1]",
        "surrogates": chat % ('"' + "\\ud800" * 16_000 + '"'),
        "many messages": json.dumps({"messages": [{"role": "user", "content": "x"}] * 1_000}),
        "many voices": json.dumps(
            {"messages": [{"role": "user", "content": "x", "speaker": f"v{n}"} for n in range(200)]}
        ),
    }


def _documents() -> Iterator[tuple[str, dict[str, str]]]:
    """Front matter that is deep, wide or refers to itself."""
    bomb = "a0: &a0 [x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)
    )
    for name, text in {
        "deep flow": "a: " + "[" * 30_000 + "]" * 30_000,
        "deep flow, open": "a: " + "[" * 60_000,
        "deep mappings": "a: " + "{a: " * 15_000 + "}" * 15_000,
        "deep blocks": "".join(f"{' ' * depth}a:\n" for depth in range(340)),
        "deep sequences": "a: " + "- " * 30_000 + "b",
        "laughs": bomb,
        "anchors": "".join(f"k{n}: &a{n} x\n" for n in range(4_000)),
        "keys": "".join(f"k{n}: x\n" for n in range(7_000)),
        "questions": "? " * 30_000,
        "tags of YAML": "a: " + "!!python/object " * 3_000,
        "a long key": "k" * 60_000 + ": x",
        "many tags": f"tags: [{', '.join(f't{n}' for n in range(2_000))}]",
        "tags of one address": f"tags: [{', '.join(_alike(n) for n in range(1_300))}]",
        "many participants": f"participants: [{', '.join(f'p{n}' for n in range(9_000))}]",
        "two megabytes": "a: " + "x" * 2_000_000,
    }.items():
        yield f"front matter: {name}", {"content/a.md": f"---\n{text}\n---\n# A\n\n### A\n\nx\n"}


def _alike(number: int) -> str:
    """A quoted name that differs from all others, but not in an address."""
    return f"'{'!' * (number % 90)}a{'?' * (number // 90)}'"


def _yaml(text: str) -> str:
    return '"' + text[:FITS].replace("\\", "\\\\").replace('"', '\\"')[:FITS] + '"'


def _field(key: str, form: str = "{}") -> Callable[[str], str]:
    def make(text: str) -> str:
        value = form.format(_yaml(text.replace("\\", "")[:FITS]))
        return f"---\n{key}: {value}\n---\n### A\n\nx\n\n---\n\n### A\n\ny\n"

    return make


HEADS: dict[str, Callable[[str], str]] = {
    "title": lambda text: f"# {text}\n\n---\n\n### A\n\nx\n\n---\n\n### A\n\ny\n",
    "names in a title": lambda text: f"# {text} ↔ B\n\n---\n\n### B\n\nx\n",
    "name": lambda text: f"# A ↔ {text}\n\n---\n\n### {text}\n\nx\n\n---\n\n### A\n\ny\n",
    "header": lambda text: f"# A ↔ B\n\n**Place:** {text}\n\n---\n\n### A\n\nx\n",
    "header's name": lambda text: f"# A ↔ B\n\n**{text}:** x\n\n---\n\n### A\n\nx\n",
    "date": lambda text: f"# A ↔ B\n\n**Started:** {text}\n**Messages:** {text}\n\n### A\n\nx\n",
    "tags": lambda text: f"# A ↔ B\n\n**Tags:** {text}\n\n---\n\n### A\n\nx\n",
    "before": lambda text: f"# A ↔ B\n\n{text}\n\n---\n\n### A\n\nx\n",
    "fence": lambda text: f"### A\n\n```{text}\nx\n```\n\n---\n\n### A\n\ny\n",
    **{key: _field(key) for key in ("title:", "slug", "date", "summary", "note", "language")},
    "tag": _field("tags", "[{}]"),
    "label": _field("labels", "[{}]"),
    "participant": _field("participants", "[{{name: {0}, role: x}}]"),
    "metadata": _field("place"),
    "key": lambda text: f'---\n{_yaml(text)[:1000]}": x\n---\n### A\n\nx\n',
    "front matter itself": lambda text: f"---\na: {text[:FITS]}\n---\n### A\n\nx\n",
}
HEADS["title in front matter"] = _field("title")
del HEADS["title:"]


def build_in_memory(root: Path) -> None:
    """Build a project as a check does: everything is made, nothing is written."""
    config = load_config(root, keep_going=True, dry_run=True)
    inspection = Inspection(config, dry_run=True)
    Builder(config, cache=Cache.of(config), folder=lambda: inspection).build()


def cost(files: Mapping[str, str | bytes], folder: Path, limit: int) -> Cost | None:
    """What a project costs in a process of its own; None if it takes over `limit` seconds."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            content = content.encode("utf-8", "surrogatepass")
        path.write_bytes(content)
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(folder, limit, sender))
    process.start()
    sender.close()
    try:
        found: Cost | None = receiver.recv()
    except EOFError:
        found = None
    process.join()
    receiver.close()
    for name in files:
        (folder / name).unlink()
    return found


def _measure(folder: Path, limit: int, sender: Connection) -> None:
    # The default action of the signal ends the process, also within a call into Rust.
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, limit)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    build_in_memory(folder)
    seconds = time.process_time() - begun
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = 1024 if sys.platform == "linux" else 1024 * 1024  # Kilobytes; on macOS bytes.
    sender.send(Cost(seconds, (after - before) / unit))


def warm_up(folder: Path) -> None:
    """Load everything that any build loads, so that it is not counted."""
    for engine in ("markdown", "commonmark"):
        text = "# A ↔ B\n\n---\n\n### A\n\n[a](b) $x$ *b*\n\n```python\nx\n```\n"
        for name, content in {
            "sitegen.toml": f'[markup]\nengine = "{engine}"',
            "content/a.md": f"---\ntags: [a]\n---\n{text}",
            "content/pages/p.md": "# P\n\n![](a.png) `a`",
        }.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        build_in_memory(folder)
    for path in folder.rglob("*.*"):
        path.unlink()


def main() -> None:
    """Print what is over the bounds as it is found, and then the costliest."""
    found: list[tuple[str, Cost]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        warm_up(folder)
        planted = (
            (f"{field}: {COUNT:,} of {mark}", make(mark * COUNT))
            for field, make in exports().items()
            for mark in MARKS
        )
        for case, files in chain[tuple[str, Mapping[str, str | bytes]]](cases(), planted):
            if len(sys.argv) > 1 and sys.argv[1] not in case:
                continue
            taken = cost(files, folder, LIMIT) or Cost(LIMIT, 0)
            found.append((case, taken))
            if taken.seconds > 1 or taken.megabytes > 100:
                print(f"over: {_line(case, taken)}", flush=True)
    print(f"{len(found)} cases")
    for title, key in (("time", lambda c: c[1].seconds), ("memory", lambda c: c[1].megabytes)):
        print(f"by {title}:")
        for case, taken in sorted(found, key=key, reverse=True)[:25]:
            print(_line(case, taken))


def _line(case: str, taken: Cost) -> str:
    return f"{taken.seconds:8.3f} s {taken.megabytes:6.0f} MB  {case}"


if __name__ == "__main__":
    main()
