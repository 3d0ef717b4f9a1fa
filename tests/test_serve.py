"""The development server: what is served where, what browsers are told, and a clean end."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import queue
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from helpers import exported, tree, write_site
from running import PATIENT, SITEGEN

from sitegen import build
from sitegen.config import Config, load_config
from sitegen.errors import BuildError, ConfigError, Diagnostic, Severity
from sitegen.keys import STATIC
from sitegen.model import Report
from sitegen.serve import Server, Updates, open_port, serving

HELLO = exported([("Ada", "Hello"), ("Bo", "Hi")], "Hello")
SCRIPT = b'<script src="/.sitegen/reload.js?0" defer></script>'
SECRET = b"a secret beside the site"

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")

STATIC_FILES: dict[str, str | bytes] = {
    "a.js": "1",
    "data.json": "{}",
    "deep/x y.txt": "text",
    "feed.xml": "<x/>",
    "o#d?d%41.svg": "<svg/>",
    "photo.avif": b"\0",
    "photo.jpg": b"\0",
    "photo.png": b"\0",
    "photo.webp": b"\0",
    "type.woff2": b"\0",
    "what.unknown": b"\0",
    "x.wasm": b"\0",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose site is built."""
    root = tmp_path_factory.mktemp("project")
    files: dict[str, str | bytes] = {"content/a.md": HELLO, "content/x/caf\u00e9.md": HELLO}
    files |= {f"layouts/static/{name}": content for name, content in STATIC_FILES.items()}
    files |= {"secret.txt": SECRET, "secret.html": SECRET}
    write_site(root, files)
    build(root)
    write_site(root, {"output/.hidden.html": SECRET, "output/.git/a.html": SECRET})
    return root


@pytest.fixture(scope="module", params=["", "https://b.org/repo/"], ids=["root", "repo"])
def server(request: pytest.FixtureRequest, root: Path) -> Iterator[Server]:
    """The site, served at `/` or at `/repo/`."""
    with serving(load_config(root, base_url=request.param), "127.0.0.1", 0) as server:
        yield server


def port_of(server: Server) -> int:
    return int(server.address.rsplit(":", 1)[1].split("/")[0])


def base_of(server: Server) -> str:
    return "/" + server.address.split("/", 3)[3]


class Answer:
    """What a request got."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()


def ask(server: Server, path: str, method: str = "GET") -> Answer:
    """Ask for a path that begins below the site's base path."""
    return ask_at(server, base_of(server) + path, method)


def ask_at(server: Server, path: str, method: str = "GET") -> Answer:
    with closing(http.client.HTTPConnection("127.0.0.1", port_of(server), PATIENT)) as client:
        client.request(method, path)
        return Answer(client.getresponse())


# What is served


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("", "index.html"),
        ("index.html", "index.html"),
        ("a.html", "a.html"),
        ("a", "a.html"),
        ("a?x=1", "a.html"),
        ("x/caf%C3%A9.html", "x/caf\u00e9.html"),
        ("x/caf%C3%A9", "x/caf\u00e9.html"),
        ("tags", None),
        ("participants/", "participants/index.html"),
        ("participants/ada", "participants/ada.html"),
        ("404.html", "404.html"),
    ],
)
def test_page_is_found_as_on_github_pages(
    server: Server, root: Path, path: str, file: str | None
) -> None:
    answer = ask(server, path)
    if file is None:
        assert (answer.status, answer.headers["location"]) == (301, base_of(server) + path + "/")
        return
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.body.count(SCRIPT) == 1
    assert answer.body.replace(SCRIPT, b"") == (root / "output" / file).read_bytes()


@pytest.mark.parametrize(
    "path", ["nothing", "nothing.html", "a/", "a.html/", "x/", "assets/", "a.htm", "%00", "a%0A"]
)
def test_missing_page_is_the_site_s_own_404(server: Server, root: Path, path: str) -> None:
    answer = ask(server, path)
    assert answer.status == 404
    assert answer.body.replace(SCRIPT, b"") == (root / "output/404.html").read_bytes()


