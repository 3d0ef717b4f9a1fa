"""The development server: the site at its base path, reloaded as soon as it is rebuilt."""

from __future__ import annotations

import asyncio
import errno
import json
import mimetypes
import os
import re
import socket
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html import escape
from pathlib import Path, PurePosixPath, PureWindowsPath

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from sitegen.assets import builtin_layouts
from sitegen.config import Config
from sitegen.errors import BuildError, ConfigError, Diagnostic, Severity, SitegenError
from sitegen.keys import STATIC
from sitegen.model import Report
from sitegen.provenance.checksums import FILE as CHECKSUMS

__all__ = ["Server", "Updates", "make_app", "open_port", "serving"]

EVENTS = "/.sitegen/events"
SCRIPT = "/.sitegen/reload.js"
STYLE = re.compile(r"assets/style\.[0-9a-f]+\.css")
NO_CACHE = {"Cache-Control": "no-cache"}
PORTS_TO_TRY = 50

TYPES = {
    ".avif": "image/avif",
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}


@dataclass(slots=True)
class Updates:
    """What the browsers are told, and the gate that keeps them from half-written sites."""

    gate: threading.Lock = field(default_factory=threading.Lock)
    """Held while a build is being committed."""
    problems: tuple[Diagnostic, ...] = ()
    """Why the last build failed; empty if it did not."""
    count: int = 0
    """How many builds changed something: by it a browser that missed one is known."""
    queues: set[asyncio.Queue[str]] = field(default_factory=set)
    loop: asyncio.AbstractEventLoop | None = None

    def built(self, report: Report) -> None:
        """Tell the browsers what has changed; nothing if nothing has and all was well."""
        if not report.written and not report.removed and not self.problems:
            return
        self.problems = ()
        self.count += 1
        only_static = {reason for _, reason in report.reasons} <= {STATIC}
        styles = [path for path in report.written if STYLE.fullmatch(path)]
        others = {path for path in report.written if not path.endswith(".html")}
        others -= {*styles, CHECKSUMS}
        style = styles[0] if only_static and len(styles) == 1 and not others else ""
        self._send("built", {"style": style})

    def failed(self, problems: Sequence[Diagnostic]) -> None:
        """Tell the browsers that the build failed; the last good site stays."""
        self.problems = tuple(problems)
        self._send("failed", {"problems": [str(problem) for problem in problems]})

    def close(self) -> None:
        """End every stream, so that the server can."""
        self._send("", None)

    def _send(self, event: str, data: object) -> None:
        if self.loop is None or self.loop.is_closed():
            return
        line = f"event: {event}\ndata: {json.dumps(data)}\n\n" if event else ""
        self.loop.call_soon_threadsafe(self._spread, line)

    def _spread(self, line: str) -> None:
        for queue in self.queues:
            queue.put_nowait(line)

    async def stream(self, seen: str) -> AsyncIterator[str]:
        """The events for one browser, until it leaves or the server ends.

        `seen` is the count of builds when its page was sent.
        """
        self.loop = asyncio.get_running_loop()
        queue: asyncio.Queue[str] = asyncio.Queue()
        self.queues.add(queue)
        missed, problems = seen != str(self.count), self.problems
        try:
            yield "retry: 500\n\n"
            if missed:
                yield 'event: built\ndata: {"style": ""}\n\n'
            elif problems:
                data = json.dumps({"problems": [str(problem) for problem in problems]})
                yield f"event: failed\ndata: {data}\n\n"
            while line := await queue.get():
                yield line
        finally:
            self.queues.discard(queue)


def make_app(site: Path, base_path: str, updates: Updates) -> Starlette:
    """The server's application: the files of `site` under `base_path`, as Pages has them."""

    async def events(request: Request) -> Response:
        stream = updates.stream(request.scope["query_string"].decode("ascii", "replace"))
        return StreamingResponse(stream, media_type="text/event-stream", headers=NO_CACHE)

    async def script(_request: Request) -> Response:
        content = (builtin_layouts() / "serve" / "reload.js").read_bytes()
        return Response(content, media_type="text/javascript", headers=NO_CACHE)

    async def page(request: Request) -> Response:
        path = request.scope["path"]
        if not path.startswith(base_path):
            if path in ("/", base_path.rstrip("/")):
                return RedirectResponse(base_path, 302)
            return Response("Not found: the site is at " + base_path, 404)
        return await run_in_threadpool(_respond, site, base_path, path, updates)

    return Starlette(
        routes=[
            Route(EVENTS, events),
            Route(SCRIPT, script),
            Route("/{path:path}", page, methods=["GET", "HEAD"]),
        ]
    )


