"""Plants texts in every place of every format that may hold a text of somebody's.

A place is a string of JSON, or a run of words of a text file, that can be another without the
file being read as something else; one that recurs (an id, a name) is changed everywhere. So a
field that a format has in its sample is a place, whether or not anybody thought of it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from helpers import reading
from samples import SAMPLES

GOLDEN = Path(__file__).parent / "golden"
SPOILT = re.compile("empty|truncated|hostile|impossible|broken|no-messages|ambiguous|crlf|nobody")
WORDS = re.compile(r"[^\W\d_](?:[\w'’ ]*[^\W_])?")
TIME = re.compile(r"\d{4}-\d\d-\d\dT")
PROBE = "qz{}<i>\"'&"
"""What is put in a place to see whether it is one; the number tells it again."""

OWN_KEYS = frozenset(["input", "arguments", "args", "metadata", "scores", "store", "tools"])
"""Objects whose keys are their author's own, also in those within them."""

ID_KEYS = frozenset(["mapping", "participants"])
"""Objects whose keys are ids."""

OWN = "own"

EVERYTHING = """---
title: |-
  Two voices alpha
summary: |-
  Of alpha beta
note: |-
  A gamma *note*
tags:
  - |-
    delta tag
labels:
  - |-
    zeta label
language: |-
  eta
slug: |-
  theta slug
participants:
  - name: |-
      Wren theta
    role: |-
      iota voice
    model: |-
      kappa model
  - name: |-
      Orrery lambda
mu key: |-
  nu value
---
# Two voices alpha

**Place:** xi town

Before it pi began.

---

### Wren theta

I say rho. ![sigma words](https://tau.example/upsilon)

```phi
chi
```

---

### Orrery lambda

And psi, and [omega](https://one.example/two 'three').

---
"""
"""A file of the model format with everything that it may say of itself; no text ends a scalar."""

Put = Callable[[str], str]


@dataclass(frozen=True)
class Base:
    """A file of some format, whole, in which texts can be planted."""

    name: str
    file: str
    """Its name in a content folder."""
    members: tuple[tuple[str, bytes], ...]
    """Its bytes; of an archive those of each file in it."""

    def planted(self, texts: Mapping[str, str]) -> bytes:
        """The file with other texts in some places."""
        return self.packed({name: _replaced(data, texts) for name, data in self.members})

    def packed(self, changed: Mapping[str, bytes]) -> bytes:
        """The file with other bytes in some members."""
        made = [(name, changed.get(name, data)) for name, data in self.members]
        return made[0][1] if len(made) == 1 else _zipped(made)


@cache
def bases() -> Mapping[str, Base]:
    """One or more files of every format, by a name of their own."""
    found = {name: Base(name, file, ((file, data),)) for name, (file, data) in SAMPLES.items()}
    folders = ("chats/*.[mt][dx]*", "captions/*.??t", "whatsapp/*.txt", "logs/*.json")
    for pattern in (*folders, "dialogue/*.md"):
        for path in sorted(GOLDEN.glob(pattern)):
            if not SPOILT.search(path.name) and not path.name.endswith(".model.txt"):
                data = path.read_bytes().replace(b"\r\n", b"\n")
                found[f"{path.parent.name}/{path.name}"] = Base(
                    path.name, path.name, ((path.name, data),)
                )
    slack = GOLDEN / "slack" / "export"
    days = sorted(slack.rglob("*.json"))
    members = ((path.relative_to(slack).as_posix(), path.read_bytes()) for path in days)
    found["slack"] = Base("slack", "slack.zip", tuple(members))
    day = next(path for path in days if path.parent.name == "general").read_bytes()
    found["slack-day"] = Base("slack-day", "2025-05-01.json", (("day", day),))
    log = json.loads((GOLDEN / "logs" / "inspect.json").read_text(encoding="utf-8"))
    sample = log.pop("samples")[0]
    members = (
        (n, json.dumps(v).encode()) for n, v in (("header.json", log), ("samples/1.json", sample))
    )
    found["eval"] = Base("eval", "run.eval", tuple(members))
    found["everything"] = Base("everything", "all.md", (("all.md", EVERYTHING.encode()),))
    found["document"] = Base(
        "document", "note.txt", (("note.txt", b"Only words, *some* strong.\n"),)
    )
    found["canonical"] = Base("canonical", "kept.md", (("kept.md", _canonical().encode()),))
    return found


def _canonical() -> str:
    from sitegen.canonical import to_markdown

    (read,) = reading(SAMPLES["claude-ai"][1], "a.json").transcripts
    return to_markdown(read)


