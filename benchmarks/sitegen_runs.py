"""sitegen's own project, and which of the cases this version of it can run."""

from __future__ import annotations

import dataclasses
import re
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.cases import Case, Project
from sitegen.config import SiteConfig

__all__ = ["build_flags", "flags_in", "lay_out", "missing_flag"]

LAYOUT = """{% extends "default/transcript.html" %}
{% block neighbours %}
{{ super() }}
<p>revision 0</p>
{% endblock %}
"""

NOT_COMPARED = ("search", "social_cards")
"""Work that the peers do not do either."""


def lay_out(corpus: Path, root: Path) -> Project:
    """Make a project of the transcripts in `corpus`."""
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(corpus, root / "content")
    (root / "layouts").mkdir()
    layout, config = root / "layouts" / "transcript.html", root / "sitegen.toml"
    layout.write_text(LAYOUT, encoding="utf-8")
    config.write_text(_config(), encoding="utf-8")
    command = (sys.executable, "-m", "sitegen", "build", "--quiet")
    return Project(root, command, command, layout, config, caches=(root / ".sitegen",))


def build_flags() -> frozenset[str]:
    """The flags of `sitegen build`, as its help lists them."""
    command = [sys.executable, "-m", "sitegen", "build", "--help"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return flags_in(said)


def flags_in(help_text: str) -> frozenset[str]:
    """Every flag, short and long, that a help text lists."""
    lines = re.findall(r"^ +(-.*?)(?:  |$)", help_text, re.MULTILINE)
    return frozenset(flag for line in lines for flag in re.findall(r"--?[a-z][\w-]*", line))


def missing_flag(case: Case, flags: frozenset[str]) -> str:
    """The flag that a case needs and this sitegen lacks; empty if it can run."""
    return next((flag for flag in case.extra[:1] if flag not in flags), "")


def _config() -> str:
    known = {field.name for field in dataclasses.fields(SiteConfig)}
    off = "".join(f"{key} = false\n" for key in NOT_COMPARED if key in known)
    return f'[site]\ntitle = "Chats, revision 0"\n{off}'
