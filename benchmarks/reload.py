"""How long a reader waits for a saved file: `python -m benchmarks.reload`.

Serves a corpus, opens one transcript in headless Chromium, changes its source again and
again, and takes the time from the save until the page shows the change.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.corpus import Corpus, write_corpus

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def main() -> int:
    """Measure and print the median, the fastest and the slowest save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="transcripts (default: 1000)")
    parser.add_argument("--mean-kb", type=float, default=24.0, help="their size (default: 24)")
    parser.add_argument("--saves", type=int, default=15, help="changes to time (default: 15)")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        write_corpus(Corpus(args.count, args.mean_kb), "transcript", root / "content")
        times = measure(root, args.saves)
    print(
        f"{args.count:,} transcripts, {args.saves} saves: median "
        f"{statistics.median(times):.0f} ms, {min(times):.0f} to {max(times):.0f} ms"
    )
    return 0


def measure(root: Path, saves: int) -> list[float]:
    """The time of each save in milliseconds."""
    command = [sys.executable, "-u", "-m", "sitegen", "serve", "--root", str(root), "-p", "8700"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        address = re.search(r"http://\S+", server.stdout.readline())
        assert address is not None
        server.stdout.readline()  # The first build is done when it is told of.
        source = sorted((root / "content").iterdir())[0]
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = browser.new_page()
            page.goto(f"{address[0]}{source.stem}.html")
            page.wait_for_timeout(3000)
            times = [one_save(page, source, number) for number in range(saves)]
            browser.close()
        return times
    finally:
        server.terminate()
        server.wait(10)


def one_save(page: Page, source: Path, number: int) -> float:
    """Milliseconds from a save to the page that shows it."""
    mark = f"Changed for the {number}th time."
    text = source.read_text(encoding="utf-8")
    changed = re.sub(r"Changed for the \d+th time\.|\Z", mark, text, count=1)
    begun = time.perf_counter()
    source.write_text(changed, encoding="utf-8")
    page.wait_for_function("mark => document.body.textContent.includes(mark)", arg=mark)
    taken = (time.perf_counter() - begun) * 1000
    page.wait_for_timeout(400)
    return taken


if __name__ == "__main__":
    sys.exit(main())
