"""Pagefind as a process that is spoken to over its pipes: pages in, the index's files out.

The protocol of its `--service` mode: JSON in base64, with a comma after each message. The
files come in an answer, for those that it writes itself may be cut off where it ends.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import IO, Any

from sitegen.bulk import Blob, gather, pieces_of, to_bytes
from sitegen.errors import SitegenError

__all__ = ["files_of", "make_index"]

TYPE = re.compile(rb'"type":\s*"(\w+)"')
FILE = re.compile(rb'\{"path":("(?:[^"\\]|\\.)*"),"content":"([\w+/=]*)"\}')
HEAD = 1_000
"""Bytes at the beginning of an answer that say what it is."""

PIPE = 1 << 16
END = '"}}'
"""How a request ends whose last value is a text."""


def make_index(
    pages: Iterable[tuple[str, Iterable[str]]], language: str, left_out: Sequence[str]
) -> Blob:
    """Pagefind's answer that holds the index of some pages; see `files_of`.

    Each page is its address and its HTML in pieces; `left_out` are selectors.

    Raises:
        SitegenError: Pagefind is missing, or failed.
    """
    with _service() as (requests, answers), ThreadPoolExecutor(1) as writer:
        # Written by a thread: both pipes are short, and nobody may wait for the other.
        asked = writer.submit(_ask, requests, pages, language, left_out)
        try:
            return _await_files(answers)
        except SitegenError:
            if (error := asked.exception()) is not None:
                raise _failure(str(error)) from error
            raise


def files_of(answer: Blob) -> Iterator[tuple[str, bytes]]:
    """The path and the bytes of each file in an answer, one at a time."""
    rest = b""
    for piece in pieces_of(answer):
        rest += piece
        place = 0
        for file in FILE.finditer(rest):
            yield json.loads(file[1]), base64.b64decode(file[2])
            place = file.end()
        rest = rest[place:]


def _ask(
    requests: IO[bytes],
    pages: Iterable[tuple[str, Iterable[str]]],
    language: str,
    left_out: Sequence[str],
) -> None:
    settings = {
        "exclude_selectors": left_out,
        "force_language": language,
        "keep_index_url": True,
    }
    try:
        requests.write(_request(0, {"type": "NewIndex", "config": settings}))
        for number, (path, page) in enumerate(pages, 1):
            adding = {"type": "AddFile", "index_id": 0, "url": path, "file_path": None}
            # Given in pieces: written whole it would be held several times over.
            request = json.dumps(
                {"message_id": number, "payload": {**adding, "file_contents": ""}}
            ).removesuffix(END)
            texts = (json.dumps(piece)[1:-1] for piece in page)
            requests.writelines(_in_base64(chain([request], texts, [END])))
        requests.write(_request(0, {"type": "GetFiles", "index_id": 0}))
        requests.flush()
    except BaseException:
        with contextlib.suppress(OSError):
            requests.close()  # Then it ends, and whoever waits for its answers knows.
        raise


def _in_base64(texts: Iterable[str]) -> Iterator[bytes]:
    """Texts as one message of the protocol."""
    rest = b""
    for text in texts:
        data = rest + text.encode()
        whole = len(data) - len(data) % 3
        yield base64.b64encode(data[:whole])
        rest = data[whole:]
    yield base64.b64encode(rest) + b","


def _request(number: int, payload: dict[str, Any]) -> bytes:
    message = json.dumps({"message_id": number, "payload": payload})
    return base64.b64encode(message.encode()) + b","


def _await_files(pipe: IO[bytes]) -> Blob:
    """The answer that holds the files; those before it only say that a page was taken."""
    for answer in _answers(pipe):
        kind = TYPE.search(next(iter(pieces_of(answer)))[:HEAD])
        if kind and kind[1] == b"Error":
            raise _failure(str(json.loads(to_bytes(answer))["payload"].get("message", "")))
        if kind and kind[1] == b"GetFiles":
            return answer
    raise _failure("it ended before its time")


def _answers(pipe: IO[bytes]) -> Iterator[Blob]:
    """Each answer as JSON; a long one waits on disk."""
    waiting: list[bytes] = []

    def take() -> bytes:
        return waiting.pop() if waiting else os.read(pipe.fileno(), PIPE)

    def decoded() -> Iterator[bytes]:
        rest = b""
        while data := take():
            data, comma, after = data.partition(b",")
            data = rest + data
            whole = len(data) - len(data) % 4
            yield base64.b64decode(data[:whole])
            rest = data[whole:]
            if comma:
                waiting.extend([after] if after else [])
                return

    while data := take():
        waiting.append(data)
        yield gather(decoded())


@contextlib.contextmanager
def _service() -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Pagefind, waiting for requests: the pipes to it and from it."""
    try:
        import pagefind_bin

        process = subprocess.Popen(
            [pagefind_bin.get_executable(), "--service"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except (ImportError, OSError) as error:
        raise _failure(str(error)) from error
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process.stdin, process.stdout
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                pipe.close()


def _failure(reason: str) -> SitegenError:
    return SitegenError(
        f"the search index cannot be made: Pagefind failed ({reason})",
        hint="`search = false` in [site] builds without",
    )
