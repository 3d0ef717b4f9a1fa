"""How long a reader waits for the answer of a search: `python -m benchmarks.search`.

Builds a corpus, serves it on this machine as a plain web server does, without compression,
and searches it in headless Chromium: from the key that asks to the answers on the page.
"""

from __future__ import annotations

import argparse
import functools
import random
import re
import statistics
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Request, sync_playwright

from benchmarks.corpus import Corpus, write_corpus
from benchmarks.reload import CHROMIUM, FLAGS
from sitegen import build

# Asks as a reader does who presses Enter; the page says when it is busy no more.
ASK = """(words) => new Promise((resolve) => {
  const field = document.querySelector(".ask input");
  const hits = document.querySelector(".hits");
  let begun = 0, busy = false;
  new MutationObserver((_, observer) => {
    if (hits.getAttribute("aria-busy") === "true") busy = true;
    else if (busy) { observer.disconnect(); resolve(performance.now() - begun); }
  }).observe(hits, { attributes: true, attributeFilter: ["aria-busy"] });
  field.value = words;
  begun = performance.now();
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
})"""


@dataclass(slots=True)
class Times:
    """What was measured, in milliseconds and bytes."""

    first: list[float]
    """The first query of a browser that knows nothing, the index being loaded with it."""
    bytes: list[int]
    """What was fetched for it beside the page: program, index and texts."""
    fresh: list[float]
    """Later queries, for words that were not asked for before."""
    again: list[float]
    """The same queries once more."""


def main() -> int:
    """Measure and print medians and extremes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="transcripts (default: 1000)")
    parser.add_argument("--mean-kb", type=float, default=24.0, help="their size (default: 24)")
    parser.add_argument("--queries", type=int, default=30, help="queries to time (default: 30)")
    parser.add_argument("--visits", type=int, default=5, help="fresh browsers (default: 5)")
    parser.add_argument("--root", type=Path, help="a project to search instead of a corpus")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        root = args.root or Path(name)
        if args.root is None:
            write_corpus(Corpus(args.count, args.mean_kb), "transcript", root / "content")
        report = build(root)
        words = pick_words(root / "content", args.queries)
        times = measure(root / "output", words, args.visits)
    print(f"{report.transcripts:,} transcripts, {report.messages:,} messages")
    for label, found in (
        ("first query", times.first),
        ("new words", times.fresh),
        ("again", times.again),
    ):
        print(
            f"{label}: median {statistics.median(found):.0f} ms, "
            f"{min(found):.0f} to {max(found):.0f} ms ({len(found)})"
        )
    print(f"fetched for the first query: {max(times.bytes) / 1000:.0f} kB at most")
    return 0


def pick_words(content: Path, count: int) -> list[str]:
    """Queries of one and two words that occur in the corpus, rare and frequent ones."""
    rng = random.Random(0)
    found: set[str] = set()
    for path in rng.sample(sorted(content.iterdir()), 40):
        found.update(re.findall(r"\b[a-z]{4,}\b", path.read_text(encoding="utf-8")))
    words = rng.sample(sorted(found), 2 * count)
    return [f"{a} {b}" if place % 3 == 2 else a for place, (a, b) in enumerate(_pairs(words))]


def _pairs(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    return zip(words[::2], words[1::2], strict=True)


def measure(site: Path, words: Sequence[str], visits: int) -> Times:
    """Ask all words in one browser, and the first of them in several fresh ones."""
    times = Times([], [], [], [])
    with _served(site) as home, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for visit in range(visits):
            taken, size = _visit(browser, f"{home}search.html", words[visit])
            times.first.append(taken)
            times.bytes.append(size)
        page = browser.new_page()
        page.goto(f"{home}search.html")
        page.evaluate(ASK, "the")
        times.fresh += [page.evaluate(ASK, query) for query in words]
        times.again += [page.evaluate(ASK, query) for query in words]
        browser.close()
    return times


def _visit(browser: Browser, address: str, query: str) -> tuple[float, int]:
    """The time of a first query, and how much was fetched from the index for it."""
    context = browser.new_context()
    page = context.new_page()
    loaded: list[Request] = []
    page.on("requestfinished", lambda request: loaded.append(request))
    # Nothing of the index is loaded before it is asked for.
    page.add_init_script("HTMLElement.prototype.focus = () => {}")
    page.goto(address)
    taken: float = page.evaluate(ASK, query)
    size = sum(one.sizes()["responseBodySize"] for one in loaded if "/pagefind/" in one.url)
    context.close()
    return taken, size


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # As web servers do; else each answer waits for 40 ms.

        def log_message(self, format: str, *args: Any) -> None:
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    sys.exit(main())
