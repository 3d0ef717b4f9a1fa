"""What is large waits on disk: the site is the same, and memory holds the transcript once."""

from __future__ import annotations

import json
import pickle
import tempfile
import tracemalloc
from pathlib import Path

import pytest
from helpers import built, exported, tree, write_site

from sitegen import bulk, canonical, exhibits, prepare, search
from sitegen.bulk import Bulk, digest_of, gather, holds, pieces_of, to_bytes
from sitegen.config import Config
from sitegen.errors import OutputError
from sitegen.markup import blocks
from sitegen.model import Source
from sitegen.prepare import Preparer
from sitegen.readers import Piece


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nearly everything is large."""
    monkeypatch.setattr(bulk, "IN_MEMORY", 500)
    monkeypatch.setattr(bulk, "PIECE", 100)
    monkeypatch.setattr(canonical, "HELD", 300)
    monkeypatch.setattr(search, "PIECE", 50)


def session(count: int, size: int) -> str:
    """A session of Claude Code."""
    lines = []
    for number in range(count):
        kind = ("user", "assistant")[number % 2]
        text = f"Line {number}.\n\n" + "word lamp --- tide\n" * (size // 19)
        about = {"type": kind, "uuid": f"u{number}", "sessionId": "s"}
        lines.append(json.dumps({**about, "message": {"role": kind, "content": text}}))
    return "\n".join(lines)


@pytest.mark.usefixtures("small")
def test_bytes_are_the_same_wherever_they_are() -> None:
    pieces = [bytes([number]) * 90 for number in range(20)]
    many, few = gather(pieces), gather(pieces[:5])
    assert isinstance(many, Bulk)
    assert isinstance(few, bytes)
    assert to_bytes(many) == b"".join(pieces) == b"".join(pieces_of(many))
    assert len(many) == 1800
    assert digest_of(many) == digest_of(b"".join(pieces))
    assert to_bytes(pickle.loads(pickle.dumps(many))) == to_bytes(many)
    assert holds(many, b"\0\1")
    assert not holds(many, b"\1\0")
    assert holds(many, pieces[3] + pieces[4])


def test_a_sign_is_found_across_two_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "PIECE", 3)
    assert all(holds(Bulk([b"abcdefgh"]), sign) for sign in (b"cd", b"fg", b"a", b"bcdefg"))
    assert not holds(Bulk([b"abcdefgh"]), b"ce")


def test_no_room_for_it_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    with pytest.raises(OutputError, match="cannot wait here") as caught:
        Bulk([b"x"])
    assert "TMPDIR" in caught.value.hint


def test_the_site_is_the_same(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    files = {
        "content/a.jsonl": session(9, 700),
        "content/b.md": exported([("Ada", "One " * 90 + "\n\n----\n\n灯台"), ("Bo", "two\n" * 90)]),
    }
    root = write_site(tmp_path, files)
    before = built(root)
    request.getfixturevalue("small")
    built(root, force=True, output=str(tmp_path / "again"))
    assert tree(tmp_path / "again") == before


def test_a_large_session_is_held_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for what is bounded: a few messages at a time."""
    monkeypatch.setattr(bulk, "IN_MEMORY", 100_000)
    monkeypatch.setattr(canonical, "HELD", 100_000)
    monkeypatch.setattr(exhibits, "MAX_BYTES", 100_000)
    monkeypatch.setattr(blocks, "BATCH_CHARS", 20_000)
    monkeypatch.setattr(prepare, "MESSAGES_AT_A_TIME", 10)
    path = tmp_path / "a.jsonl"
    path.write_text(session(150, 10_000))
    size = path.stat().st_size
    preparer = Preparer(Config(tmp_path))
    source = Source(str(path), "a.jsonl", "a.jsonl")
    preparer.prepare(source, Piece(None))  # What is loaded once is no part of it.
    tracemalloc.start()
    done = preparer.prepare(source, Piece(None))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(done.prepared[0].body, Bulk)
    # The words of all messages are held beside their texts.
    assert peak < 3 * size