@cache
def places(name: str) -> tuple[str, ...]:
    """The texts of a file that can be others, each alone and all together."""
    base = bases()[name]
    kind = _kind(base, {})
    texts: dict[str, str] = {}
    for text in dict.fromkeys(text for _, data in base.members for text in _texts(data)):
        trial = {**texts, text: PROBE.format(len(texts))}
        # A time that is none is left out: that may show.
        if _kind(base, trial) == kind or (TIME.match(text) and _count(base, trial) == len(kind)):
            texts = trial
    return tuple(texts)


def _kind(base: Base, texts: Mapping[str, str]) -> list[object]:
    """As what a file is read: the format, the kinds of all blocks, and which fields are filled."""
    return [
        (transcript.format, *_filled(transcript))
        for transcript in reading(base.planted(texts), base.file).transcripts
    ]


def _count(base: Base, texts: Mapping[str, str]) -> int:
    return len(reading(base.planted(texts), base.file).transcripts)


def _filled(thing: Any) -> Iterator[object]:
    for field in dataclasses.fields(thing):
        value = getattr(thing, field.name)
        if isinstance(value, tuple) and value and dataclasses.is_dataclass(value[0]):
            yield [(type(item), *_filled(item)) for item in value]
        elif field.name != "source":
            yield bool(value)


def formats(name: str) -> set[str]:
    """The formats as which a file is read."""
    base = bases()[name]
    return {found.format for found in reading(base.planted({}), base.file).transcripts}


@cache
def fields(name: str) -> Mapping[str, frozenset[str]]:
    """Where in the model each place of a file ends: `Message.speaker`, `ToolCall.input`."""
    base = bases()[name]
    found = places(name)
    texts = {text: PROBE.format(number) for number, text in enumerate(found)}
    reached: dict[str, set[str]] = {text: set() for text in found}
    for transcript in reading(base.planted(texts), base.file).transcripts:
        for number, field in _fields(transcript):
            reached[found[number]].add(field)
    return {text: frozenset(some) for text, some in reached.items()}


def _fields(thing: Any) -> Iterator[tuple[int, str]]:
    for field in dataclasses.fields(thing):
        for value in _flat(getattr(thing, field.name)):
            if dataclasses.is_dataclass(value):
                yield from _fields(value)
            elif isinstance(value, str):
                for number in re.findall(r"qz(\d+)", value):
                    yield int(number), f"{type(thing).__name__}.{field.name}"


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple | list):
        for item in value:
            yield from _flat(item)
    else:
        yield value


# --- Bytes ---------------------------------------------------------------------------


def _texts(data: bytes) -> Iterator[str]:
    """Every text in a file that might be a place."""
    if (found := values(data)) is None:
        yield from dict.fromkeys(WORDS.findall(data.decode()))
        return
    seen: dict[str, None] = {}
    keys: dict[str, None] = {}
    for value in found:
        _walk(
            value,
            lambda text: seen.setdefault(text) or text,
            lambda key: keys.setdefault(key) or key,
        )
    yield from (text for text in {**seen, **keys} if text)


def _replaced(data: bytes, texts: Mapping[str, str]) -> bytes:
    if not texts:
        return data
    if (found := values(data)) is None:
        one_line = {text: " ".join(put.split()) for text, put in texts.items()}
        changed = WORDS.sub(lambda match: one_line.get(match[0], match[0]), data.decode())
        return changed.encode("utf-8", "surrogatepass")

    def put(text: str) -> str:
        return texts.get(text, text)

    dumped = [json.dumps(_walk(value, put, put)) for value in found]
    return "\n".join(dumped).encode() + b"\n"


def values(data: bytes) -> list[Any] | None:
    """The values of a file of JSON, one or one a line; None for other texts."""
    if data.lstrip()[:1] not in (b"{", b"["):
        return None
    try:
        return [json.loads(data)]
    except ValueError:
        with_line = data.split(b"\n")
    try:
        return [json.loads(line) for line in with_line if line.strip()]
    except ValueError:
        return None


def _walk(value: Any, put: Put, put_key: Put, parent: str = "") -> Any:
    """A value with its texts replaced, and its keys where they are nobody's but its author's."""
    if isinstance(value, str):
        return _walk_text(value, put, put_key)
    if isinstance(value, list):
        return [_walk(item, put, put_key, parent) for item in value]
    if isinstance(value, dict):
        below = OWN if parent in OWN_KEYS or parent == OWN else ""
        return {
            put_key(key) if below or parent in ID_KEYS else key: _walk(
                item, put, put_key, below or key
            )
            for key, item in value.items()
        }
    return value


def _walk_text(value: str, put: Put, put_key: Put) -> str:
    if value.startswith(("{", "[")):  # A tool's input may be JSON as a text.
        with contextlib.suppress(ValueError):
            return json.dumps(_walk(json.loads(value), put, put_key, OWN))
    return put(value)


def _zipped(members: Iterable[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()