@pytest.mark.parametrize("path", ["x" * 300, "y/" * 3000, "%F0%9F%90%99" * 80])
def test_address_too_long_for_the_disk_is_missing_too(server: Server, path: str) -> None:
    assert ask(server, path).status == 404


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.js", "text/javascript; charset=utf-8"),
        ("data.json", "application/json; charset=utf-8"),
        ("deep/x y.txt", "text/plain; charset=utf-8"),
        ("feed.xml", "application/xml; charset=utf-8"),
        ("o#d?d%41.svg", "image/svg+xml; charset=utf-8"),
        ("photo.avif", "image/avif"),
        ("photo.jpg", "image/jpeg"),
        ("photo.png", "image/png"),
        ("photo.webp", "image/webp"),
        ("type.woff2", "font/woff2"),
        ("what.unknown", "application/octet-stream"),
        ("x.wasm", "application/wasm"),
        ("style.css", "text/css; charset=utf-8"),
    ],
)
def test_file_has_its_bytes_and_type(server: Server, root: Path, name: str, kind: str) -> None:
    stem, _, ending = name.rpartition(".")
    (path,) = (
        path
        for path in (root / "output/assets").rglob(f"*.{ending}")
        if path.relative_to(root / "output/assets").as_posix().startswith(stem + ".")
    )
    link = quote(path.relative_to(root / "output").as_posix())
    answer = ask(server, link)
    assert (answer.status, answer.headers["content-type"]) == (200, kind)
    assert answer.body == path.read_bytes()
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["", "a", "nothing", "participants"])
def test_head_is_a_get_without_the_body(server: Server, path: str) -> None:
    get, head = ask(server, path), ask(server, path, "HEAD")
    assert head.body == b""
    for answer in (get, head):
        answer.headers.pop("date")
    assert (head.status, head.headers) == (get.status, get.headers)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_is_taken(server: Server, method: str) -> None:
    assert ask(server, "a.html", method).status == 405


def test_site_is_at_its_base_path_and_nowhere_else(server: Server) -> None:
    base = base_of(server)
    assert server.address == f"http://127.0.0.1:{port_of(server)}{base}"
    if base == "/":
        return
    for path in ("/", "/repo"):
        answer = ask_at(server, path)
        assert (answer.status, answer.headers["location"]) == (302, base)
    for path in ("/a.html", "/repox/a.html", "/assets/"):
        answer = ask_at(server, path)
        assert answer.status == 404
        assert b"/repo/" in answer.body


@pytest.mark.parametrize(
    "path",
    [
        *(".sitegen.json", ".nojekyll", ".hidden.html", ".hidden", ".git/a.html", ".git/a"),
        *("../secret.txt", "x/../../secret.txt", "..", "../", "../secret", "./../secret.txt"),
        *("%2e%2e/secret.txt", "%2E%2E%2Fsecret.txt", "x/%2e%2e/%2e%2e/secret.txt"),
        *("..%2fsecret.txt", "..%5csecret.txt", "..\\secret.txt", "%252e%252e/secret.txt"),
        *("%c0%ae%c0%ae/secret.txt", "....//secret.txt", "x/.../secret.txt", "%00/../secret.txt"),
        *("{root}/secret.txt", "/{root}/secret.txt", "%2F{root}/secret.txt", "{root}/secret"),
        *("file://{root}/secret.txt", "C:/secret.txt", "c:secret.txt", "a.html/../../secret.txt"),
    ],
)
def test_nothing_outside_of_the_site_and_nothing_hidden_is_served(
    server: Server, root: Path, path: str
) -> None:
    """Asked through a socket, for a client library would tidy the address first."""
    target = base_of(server) + path.replace("{root}", str(root))
    with socket.create_connection(("127.0.0.1", port_of(server)), PATIENT) as client:
        client.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert int(answer.split()[1]) in (400, 404), answer
    assert SECRET not in answer
    assert b'"files"' not in answer


@pytest.mark.parametrize("host", ["", "evil/..", "a?b", "a#b", "[::1", "x:99999"])
def test_name_of_the_host_has_no_bearing_on_the_path(server: Server, host: str) -> None:
    with socket.create_connection(("127.0.0.1", port_of(server)), PATIENT) as client:
        lines = f"GET {base_of(server)}a.html HTTP/1.1\r\nHost: {host}\r\nConnection: close"
        client.sendall(f"{lines}\r\n\r\n".encode())
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert int(answer.split()[1]) == 200
    assert b"Hello" in answer


def test_script_is_served_and_is_no_part_of_the_site(server: Server, root: Path) -> None:
    answer = ask_at(server, "/.sitegen/reload.js")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert b"EventSource" in answer.body
    for content in tree(root / "output").values():
        assert b".sitegen/reload.js" not in content


