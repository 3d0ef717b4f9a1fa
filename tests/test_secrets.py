"""Secrets: what is found, what is not, what is said of it, and who may publish it all the same."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from helpers import exported, reading, tree, write_site
from hypothesis import given
from hypothesis import strategies as st
from planting import bases, fields
from secret_samples import Maker, Sample, keys, near_misses, true_samples

from sitegen import build
from sitegen.allowlist import read_allowed
from sitegen.config import load_config
from sitegen.errors import BuildError, ConfigError, Severity
from sitegen.secrets import find_secrets, secret_warnings
from sitegen.secrets.checks import has_crc, is_placeholder, is_random, is_weak_password
from sitegen.watch import Watch

SEEDS = range(1, 4)


def found_in(sample: Sample) -> list[str]:
    return [sample.text[secret.start : secret.end] for secret in find_secrets(sample.text)]


# Measured on a labelled set


@pytest.mark.parametrize("seed", SEEDS)
def test_recall_and_precision_on_the_labelled_set(seed: int) -> None:
    true, near = list(true_samples(seed, 6)), list(near_misses(seed, 40))
    assert len(true) >= 200
    assert len(near) >= 2_000
    missed = [
        sample.kind
        for sample in true
        if not any(sample.secret in one or one in sample.secret for one in found_in(sample))
    ]
    wrong = [(sample.kind, sample.text) for sample in near if found_in(sample)]
    hits = len(true) - len(missed)
    assert hits / len(true) >= 0.98, Counter(missed)
    assert hits / (hits + len(wrong)) >= 0.95, wrong


def test_every_kind_is_found_more_often_than_not() -> None:
    """No kind hides behind the others in the figures."""
    hits: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for sample in true_samples(11, 8):
        kinds[sample.kind] += 1
        hits[sample.kind] += bool(found_in(sample))
    assert all(hits[kind] >= 0.75 * count for kind, count in kinds.items()), kinds - hits


def test_excerpt_shows_nothing_but_what_kind_it_is() -> None:
    heads = {"sk-", "sk-ant-", "sk-or-v1-", "AIza", "ya29.", "GOCSPX-", "eyJ", "-----BEGIN "}
    for sample in true_samples(13, 3):
        for secret in find_secrets(sample.text):
            head = secret.excerpt.partition("…")[0]
            assert head in heads or re.fullmatch(r"[a-z]{1,6}[-_](?:pat_|v1_|AgE)?|A[KS]IA|", head)


def test_password_is_not_shown_in_part() -> None:
    (secret,) = find_secrets("postgres://me:Summer-4711x@db.net/x")
    assert secret.excerpt == "…(12 characters)"


def test_each_secret_is_found_once() -> None:
    for sample in true_samples(12, 3):
        assert len(found_in(sample)) == 1, sample.kind


# In places where it is easily passed over


KEY = keys(Maker(5))["GitHub, personal"]()


@pytest.mark.parametrize(
    "text",
    [
        KEY,
        "word " * 10_000 + KEY,
        "x" * 100_000 + " " + KEY + " " + "y" * 100_000,
        f"é漢\U0001f30a {KEY}",
        f"**{KEY}**",
        f"https://x.org/?token={KEY}&a=b",
        f"\n{KEY}\n{KEY}x\n",
    ],
    ids=["alone", "late", "between long runs", "after wide signs", "bold", "address", "lines"],
)
def test_place_of_a_secret_is_told_exactly(text: str) -> None:
    (secret,) = find_secrets(text)
    assert text[secret.start : secret.end] == KEY
    assert secret.digest == hashlib.sha256(KEY.encode()).hexdigest()


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_can_be_looked_through(before: str, after: str) -> None:
    secrets = find_secrets(f"{before}\n{KEY}\n{after}")
    assert any(secret.kind == "a GitHub token" for secret in secrets)


HOSTILE = {
    "headers": "-----BEGIN RSA PRIVATE KEY-----\nA:" * 5_000,
    "fields": "-----BEGIN RSA PRIVATE KEY-----\n" + "A:a\nAB:b\n" * 5_000,
    "servers": "server=a;" * 20_000 + "password=",
    "addresses": "://a:b:c" * 20_000,
    "names": "api_key_token_secret." * 8_000 + "1a" * 30,
    "dots": "eyJ" + "eyJa." * 30_000,
    "hints": "sk-" * 50_000 + "ghp_" * 20_000 + "-----BEGIN " * 10_000,
    "slack": "xoxb-" + "1-" * 60_000,
    "runs": ("a1" * 15 + " ") * 8_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_takes_long(name: str) -> None:
    """Each takes well under a second; what backtracks would take hours."""
    find_secrets(HOSTILE[name])


# Checks


def test_checksum_of_github_and_npm_is_known() -> None:
    token = Maker(7).checked("ghp")
    assert has_crc(token)
    assert not has_crc(token[:-1] + ("a" if token[-1] != "a" else "b"))


@pytest.mark.parametrize(
    "text", ["password", "changeme", "<password>", "${DB_PASS}", "****", "root", "hunter2", "x"]
)
def test_password_of_an_example_is_none(text: str) -> None:
    assert is_weak_password(text)


def test_random_and_not() -> None:
    assert is_random(Maker(3).draw("abcdefghijkmnpqrstuvwxyz23456789ABCDEFGH", 40))
    assert not is_random("aaaaaaaaaabbbbbbbbbbaaaaaaaaaabbbbbbbbbb")
    assert is_placeholder("YOUR-KEY") and not is_placeholder("Kq7tY2wR")


# What the build says of it


def project(root: Path, text: str, **files: str) -> Path:
    talk = exported([("Ada", text), ("Brook", "Indeed.")])
    return write_site(
        root, {"content/a.md": talk, **{k.replace("__", "/"): v for k, v in files.items()}}
    )


def test_build_warns_with_file_line_kind_and_no_secret(tmp_path: Path) -> None:
    report = build(project(tmp_path, f"one\n\ntwo {KEY} three"))
    (warning,) = report.diagnostics
    assert (warning.severity, warning.path, warning.line) == (Severity.WARNING, "content/a.md", 12)
    assert warning.message == "this looks like a GitHub token: ghp_…(40 characters)"
    assert KEY not in f"{warning}"
    assert hashlib.sha256(KEY.encode()).hexdigest() in warning.hint


def test_same_secret_is_said_once_a_file(tmp_path: Path) -> None:
    assert len(build(project(tmp_path, f"{KEY} and {KEY}")).diagnostics) == 1


def test_secret_is_neither_printed_nor_cached(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    from sitegen.cli import run

    root = project(tmp_path, "x " * 200 + KEY)
    for options in ([], ["-v"], ["--json"], ["--strict"]):
        run(["build", "--root", str(root), *options])
    out, err = capfd.readouterr()
    assert KEY not in out + err
    assert "ghp_…(40 characters)" in err
    cached = b"".join(tree(root / ".sitegen").values())
    assert KEY.encode() not in cached
    assert b"GitHub token" in cached


def test_warning_is_said_again_when_nothing_changed(tmp_path: Path) -> None:
    root = project(tmp_path, KEY)
    first, again = build(root), build(root)
    assert again.reasons == ()
    assert again.diagnostics == first.diagnostics != ()


def test_strict_build_fails_and_writes_nothing(tmp_path: Path) -> None:
    root = project(tmp_path, KEY)
    with pytest.raises(BuildError, match="1 warning"):
        build(root, strict=True)
    assert not list((root / "output").glob("*.html"))


@pytest.mark.parametrize("field", ["title", "summary", "note", "tags", "anything"])
def test_every_field_is_looked_through(tmp_path: Path, field: str) -> None:
    text = f"---\n{field}: see {KEY}\n---\n" + exported([("Ada", "Hi."), ("Bo", "Ho.")])
    (warning,) = build(write_site(tmp_path, {"content/a.md": text})).diagnostics
    assert (warning.path, warning.line) == ("content/a.md", 2)


def test_pages_are_looked_through(tmp_path: Path) -> None:
    root = project(tmp_path, "Hi.", content__pages__about="x")
    write_site(root, {"content/pages/about.md": f"# About\n\n{KEY}\n"})
    (warning,) = (d for d in build(root).diagnostics if "looks like" in d.message)
    assert (warning.path, warning.line) == ("content/pages/about.md", 3)


def test_draft_is_nobodys_business(tmp_path: Path) -> None:
    text = "---\ndraft: true\n---\n" + exported([("Ada", KEY)])
    root = write_site(tmp_path, {"content/a.md": text, "content/b.md": exported([("Ada", "Hi.")])})
    assert not [d for d in build(root).diagnostics if "looks like" in d.message]
    assert [d for d in build(root, drafts=True).diagnostics if "looks like" in d.message]


def test_redacted_secret_is_none(tmp_path: Path) -> None:
    root = project(tmp_path, f"It is {KEY} and postgres://me:Xk29vTq81z@db.net/x")
    write_site(root, {"sitegen.toml": "[redact]\npatterns = ['ghp_\\w+', 'Xk29\\w+']\n"})
    assert build(root).diagnostics == ()


# The allow-list


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_allowed_secret_is_published_in_silence(tmp_path: Path) -> None:
    root = project(tmp_path, KEY)
    assert build(root).diagnostics
    write_site(root, {".sitegen-allow": f"# Revoked in 2024\n\n{digest_of(KEY)}  # of the demo\n"})
    assert build(root, strict=True).diagnostics == ()
    write_site(root, {".sitegen-allow": digest_of("another").upper()})
    assert build(root).diagnostics


@pytest.mark.parametrize(
    "line", ["abc", KEY, digest_of("x") + "x", digest_of("x")[:-1], "x " + digest_of("x")]
)
def test_line_that_is_no_digest_is_refused(tmp_path: Path, line: str) -> None:
    write_site(tmp_path, {".sitegen-allow": f"# one\n{line}\n"})
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path)
    assert (caught.value.path, caught.value.line) == (".sitegen-allow", 2)
    assert KEY not in str(caught.value)


def test_allow_list_may_have_any_line_ends_and_capitals(tmp_path: Path) -> None:
    one, two = digest_of("1"), digest_of("2")
    (tmp_path / ".sitegen-allow").write_bytes(
        f"\ufeff{two.upper()}\r\n {one} # x\r\n{one}\r\n".encode()
    )
    assert read_allowed(tmp_path) == tuple(sorted([one, two]))


def test_watch_sees_the_allow_list(tmp_path: Path) -> None:
    assert (
        tmp_path / ".sitegen-allow"
        in Watch.of(load_config(write_site(tmp_path, {"content/a.md": "x"}))).files
    )


def test_report_as_json_has_the_warning(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    from sitegen.cli import run

    assert run(["build", "--root", str(project(tmp_path, KEY)), "--json"]) == 0
    (found,) = json.loads(capfd.readouterr().out)["diagnostics"]
    assert found["message"].startswith("this looks like a GitHub token")


def test_secret_is_found_in_every_place_of_every_format() -> None:
    """Whatever of a file is shown as it is, is looked through."""
    count = 0
    for name, base in bases().items():
        make = Maker(len(name))
        secrets = {place: make.checked("gh" + "p") for place in fields(name)}
        data = base.planted({place: f"at {secret} now" for place, secret in secrets.items()})
        found = reading(data, base.file).transcripts
        # A kind of chat is shown with a space for `_`; a path of Markdown has a `\\` before it.
        shown = repr(found).replace("\\", "")
        expected = {secret for secret in secrets.values() if secret in shown}
        hints = "".join(warning.hint for warning in secret_warnings(found, data, base.file, ()))
        missed = [s for s in expected if hashlib.sha256(s.encode()).hexdigest() not in hints]
        assert missed == [], name
        count += len(expected)
    assert count > 700


def test_files_of_text_that_are_copied_are_looked_through(tmp_path: Path) -> None:
    secret = Maker(3).checked("gh" + "p")
    talk = exported([("Ada", "![the script](run.py)"), ("Brook", "Yes.")])
    files = {"content/a.md": talk, "content/run.py": f"import os\ntoken = '{secret}'\n"}
    for _ in range(2):
        report = build(write_site(tmp_path, files))
        (found,) = (d for d in report.diagnostics if d.severity is Severity.WARNING)
        assert found.message.endswith("GitHub token: ghp_…(40 characters), in line 2 of “run.py”")
        assert found.path == "content/a.md"
    with pytest.raises(BuildError):
        build(tmp_path, strict=True)
    write_site(tmp_path, {".sitegen-allow": hashlib.sha256(secret.encode()).hexdigest() + "\n"})
    build(tmp_path, strict=True)
