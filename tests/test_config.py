"""Settings: which of several words counts, and what is said of those that make no sense."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pytest
from helpers import write_site
from hypothesis import example, given
from hypothesis import strategies as st

from sitegen.config import Config, load_config
from sitegen.errors import ConfigError


def config(root: Path, text: str, name: str = "sitegen.toml") -> Config:
    return load_config(write_site(root, {name: text}))


def test_without_a_file_everything_has_a_default(tmp_path: Path) -> None:
    found = load_config(tmp_path)
    assert found == Config(root=tmp_path)
    assert found.content == tmp_path / "content"
    assert found.layouts == tmp_path / "layouts"
    assert found.output == tmp_path / "output"
    assert (found.file, found.base_path) == ("", "/")


EVERYTHING = """
[site]
title = "Tides"
base_url = "https://x.org/a/b"
description = "d"
language = "pt-BR"
timezone = "Asia/Tokyo"
author = "me"

[paths]
content = "in"
layouts = "look"
output = "out"

[pages]
urls = "directory"
index_size = 20

[markup]
engine = "markdown"
remote_images = "show"
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sitegen.toml", EVERYTHING),
        ("sitegen.toml", "\ufeff" + EVERYTHING.replace("\n", "\r\n")),
        ("pyproject.toml", "[project]\nname='x'\n" + EVERYTHING.replace("\n[", "\n[tool.sitegen.")),
    ],
)
def test_every_key_is_read(tmp_path: Path, name: str, text: str) -> None:
    found = config(tmp_path, text, name)
    assert found.file == str(tmp_path / name)
    assert found.site.title == "Tides"
    assert found.site.base_url == "https://x.org/a/b/"
    assert found.base_path == "/a/b/"
    assert found.site.description == "d"
    assert found.site.language == "pt-BR"
    assert found.site.timezone == "Asia/Tokyo"
    assert found.site.author == "me"
    assert found.content == tmp_path / "in"
    assert found.layouts == tmp_path / "look"
    assert found.output == tmp_path / "out"
    assert (found.pages.urls, found.pages.index_size) == ("directory", 20)
    assert (found.markup.engine, found.markup.remote_images) == ("markdown", "show")


@pytest.mark.parametrize(
    ("files", "title"),
    [
        ({"pyproject.toml": "[tool.other]\nx=1"}, "Conversations"),
        ({"pyproject.toml": "tool = 3"}, "Conversations"),
        ({"pyproject.toml": '[tool.sitegen.site]\ntitle="P"'}, "P"),
        (
            {
                "sitegen.toml": '[site]\ntitle="S"',
                "pyproject.toml": '[tool.sitegen.site]\ntitle="P"',
            },
            "S",
        ),
        ({"sitegen.toml": "", "pyproject.toml": '[tool.sitegen.site]\ntitle="P"'}, "Conversations"),
    ],
)  # fmt: skip
def test_the_file_of_our_own_comes_first(tmp_path: Path, files: dict[str, str], title: str) -> None:
    assert load_config(write_site(tmp_path, files)).site.title == title


def test_another_file_can_be_named(tmp_path: Path) -> None:
    write_site(tmp_path, {"sitegen.toml": "broken [", "other.toml": '[site]\ntitle="O"'})
    assert load_config(tmp_path, config="other.toml").site.title == "O"
    assert load_config(tmp_path, config=tmp_path / "other.toml").file == str(
        tmp_path / "other.toml"
    )
    with pytest.raises(ConfigError, match=r"none\.toml does not exist"):
        load_config(tmp_path, config="none.toml")


def test_a_flag_beats_the_environment_which_beats_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_site(tmp_path, {"sitegen.toml": '[site]\nbase_url="https://file.org"'})
    assert load_config(tmp_path).site.base_url == "https://file.org/"
    monkeypatch.setenv("SITEGEN_BASE_URL", "https://env.org")
    assert load_config(tmp_path).site.base_url == "https://env.org/"
    assert load_config(tmp_path, base_url=None).site.base_url == "https://env.org/"
    assert load_config(tmp_path, base_url="https://flag.org//").site.base_url == "https://flag.org/"


