"""Large files: read in pieces to the same pages, and no more in memory than a few of them."""

from __future__ import annotations

import json
import re
import tracemalloc
from pathlib import Path

import pytest
from helpers import built, source, write_site
from hypothesis import given
from hypothesis import strategies as st
from samples import CHATGPT_CONVERSATION, SAMPLES, lines, whole

from sitegen import build, shelf
from sitegen.errors import BuildError, Severity, SourceError
from sitegen.model import Source
from sitegen.readers import content, pieces, split
from sitegen.readers.content import Content, line_records, split_array
from sitegen.readers.reading import read_transcripts

ARRAY = re.compile(rb"\s*\[")
JSON = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


def conversations(count: int, length: int = 20) -> list[dict[str, object]]:
    return [
        {
            **CHATGPT_CONVERSATION,
            "title": f"Talk {n} " + "word " * length,
            "conversation_id": f"{n:08}-aaaa",
            "create_time": 1741079999 + n,
        }
        for n in range(count)
    ]


@given(st.lists(st.lists(JSON, max_size=3) | st.dictionaries(st.text(), JSON), max_size=6))
def test_elements_of_an_array_are_found_whole(values: list[object]) -> None:
    for indent in (None, 1):
        data = json.dumps(values, indent=indent).encode()
        found = list(split_array(Content(data), ARRAY, "a"))
        assert [json.loads(record.raw) for record in found] == values
        for record in found:
            assert data.split(b"\n")[record.line - 1].strip()[:1] in (b"{", b"[")


@given(st.lists(st.dictionaries(st.text(), JSON, min_size=1), max_size=5), st.integers(1, 9))
def test_elements_are_found_however_the_file_is_read(values: list[object], step: int) -> None:
    data = json.dumps(values).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(content, "CHUNK", step + 1)
        found = [json.loads(r.raw) for r in split_array(Content(data), ARRAY, "a")]
    assert found == values


@pytest.mark.parametrize(
    "data", [b'[{"a": 1}', b'[{"a": "x', b"[", b'[{"a": 1}, 5, {}]', b"[7, {}]"]
)
def test_broken_arrays_are_errors(data: bytes) -> None:
    with pytest.raises(SourceError, match="not valid JSON"):
        list(split_array(Content(data), ARRAY, "a"))


def test_element_without_end_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "MAX_RECORD", 1000)
    monkeypatch.setattr(content, "CHUNK", 100)
    with pytest.raises(SourceError, match="not closed"):
        list(split_array(Content(b"[{" + b'"a": 1,' * 1000), ARRAY, "a"))
    with pytest.raises(SourceError, match="a line of over"):
        list(line_records(Content(b"{}\n" + b"x" * 2000), "a"))


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is large, and nothing is kept in memory."""
    monkeypatch.setattr(pieces, "LARGE", 100)
    monkeypatch.setattr(pieces, "PIECE_BYTES", 5_000)
    monkeypatch.setattr(shelf, "IN_MEMORY", 5_000)


def archive(root: Path) -> Path:
    files = {f"content/{name}/{rel}": data for name, (rel, data) in SAMPLES.items()}
    return write_site(root, {**files, "content/conversations.json": whole(conversations(12))})


def test_pages_are_the_same_in_pieces(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    root = archive(tmp_path)
    expected = built(root, output=tmp_path / "at once")
    request.getfixturevalue("small_pieces")
    for jobs in (1, 2):
        assert built(root, output=tmp_path / f"{jobs}", jobs=jobs, force=True) == expected


@pytest.mark.usefixtures("small_pieces")
def test_change_in_a_large_file_is_seen_and_nothing_else_is_made(tmp_path: Path) -> None:
    root = archive(tmp_path)
    build(root)
    assert build(root).reasons == ()
    write_site(root, {"content/conversations.json": whole(conversations(13))})
    report = build(root)
    assert any("talk-12" in path for path in report.written)
    assert built(root) == built(root, output=tmp_path / "clean", force=True)


@pytest.mark.usefixtures("small_pieces")
def test_large_file_that_is_cut_off_fails_the_build(tmp_path: Path) -> None:
    data = whole(conversations(12))[:-100]
    write_site(tmp_path, {"content/conversations.json": data})
    with pytest.raises(BuildError) as caught:
        build(tmp_path)
    (error,) = [d for d in caught.value.diagnostics if d.severity is Severity.ERROR]
    assert "not valid JSON" in error.message
    report = build(tmp_path, keep_going=True)
    assert report.transcripts >= 11


def test_no_more_than_a_piece_is_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "LARGE", 100_000)
    monkeypatch.setattr(pieces, "PIECE_BYTES", 100_000)
    monkeypatch.setattr(content, "CHUNK", 100_000)
    path = tmp_path / "conversations.json"
    path.write_bytes(whole(conversations(160, 8_000)))
    size = path.stat().st_size
    assert size > 6_000_000
    large = Source(str(path), path.name, path.name)
    tracemalloc.start()
    count = sum(len(read_transcripts(piece, large, "UTC").transcripts) for piece in split(large))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 320
    assert peak < size / 2


def test_session_is_read_line_by_line(tmp_path: Path) -> None:
    text = "word " * 2_000
    first = {"type": "user", "uuid": "a", "sessionId": "s", "message": {"content": "hi"}}
    bulk = [{"type": "progress", "data": text} for _ in range(1_000)]
    path = tmp_path / "s.jsonl"
    path.write_bytes(lines(first, *bulk))
    large = Source(str(path), path.name, path.name)
    tracemalloc.start()
    (piece,) = split(large)
    (talk,) = read_transcripts(piece, large, "UTC").transcripts
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(talk.messages) == 1
    assert peak < path.stat().st_size / 2
    assert source().suffix == ""