def test_redirect_of_a_strange_folder_stays_on_this_host(tmp_path: Path) -> None:
    write_site(tmp_path, {"output/evil.example/index.html": "x", "output/index.html": "x"})
    with serving(Config(root=tmp_path), "127.0.0.1", 0) as server:
        answer = ask_at(server, "/evil.example")
        assert answer.headers["location"] == "/evil.example/"
        assert ask_at(server, "//evil.example").status != 301


# While there is no site


def test_as_long_as_there_is_no_site_the_browser_is_told_to_wait(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/a.md": HELLO})
    config = load_config(tmp_path)
    with serving(config, "127.0.0.1", 0) as server:
        answer = ask(server, "a")
        assert answer.status == 503
        assert b"Building" in answer.body
        assert answer.body.count(SCRIPT) == 1
        server.tell(BuildError("1 error", [problem("<i>bad</i>"), problem("w", Severity.WARNING)]))
        answer = ask(server, "")
        assert answer.status == 503
        assert b"content/a.md:3: &lt;i&gt;bad&lt;/i&gt;" in answer.body
        assert b": w<" not in answer.body
        build(tmp_path)
        assert ask(server, "").status == 200
        assert ask(server, "nothing").status == 404


def problem(message: str, severity: Severity = Severity.ERROR) -> Diagnostic:
    return Diagnostic(severity, message, "content/a.md", 3)


def test_requests_wait_while_a_build_is_committed(root: Path) -> None:
    answers: queue.Queue[int] = queue.Queue()
    with serving(load_config(root), "127.0.0.1", 0) as server:
        with server.gate:
            threads = [
                threading.Thread(target=lambda: answers.put(ask(server, "a").status))
                for _ in range(5)
            ]
            for thread in threads:
                thread.start()
            with pytest.raises(queue.Empty):
                answers.get(timeout=0.3)
        assert [answers.get(timeout=PATIENT) for _ in threads] == [200] * 5
        for thread in threads:
            thread.join(PATIENT)


# What browsers are told


class Stream:
    """The events that one browser gets."""

    def __init__(self, server: Server, seen: str | int = "") -> None:
        self.client = http.client.HTTPConnection("127.0.0.1", port_of(server), PATIENT)
        seen = seen if seen != "" else server.updates.count
        self.client.request("GET", f"/.sitegen/events?{seen}")
        self.response = self.client.getresponse()
        assert self.response.getheader("Content-Type", "").startswith("text/event-stream")
        assert self.block() == {"retry": "500"}

    def block(self) -> dict[str, str]:
        """The fields up to the next empty line; none at the end of the stream."""
        fields = {}
        while line := self.response.readline().decode().rstrip("\n"):
            name, _, value = line.partition(": ")
            fields[name] = value
        return fields

    def event(self) -> tuple[str, Any]:
        block = self.block()
        return block["event"], json.loads(block["data"])

    def close(self) -> None:
        self.response.close()
        self.client.close()


@pytest.fixture
def live(root: Path) -> Iterator[Server]:
    with serving(load_config(root), "127.0.0.1", 0) as server:
        yield server


NOTHING = Report(unchanged=9)
BUILT = Report(written=("a.html",), reasons=(("a.html", "its content changed"),))
RELOAD = ("built", {"style": ""})
FAILURE = BuildError("1 error; nothing was written", [problem("bad")])
FAILED = ("failed", {"problems": ["content/a.md:3: bad"]})


def test_browsers_hear_of_every_build_that_changed_something(live: Server) -> None:
    with closing(Stream(live)) as one, closing(Stream(live)) as two:
        for outcome in (NOTHING, BUILT, NOTHING, Report(removed=("a.html",)), FAILURE):
            live.tell(outcome)
        for stream in (one, two):
            assert [stream.event() for _ in range(3)] == [RELOAD, RELOAD, FAILED]


def test_failure_is_over_with_the_next_good_build_although_it_changed_nothing(
    live: Server,
) -> None:
    with closing(Stream(live)) as stream:
        for outcome in (FAILURE, FAILURE, NOTHING, NOTHING, ConfigError("no", path="x.toml")):
            live.tell(outcome)
        expected = [FAILED, FAILED, RELOAD, ("failed", {"problems": ["x.toml: no"]})]
        assert [stream.event() for _ in expected] == expected


def test_failure_without_errors_tells_the_warnings_that_count_as_such(live: Server) -> None:
    with closing(Stream(live)) as stream:
        live.tell(BuildError("--strict is on", [problem("bad", Severity.WARNING)]))
        assert stream.event() == FAILED


def test_browser_that_comes_later_hears_of_the_failure(live: Server) -> None:
    live.tell(FAILURE)
    with closing(Stream(live)) as stream:
        assert stream.event() == FAILED


def test_browser_that_missed_a_build_hears_of_it(live: Server) -> None:
    """Its page was sent before the build, and it listens only now."""
    page = ask(live, "a").body
    seen = page.split(b"reload.js?")[1].split(b'"')[0].decode()
    live.tell(BUILT)
    with closing(Stream(live, seen)) as stream:
        assert stream.event() == RELOAD
    page = ask(live, "a").body
    seen = page.split(b"reload.js?")[1].split(b'"')[0].decode()
    with closing(Stream(live, seen)) as stream:
        live.tell(FAILURE)
        assert stream.event() == FAILED


SHEET = "assets/style.0a1b2c3d.css"
ALL_STATIC = (("a.html", STATIC), ("index.html", STATIC))


@pytest.mark.parametrize(
    ("report", "style"),
    [
        (Report(("a.html", SHEET), reasons=ALL_STATIC), SHEET),
        (Report((SHEET,), removed=("assets/style.00000000.css",), reasons=ALL_STATIC), SHEET),
        (Report(("a.html", SHEET), reasons=(*ALL_STATIC, ("b.html", "new"))), ""),
        (Report(("a.html", "assets/x.0a1b2c3d.css", SHEET), reasons=ALL_STATIC), ""),
        (Report(("a.html", "assets/x.0a1b2c3d.js", SHEET), reasons=ALL_STATIC), ""),
        (Report(("a.html", "assets/x.0a1b2c3d.css"), reasons=ALL_STATIC), ""),
        (Report(("a.html", "assets/x.0a1b2c3d.js"), reasons=ALL_STATIC), ""),
        (Report(("x/assets/style.0a1b2c3d.css",), reasons=ALL_STATIC), ""),
        (Report(("a.html",), reasons=(("a.html", "its content changed"),)), ""),
    ],
)
def test_style_sheet_is_named_only_if_nothing_else_changed(
    live: Server, report: Report, style: str
) -> None:
    with closing(Stream(live)) as stream:
        live.tell(report)
        assert stream.event() == ("built", {"style": style})


def test_style_sheet_of_a_real_build_is_named(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/a.md": HELLO})
    build(tmp_path)
    with serving(load_config(tmp_path), "127.0.0.1", 0) as server, closing(Stream(server)) as one:
        write_site(tmp_path, {"layouts/static/css/own.css": "p { color: red }"})
        server.tell(build(tmp_path))
        name, data = one.event()
        assert (name, (tmp_path / "output" / data["style"]).is_file()) == ("built", True)
        write_site(tmp_path, {"layouts/static/css/own.css": "p {}", "content/b.md": HELLO})
        server.tell(build(tmp_path))
        assert one.event() == RELOAD


def test_browser_that_left_is_forgotten(live: Server) -> None:
    stream = Stream(live)
    wait_for(lambda: len(live.updates.queues) == 1)
    stream.close()

    def is_forgotten() -> bool:
        live.tell(BUILT)
        return not live.updates.queues

    wait_for(is_forgotten)


def wait_for(condition: Callable[[], object]) -> None:
    limit = time.monotonic() + PATIENT
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.01)


def test_news_before_the_server_runs_and_after_it_ended_are_lost_in_silence() -> None:
    updates = Updates()
    updates.failed([problem("bad")])
    updates.loop = asyncio.new_event_loop()
    updates.loop.close()
    updates.built(BUILT)
    updates.close()
    assert (updates.problems, updates.count) == ((), 1)


# Ports and the end


def test_next_port_is_taken_where_one_is_in_use() -> None:
    with open_port("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with open_port("127.0.0.1", port) as second:
            assert port < second.getsockname()[1] < port + 50


@pytest.mark.parametrize(
    ("host", "port"),
    [("192.0.2.1", 8000), ("::2", 8000), ("127.0.0.1", 70_000), ("127.0.0.1", -1)],
)
def test_host_or_port_that_this_machine_has_not_is_a_mistake(host: str, port: int) -> None:
    with pytest.raises(ConfigError) as caught:
        open_port(host, port)
    assert host in caught.value.message
    assert caught.value.hint == "see --port"


def test_only_a_port_that_is_taken_is_followed_by_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried = []

    class Nowhere(socket.socket):
        def bind(self, address: Any) -> None:
            tried.append(address)
            raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "socket", Nowhere)
    with pytest.raises(ConfigError, match="Name or service not known"):
        open_port("nowhere.invalid", 8000)
    assert tried == [("nowhere.invalid", 8000)]


@pytest.mark.parametrize("streams", [0, 3])
def test_end_closes_streams_and_port_and_leaves_no_thread(root: Path, streams: int) -> None:
    before = set(threading.enumerate())
    with serving(load_config(root), "127.0.0.1", 0) as server:
        port = port_of(server)
        assert ask(server, "a").status == 200
        open_streams = [Stream(server) for _ in range(streams)]
    assert not server.thread.is_alive()
    wait_for(lambda: set(threading.enumerate()) <= before)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), PATIENT)
    for stream in open_streams:
        assert stream.block() == {}
        stream.close()