def test_switches_and_the_output_come_from_flags(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, here = tmp_path / "project", tmp_path / "here"
    root.mkdir()
    here.mkdir()
    monkeypatch.chdir(here)
    found = load_config(
        root, output="site", drafts=True, strict=True, keep_going=True, dry_run=True
    )
    assert found.output == here / "site"
    assert (found.drafts, found.strict, found.keep_going, found.dry_run) == (True,) * 4
    found = load_config(root, drafts=False, strict=None)
    assert (found.drafts, found.strict, found.keep_going, found.dry_run) == (False,) * 4
    with pytest.raises(TypeError, match="unknown override: draft"):
        load_config(root, draft=True)


def test_a_missing_project_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="does not exist") as caught:
        load_config(tmp_path / "nowhere")
    assert "--root" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ("[site\n", 1, "not valid TOML", ""),
        ('[site]\ntitle = "a\n', 2, "not valid TOML", ""),
        ('\n[site]\ntitle = "a"\ntitle = "b"\n', 4, "not valid TOML", ""),
        ("a = " + "[" * 5_000, 1, "not valid TOML", ""),
        ("a = " + "1" * 5_000, 1, "not valid TOML", ""),
        ("\n[sitte]\n", 2, "unknown table [sitte]", "did you mean `site`?"),
        ("[zzz]\n", 1, "unknown table [zzz]", "known here: site, paths, pages, markup"),
        ("[site]\n[site.deep]\nx=1\n", 0, "unknown key `site.deep`", "known here: title"),
        ('[paths]\n\n[site]\ntitel = ""\n', 4, "unknown key `site.titel`", "did you mean `title`?"),
        ('[site]\n"base url" = ""\n', 2, "unknown key `site.base url`", "did you mean `base_url`?"),
        ("site = 3\n", 1, "`site` must be a table", "write [site] on a line of its own"),
        ("[[site]]\n", 1, "`site` must be a table", "write [site] on a line of its own"),
        ("[site]\n\ntitle = 3\n", 3, "`site.title`: expected `str`, got `int`", ""),
        ("[site]\ntitle = 2025-01-01\n", 2, "`site.title`: expected `str`", ""),
        (
            '[pages]\nurls = "Directory - at `$.x`"\n', 2,
            "`pages.urls`: invalid enum value 'Directory - at `$.x`'", 'one of "file", "directory"',
        ),
        ("[pages]\n\nindex_size = -1\n", 3, "-1 is not a number of transcripts", "0 puts all on"),
        ('[markup]\nengine = "md"\n', 2, "`markup.engine`", 'one of "commonmark", "markdown"'),
        ('[site]\ntimezone = "Mars/Base"\n', 2, "is not a time zone", "Europe/Berlin"),
        ('[site]\ntimezone = ""\n', 2, "is not a time zone", "Europe/Berlin"),
        ('[site]\ntimezone = "Europe"\n', 2, "is not a time zone", "Europe/Berlin"),
        ('[site]\ntimezone = "../../etc/passwd"\n', 2, "is not a time zone", "Europe/Berlin"),
        ('[site]\nlanguage = "en_GB"\n', 2, '"en_GB" is not a language tag', "pt-BR"),
        ('[site]\nlanguage = "en\\n"\n', 2, "is not a language tag", "pt-BR"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_its_line_and_a_remedy(
    tmp_path: Path, text: str, line: int, message: str, hint: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        config(tmp_path, text)
    assert message in caught.value.message
    assert (caught.value.path, caught.value.line) == ("sitegen.toml", line)
    assert hint in caught.value.hint
    assert caught.value.hint or not hint


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("[project]\n\n[tool.sitegen.site]\ntitel = ''\n", 4, "unknown key `site.titel`"),
        ("[tool.sitegen]\nsite.title = 3\n", 0, "`site.title`: expected `str`"),
        ("[tool.sitegen.sitte]\nx = 1\n", 1, "unknown table [sitte]"),
        ("[tool]\nsitegen = 3\n", 0, "`tool.sitegen` must be a table"),
        ("[tool]\nsitegen = 'site'\n", 0, "`tool.sitegen` must be a table"),
        ("[tool\n", 1, "not valid TOML"),
    ],
)
def test_pyproject_is_held_to_the_same_rules(
    tmp_path: Path, text: str, line: int, message: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        config(tmp_path, text, "pyproject.toml")
    assert message in caught.value.message
    assert (caught.value.path, caught.value.line) == ("pyproject.toml", line)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    write_site(tmp_path, {"sitegen.toml": b"[site]\ntitle = '\xff'\n"})
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path)


