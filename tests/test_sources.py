"""`[[sources]]`: what a folder's files have in common is said once."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers import built, source, spoken, write_site

from sitegen.config import Config, SourceConfig, load_config
from sitegen.errors import ConfigError
from sitegen.readers import Settings, check_formats, settings_for
from sitegen.readers.reading import read_transcripts

TALK = "**Ada:** One.\n\n**Brook:** Two.\n\n**Ada:** Three.\n\n**Brook:** Four.\n"
CHATS = (
    "# aider chat started at 2025-04-02 08:15:00\n\n#### one  \n\nyes\n\n"
    "# aider chat started at 2025-04-03 09:00:00\n\n#### two  \n\nno\n"
)


def config_with(*rules: SourceConfig) -> Config:
    return Config(Path("/nowhere"), sources=rules)


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("**", "a.md", True),
        ("**/*.md", "a.md", True),
        ("**/*.md", "x/y/a.md", True),
        ("*.md", "x/a.md", False),
        ("x/*.md", "x/a.md", True),
        ("x/**", "x/y/a.md", True),
        ("x/**/a.md", "x/a.md", True),
        ("x/a?.md", "x/ab.md", True),
        ("x/a?.md", "x/a/.md", False),
        ("a.md", "axmd", False),
        ("(a|b).md", "a.md", False),
        ("ℓ [1].md", "ℓ [1].md", True),
    ],
)
def test_a_pattern_matches_paths_in_the_content_folder(
    pattern: str, path: str, matches: bool
) -> None:
    settings = settings_for(config_with(SourceConfig(pattern, tags=("hit",))), path)
    assert settings.tags == (("hit",) if matches else ())


def test_all_rules_that_match_count_and_the_later_wins() -> None:
    config = config_with(
        SourceConfig("**", "podcast", "Asia/Tokyo", ("a", "b"), {"me": "Ada", "x": "X"}, "merge"),
        SourceConfig("no/**", "aider", "Europe/Paris"),
        SourceConfig("*.md", tags=("b", "c"), names={"me": "Brook"}),
    )
    assert settings_for(config, "a.md") == Settings(
        "Asia/Tokyo", "podcast", ("a", "b", "c"), {"me": "Brook", "x": "X"}, False
    )
    assert settings_for(config, "no/a.md").format == "aider"
    assert settings_for(config_with(), "a.md") == Settings("UTC")


def read_with(text: str, settings: Settings) -> list[list[tuple[str, str]]]:
    found = read_transcripts(text.encode(), source(), settings.timezone, settings)
    return [spoken(transcript) for transcript in found.transcripts]


def test_names_are_changed_everywhere_and_tags_are_added() -> None:
    settings = Settings(names={"Ada": "Ada Quill", "Brook": "Ada Quill"}, tags=("sea",))
    found = read_transcripts(TALK.encode(), source(), "UTC", settings)
    (transcript,) = found.transcripts
    assert {message.speaker for message in transcript.messages} == {"Ada Quill"}
    assert [person.name for person in transcript.participants] == ["Ada Quill"]
    assert transcript.tags == ("sea",)


def test_times_are_in_the_zone_of_the_rule() -> None:
    settings = Settings(timezone="Asia/Tokyo")
    found = read_transcripts(CHATS.encode(), source(), settings.timezone, settings)
    assert str(found.transcripts[0].started) == "2025-04-02 08:15:00+09:00"


def test_a_file_of_several_conversations_is_split_or_merged() -> None:
    assert len(read_with(CHATS, Settings())) == 2
    (merged,) = read_with(CHATS, Settings(merge=True))
    first, second = (
        "aider chat started at 2025-04-02 08:15:00",
        "aider chat started at 2025-04-03 09:00:00",
    )
    assert merged == [
        *[("", first), ("User", "one"), ("aider", "yes")],
        *[("", second), ("User", "two"), ("aider", "no")],
    ]
    found = read_transcripts(CHATS.encode(), source(), "UTC", Settings(merge=True))
    (transcript,) = found.transcripts
    assert [message.number for message in transcript.messages] == [1, 2, 3, 4, 5, 6]
    assert (transcript.title, transcript.slug) == ("a", "a")
    assert str(transcript.started) == "2025-04-02 08:15:00+00:00"
    assert str(transcript.ended) == "2025-04-03 09:00:00+00:00"


def test_a_named_format_is_the_only_one_that_is_tried() -> None:
    found = read_transcripts(TALK.encode(), source(), "UTC", Settings(format="aider"))
    assert found.transcripts[0].format == "document"
    found = read_transcripts(TALK.encode(), source(), "UTC", Settings(format="podcast"))
    assert (found.transcripts[0].format, len(found.transcripts[0].messages)) == ("podcast", 4)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("[[sources]]\nfile = 'x'\n", 2, "unknown key `sources.file`"),
        ("[[sources]]\ntags = ['x']\n", 1, "missing required field `files`"),
        ("[[sources]]\nfiles = '**'\ntags = 'x'\n", 3, "expected `array`, got `str`"),
        ("[[sources]]\nfiles = '**'\nconversations = 'joined'\n", 3, "invalid enum value"),
        ("[[sources]]\nfiles = '**'\ntimezone = 'Mars'\n", 3, "is not a time zone"),
        ("[sources]\nfiles = '**'\n", 1, "must be a list of tables"),
    ],
)
def test_what_is_not_understood_is_an_error_with_its_line(
    tmp_path: Path, text: str, line: int, message: str
) -> None:
    write_site(tmp_path, {"sitegen.toml": text})
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path)
    assert message in caught.value.message
    assert caught.value.line in (line, 0)


def test_a_format_that_does_not_exist_is_an_error_that_names_all() -> None:
    with pytest.raises(ConfigError, match='"podcasts" is not a format') as caught:
        check_formats(config_with(SourceConfig("**", "podcasts")))
    assert '"podcast"' in caught.value.hint


def test_a_change_of_a_rule_makes_the_page_anew(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/talk.md": TALK})
    assert b"Ada Quill" not in built(tmp_path)["talk.html"]
    rule = '[[sources]]\nfiles = "**"\ntags = ["pier"]\n[sources.names]\nAda = "Ada Quill"\n'
    write_site(tmp_path, {"sitegen.toml": rule})
    pages = built(tmp_path)
    assert b"Ada Quill" in pages["talk.html"]
    assert "tags/pier.html" in pages


def test_aiders_own_name_for_its_history_is_read(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/.aider.chat.history.md": CHATS, "content/.hidden.md": "x"})
    found = [name for name in built(tmp_path) if name.startswith("aider-chat-history")]
    pages = [name for name in found if name.endswith(".html") and "/" not in name]
    assert len(pages) == 2