def _respond(site: Path, base_path: str, path: str, updates: Updates) -> Response:
    """The answer to one request; waits while a build is being committed."""
    rel = path.removeprefix(base_path)
    found: Path | str | None = None
    with updates.gate:
        with suppress(OSError):  # A name that is too long for the file system.
            found = _find(site, rel)
        if isinstance(found, str):
            return RedirectResponse(base_path + found, 301)
        if found is not None:
            return _file(found.read_bytes(), found.suffix, 200, updates.count)
        missing = site / "404.html"
        if (site / "index.html").is_file() and missing.is_file():
            return _file(missing.read_bytes(), ".html", 404, updates.count)
        return _file(_no_site(updates.problems), ".html", 503, updates.count)


def _find(site: Path, rel: str) -> Path | str | None:
    """The file for a path, or where to redirect to, or None: as GitHub Pages does it."""
    if any(part.startswith(".") for part in rel.split("/")) or "\\" in rel:
        return None
    if PurePosixPath(rel).anchor or PureWindowsPath(rel).anchor:
        return None  # Joined to the site's folder, it would lead out of it.
    target = site / rel
    if rel and not rel.endswith("/"):
        if target.is_file():
            return target
        # The folder of a page's name holds its downloads: the page itself comes first.
        if (target / "index.html").is_file():
            return rel + "/"
        target = site / (rel + ".html")
    else:
        target = target / "index.html"
    return target if target.is_file() else None


def _file(content: bytes, ending: str, status: int, count: int) -> Response:
    kind = TYPES.get(ending) or mimetypes.types_map.get(ending, "application/octet-stream")
    if kind == "text/html":
        head, end, tail = content.rpartition(b"</body>")
        script = f'<script src="{SCRIPT}?{count}" defer></script>'.encode()
        content = head + script + end + tail if end else content + script
    if kind.startswith("text/") or kind.endswith(("json", "xml")):
        kind += "; charset=utf-8"
    return Response(content, status, headers={**NO_CACHE, "Content-Type": kind})


def _no_site(problems: Sequence[Diagnostic]) -> bytes:
    """What is shown while there is no good build yet."""
    items = "".join(f"<li><pre>{escape(str(problem))}</pre></li>" for problem in problems)
    said = f"<h1>The build failed</h1><ul>{items}</ul>" if items else "<h1>Building…</h1>"
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>sitegen</title>'
        f"<body>{said}</body></html>"
    ).encode()


def open_port(host: str, port: int) -> socket.socket:
    """A listening socket at `port`, or at the next free one after it.

    Raises:
        ConfigError: there is none, or the host is not of this machine.
    """
    error: Exception | None = None
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for number in range(port, min(port + PORTS_TO_TRY, 65536)):
        listener = socket.socket(family, socket.SOCK_STREAM)
        try:
            if os.name == "posix":  # Elsewhere it would share a port that is taken.
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, number))
            listener.listen()
        except (OSError, OverflowError) as failed:
            listener.close()
            error = failed
            if getattr(failed, "errno", None) not in (errno.EADDRINUSE, errno.EACCES):
                break
        else:
            return listener
    reason = error or "ports end at 65535"
    raise ConfigError(f"cannot listen at {host} from port {port} on: {reason}", hint="see --port")


class Server:
    """A running server; `serving` starts and stops it."""

    def __init__(
        self, app: Starlette, listener: socket.socket, updates: Updates, base: str
    ) -> None:
        settings = uvicorn.Config(
            app, log_level="error", access_log=False, lifespan="off", timeout_graceful_shutdown=1
        )
        self.server = uvicorn.Server(settings)
        self.listener = listener
        self.updates = updates
        host, port = listener.getsockname()[:2]
        self.address = f"http://{f'[{host}]' if ':' in host else host}:{port}{base}"
        self.thread = threading.Thread(target=self._run, name="sitegen-serve", daemon=True)

    @property
    def gate(self) -> threading.Lock:
        """Held by a build while it commits; requests wait for it."""
        return self.updates.gate

    def tell(self, outcome: Report | SitegenError) -> None:
        """Let the browsers know what came of a build."""
        if isinstance(outcome, Report):
            self.updates.built(outcome)
        elif isinstance(outcome, BuildError):
            errors = [found for found in outcome.diagnostics if found.severity == Severity.ERROR]
            self.updates.failed(errors or outcome.diagnostics)
        else:
            self.updates.failed([outcome.diagnostic()])

    def _run(self) -> None:
        async def run() -> None:
            self.updates.loop = asyncio.get_running_loop()
            await self.server.serve([self.listener])

        asyncio.run(run())

    def stop(self) -> None:
        """End the streams and the server; returns when it has ended."""
        self.updates.close()
        self.server.should_exit = True
        self.thread.join(2)
        self.listener.close()


@contextmanager
def serving(config: Config, host: str, port: int) -> Iterator[Server]:
    """Serve a site's output folder while the context lasts.

    Raises:
        ConfigError: there is no free port.
    """
    updates = Updates()
    app = make_app(config.output, config.base_path, updates)
    server = Server(app, open_port(host, port), updates, config.base_path)
    server.thread.start()
    try:
        yield server
    finally:
        server.stop()
