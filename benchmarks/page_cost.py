"""Where the time of a page goes: `python -m benchmarks.page_cost`.

Each stage of the pipeline runs by itself over all transcripts, on what the stage before
gave, and is charged with its CPU time. The yardstick is a plain Python-Markdown loop over
the same text: its ratio to a stage holds on a machine of any speed, however busy.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch

import markdown
from markupsafe import Markup

from benchmarks import sitegen_runs
from benchmarks.corpus import Corpus, write_corpus
from benchmarks.words import LANGUAGES
from sitegen.assets import Assets, load_assets
from sitegen.canonical import to_markdown
from sitegen.config import Config, load_config
from sitegen.entry import make_entry
from sitegen.exhibits import Exhibits, make_exhibits
from sitegen.formats import Formats
from sitegen.markup import MessageRenderer, Rendered
from sitegen.markup import extract as extracting
from sitegen.markup.commonmark import render_commonmark
from sitegen.markup.extract import Extractor, wrap_raw_blocks
from sitegen.markup.highlight import code_block
from sitegen.markup.math import mask_dollars
from sitegen.markup.sanitize import message_cleaner, sanitize_all
from sitegen.model import Artifact, Source, Text, Transcript
from sitegen.output import OutputFolder
from sitegen.readers import list_sources, load
from sitegen.readers.reading import read_transcripts
from sitegen.render import Layouts, Renderer
from sitegen.render.messages import MessageLayout, Prepared
from sitegen.site import make_site
from sitegen.text import visible

__all__ = ["PageCost"]

COMPARE = "compare with the same bytes"
YARDSTICK = "Python-Markdown, as a yardstick"
NOT_OF_A_COLD_BUILD = (COMPARE, YARDSTICK)

Result = TypeVar("Result")
Code = tuple[str, str, str]
"""A block of code, its language, and the rest of the fence's first line."""


@dataclass(slots=True)
class PageCost:
    """The stages of a build over one project, each timed by itself."""

    config: Config
    """The project."""
    seconds: dict[str, float] = field(default_factory=dict)
    """CPU seconds of each stage, in order."""

    def run(self) -> int:
        """Run all stages and return how many pages they made."""
        sources = list_sources(self.config.content, self.config.root).transcripts
        data = self._timed("read the file", lambda: [load(source) for source in sources])
        transcripts = self._timed("parse", lambda: _parse(data, sources))
        texts = [
            [text for m in talk.messages for text in m.blocks if isinstance(text, Text)]
            for talk in transcripts
        ]
        for language in LANGUAGES:  # Lexers are made once a build, not once a page.
            code_block("1", language)
        self._markup(texts)
        renderer = MessageRenderer()
        bodies = [renderer.render(page) for page in texts]
        prepared = self._prepare(transcripts, bodies)
        self._write(self._frame(prepared, load_assets(self.config.layouts)))
        self._yardstick(data)
        return len(transcripts)

    def _timed(self, name: str, work: Callable[[], Result]) -> Result:
        begun = time.process_time()
        result = work()
        self.seconds[name] = time.process_time() - begun
        return result

    def _markup(self, texts: Sequence[Sequence[Text]]) -> None:
        """The stages inside of `MessageRenderer.render`."""
        raw = self._timed("comrak", lambda: [[_to_html(text) for text in page] for page in texts])
        codes: list[Code] = []

        def record(code: str, language: str, info: str = "", _strings: object = None) -> str:
            codes.append((code, language, info))
            return code

        extractors = [Extractor(show_remote=False) for _ in raw]
        # Highlighting happens in the middle of the extraction: it is kept for later.
        with patch.object(extracting, "code_block", record):
            bare = self._timed("extract", lambda: list(map(_take_out, extractors, raw)))
        cleaner = message_cleaner()
        clean = self._timed("nh3", lambda: [sanitize_all(page, cleaner) for page in bare])
        self._timed("Pygments", lambda: [code_block(*code) for code in codes])
        self._timed("put back", lambda: list(map(_put_back, extractors, clean)))
        self._timed("plain text", lambda: list(map(Extractor.words, extractors, clean)))

    def _prepare(
        self, transcripts: Sequence[Transcript], bodies: Sequence[Sequence[Rendered]]
    ) -> list[Prepared]:
        words = [[body.words for body in page] for page in bodies]
        forms = [Formats()] * len(words)
        entries = self._timed("entry", lambda: list(map(make_entry, transcripts, words, forms)))
        layout = MessageLayout(self.config)
        laid_out = self._timed("layout", lambda: list(map(layout.lay_out, transcripts, bodies)))
        beside = self._timed("provenance", lambda: list(map(self._exhibits, transcripts)))
        nothing = Markup()
        return [
            Prepared(
                entry, body, nothing, nothing, nothing, (), own.record, (), own.files, own.lines
            )
            for entry, body, own in zip(entries, laid_out, beside, strict=True)
        ]

    def _exhibits(self, transcript: Transcript) -> Exhibits:
        canonical = to_markdown(transcript).encode(errors="surrogatepass")
        return make_exhibits(transcript, load(transcript.source), True, canonical, (), self.config)

    def _frame(self, prepared: Sequence[Prepared], assets: Assets) -> list[Artifact]:
        site = make_site(self.config, (item.entry for item in prepared), ())
        contents = {entry.key: entry.key for entry in site.entries}  # Keys are not used here.
        renderer = Renderer(site, assets, contents, "", Layouts(self.config), {})
        renderer.transcript(prepared[0])  # Layouts are compiled once a build, not once a page.
        return self._timed("page frame", lambda: list(map(renderer.transcript, prepared)))

    def _write(self, artifacts: Sequence[Artifact]) -> None:
        self._timed("write", lambda: self._commit(artifacts))
        self._timed(COMPARE, lambda: self._commit(artifacts))

    def _commit(self, artifacts: Sequence[Artifact]) -> None:
        with OutputFolder(self.config) as folder:
            for artifact in artifacts:
                folder.stage(artifact)
            folder.commit()

    def _yardstick(self, data: Sequence[bytes]) -> None:
        self._timed(YARDSTICK, lambda: [markdown.markdown(page.decode()) for page in data])