def test_server_that_ends_at_once_leaves_no_thread(root: Path) -> None:
    before = set(threading.enumerate())
    for _ in range(3):
        with serving(load_config(root), "127.0.0.1", 0):
            pass
    wait_for(lambda: set(threading.enumerate()) <= before)


# The command

ENDS_WITHIN = 30
"""Seconds; a process that does not heed the signal would never end."""


@posix
@pytest.mark.parametrize("built_before", [False, True])
def test_command_serves_until_interrupted_and_leaves_the_output_alone(
    tmp_path: Path, built_before: bool
) -> None:
    root = write_site(tmp_path, {"content/a.md": HELLO, "sitegen.toml": ""})
    if built_before:
        build(root)
        write_site(root, {"content/a.md": HELLO.replace("Hello", "Changed")})
    output = {path: path.stat().st_mtime_ns for path in (root / "output").rglob("*")}
    names = {path.name for path in root.iterdir()} | {".sitegen"}
    environment = {**os.environ, "SITEGEN_BASE_URL": "https://b.org/repo/"}
    command = [*SITEGEN, "serve", "--root", str(root), "-p", "0"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    try:
        assert process.stdout
        line = process.stdout.readline()
        assert line.endswith("/repo/ (Ctrl-C to stop)\n")
        port = int(line.split(":")[2].split("/")[0])
        wait_for(lambda: page_at(port).status == 200)
        expected = b"Changed" if built_before else b"Hello"
        assert expected in page_at(port).body
        write_site(root, {"content/a.md": HELLO.replace("Hello", "Edited")})
        wait_for(lambda: b"Edited" in page_at(port).body)
        with closing(http.client.HTTPConnection("127.0.0.1", port, PATIENT)) as client:
            client.request("GET", "/.sitegen/events?")
            client.getresponse().readline()
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=ENDS_WITHIN)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 130
    assert err.strip() == "interrupted"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), PATIENT)
    assert {path.name for path in root.iterdir()} == names
    assert {path: path.stat().st_mtime_ns for path in (root / "output").rglob("*")} == output
    assert (root / ".sitegen/.gitignore").read_text() == "*\n"
    assert not (root / ".sitegen/serve/.sitegen.lock").exists()


def page_at(port: int) -> Answer:
    with closing(http.client.HTTPConnection("127.0.0.1", port, PATIENT)) as client:
        client.request("GET", "/repo/a.html")
        return Answer(client.getresponse())


@posix
def test_command_that_watches_ends_when_interrupted(tmp_path: Path) -> None:
    root = write_site(tmp_path, {"content/a.md": HELLO})
    command = [*SITEGEN, "watch", "--root", str(root)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        assert "files changed in" in process.stdout.readline()
        write_site(root, {"content/b.md": HELLO})
        assert "files changed in" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=ENDS_WITHIN)
    finally:
        process.kill()
        process.communicate()
    assert (process.returncode, err.strip()) == (130, "interrupted")
    assert (root / "output/b.html").is_file()
    assert not (root / "output/.sitegen.lock").exists()


@posix
def test_command_says_why_it_cannot_listen(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/a.md": HELLO})
    command = [*SITEGEN, "serve", "--root", str(tmp_path), "--host", "192.0.2.1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENT, check=False)
    assert done.returncode == 2
    assert "192.0.2.1" in done.stderr
    assert "Traceback" not in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"content"}