@pytest.mark.parametrize(
    "url",
    [
        *("x.org", "/archive/", "ftp://x.org/", "javascript:alert(1)", "https://", "https:///a"),
        *("https://x.org/?q=1", "https://x.org/#a", "https://x.org/a b", "https://x.org/\\n"),
        *("http://[", "http://x.org:port/", "http://:80/", "https://@/"),
    ],
)
def test_an_address_that_serves_no_site_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigError, match="is not the address of a site") as caught:
        config(tmp_path, f'[site]\ntitle = ""\nbase_url = "{url}"\n')
    assert caught.value.line == 3
    assert "https://someone.github.io/archive/" in caught.value.hint


@pytest.mark.parametrize(
    ("url", "base_path"),
    [
        ("https://x.org", "/"),
        ("http://localhost:8000/", "/"),
        ("https://x.org/archive", "/archive/"),
        ("https://x.org/a/b///", "/a/b/"),
        ("https://[::1]/a/", "/a/"),
    ],
)
def test_an_address_ends_in_one_slash_and_gives_the_base_path(
    tmp_path: Path, url: str, base_path: str
) -> None:
    found = config(tmp_path, f'[site]\nbase_url = "{url}"\n')
    assert found.base_path == base_path
    assert found.site.base_url == url.rstrip("/") + "/"


KEYS = st.sampled_from(
    ["site", "paths", "pages", "markup", "title", "urls", "timezone", "base_url", "engine"]
) | st.from_regex(r"[A-Za-z0-9_-]{1,8}", fullmatch=True)
VALUES = st.recursive(
    st.sampled_from(["3", "-0.5", "inf", "true", "2025-01-01", "'file'", "'UTC'", "'http://['"])
    | st.text("a.:/[]{}$`' é", max_size=6).map(lambda text: '"' + text + '"'),
    lambda values: (
        st.lists(values, max_size=2).map(lambda items: f"[{', '.join(items)}]")
        | st.tuples(KEYS, values).map(lambda pair: f"{{{pair[0]} = {pair[1]}}}")
    ),
    max_leaves=4,
)
ROWS = st.one_of(
    st.tuples(KEYS, VALUES).map(lambda pair: f"{pair[0]} = {pair[1]}"),
    st.tuples(KEYS, KEYS, VALUES).map(lambda row: f"{row[0]}.{row[1]} = {row[2]}"),
    KEYS.map(lambda key: f"[{key}]"),
    KEYS.map(lambda key: f"[[{key}]]"),
    KEYS.map(lambda key: f"[tool.sitegen.{key}]"),
    st.text(st.characters(blacklist_categories=["Cs"]), max_size=8),
)


@given(st.lists(ROWS, max_size=6).map("\n".join), st.booleans())
@example("site = 'x'", False)
@example("tool.sitegen = 'x'", True)
@example("tool = []", True)
def test_any_file_gives_settings_or_a_config_error(text: str, pyproject: bool) -> None:
    name = "pyproject.toml" if pyproject else "sitegen.toml"
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = config(Path(folder), text, name)
        except ConfigError as error:
            assert error.path == name
            assert 0 <= error.line <= text.count("\n") + 1
        else:
            assert isinstance(found.site.title, str)
            assert found.pages.urls in ("file", "directory")


@pytest.mark.skipif(sys.platform == "win32", reason="paths differ")
def test_absolute_paths_are_taken_as_they_are(tmp_path: Path) -> None:
    assert config(tmp_path, '[paths]\noutput = "/srv/site"\n').output == Path("/srv/site")