def _parse(data: Sequence[bytes], sources: Sequence[Source]) -> list[Transcript]:
    return [
        transcript
        for page, source in zip(data, sources, strict=True)
        for transcript in read_transcripts(page, source, "UTC").transcripts
    ]


def _to_html(text: Text) -> str:
    mask = mask_dollars(visible(text.markdown))
    return mask.restore(render_commonmark(mask.text, text.hard_breaks))


def _take_out(extractor: Extractor, bodies: Sequence[str]) -> list[str]:
    return [extractor.take_out(wrap_raw_blocks(html)) for html in bodies]


def _put_back(extractor: Extractor, bodies: Sequence[str]) -> list[str]:
    return [extractor.put_back(html) for html in bodies]


def as_table(seconds: dict[str, float], pages: int) -> str:
    """The stages as ms a page and as parts of the yardstick."""
    yard = seconds[YARDSTICK]
    lines = ["| stage | ms a page | to the yardstick |", "| --- | ---: | ---: |"]
    build = {name: cost for name, cost in seconds.items() if name not in NOT_OF_A_COLD_BUILD}
    for name, cost in [*seconds.items(), ("**all of a cold build**", sum(build.values()))]:
        lines.append(f"| {name} | {cost / pages * 1000:.2f} | {cost / yard:.3f} |")
    return "\n".join(lines)


def main() -> None:
    """Make a corpus, take its pages apart and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page_cost", description=__doc__)
    parser.add_argument("--count", type=int, default=100, help="transcripts (default: 100)")
    parser.add_argument("--mean-kb", type=float, default=24.0, help="their size (default: 24)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        corpus, root = Path(folder, "corpus"), Path(folder, "project")
        write_corpus(Corpus(asked.count, asked.mean_kb), "transcript", corpus)
        sitegen_runs.lay_out(corpus, root)
        cost = PageCost(load_config(root))
        pages = cost.run()
        print(as_table(cost.seconds, pages))


if __name__ == "__main__":
    main()
