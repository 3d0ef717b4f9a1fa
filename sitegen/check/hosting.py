"""What GitHub Pages makes of a site: its address, and the limits that it sets."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from sitegen.check.inspect import InspectedFile
from sitegen.config import Config
from sitegen.errors import Diagnostic, Severity

__all__ = ["check_address", "check_limits"]

# https://docs.github.com/en/pages/getting-started-with-github-pages/github-pages-limits
MAX_SITE = 1_000_000_000
"""Bytes of a published site."""
MAX_FILE = 100_000_000
"""Bytes of a file that Git on GitHub takes."""
MAX_SECONDS = 600
"""Seconds after which a deployment times out."""
NEAR = 0.8
"""The part of a limit from which it is worth knowing."""

ACTIONS_ADDRESS = 'pass --base-url "${{ steps.pages.outputs.base_url }}/" after configure-pages'


def check_address(config: Config, environment: Mapping[str, str]) -> Iterator[Diagnostic]:
    """What is wrong with the site's address, also for the repository that is being built.

    `environment` is that of the process: GitHub Actions says there where it runs.
    """
    on_actions = environment.get("GITHUB_ACTIONS") == "true"
    address = config.site.base_url
    path, line = _place(config)

    def warn(message: str, hint: str) -> Diagnostic:
        return Diagnostic(Severity.WARNING, message, path, line, hint=hint)

    if not address:
        if on_actions:
            yield warn(
                "`site.base_url` is not set: 404.html, canonical addresses and feeds need it",
                ACTIONS_ADDRESS,
            )
        return
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    if _is_this_machine(host):
        yield warn(
            f"`site.base_url` is {address}, which only this machine can reach",
            "write the address at which readers will find the site",
        )
    if not host.endswith(".github.io"):
        return
    if parts.scheme == "http":
        yield warn("`site.base_url` begins with http://", f"write https://{host}{parts.path}")
    expected = _expected(environment.get("GITHUB_REPOSITORY", ""))
    if on_actions and expected and address.casefold() != expected.casefold():
        # A custom domain is no github.io address, and can lead anywhere.
        yield warn(
            f"`site.base_url` is {address}, but this repository is published at {expected}",
            ACTIONS_ADDRESS,
        )


def check_limits(files: Mapping[str, InspectedFile], seconds: float) -> Iterator[Diagnostic]:
    """What of a site GitHub Pages would not take; `seconds` is how long it took to build."""
    for path, file in files.items():
        if file.size > MAX_FILE:
            yield Diagnostic(
                Severity.ERROR,
                f"its page {path} has {_size(file.size)}; GitHub takes files up to 100 MB",
                file.owner,
                hint="split the source",
            )
    total = sum(file.size for file in files.values())
    if total > NEAR * MAX_SITE:
        yield Diagnostic(
            Severity.ERROR if total > MAX_SITE else Severity.WARNING,
            f"the site has {_size(total)}; GitHub Pages publishes up to 1 GB",
            hint="divide the archive between several repositories",
        )
    if seconds > NEAR * MAX_SECONDS:
        yield Diagnostic(
            Severity.WARNING,
            f"building took {seconds / 60:.0f} min; GitHub Pages waits 10 min for a site",
            hint="keep the folder .sitegen between builds, or divide the archive",
        )


def _expected(repository: str) -> str:
    """Where GitHub Pages publishes `owner/name`; empty if that is not what was given."""
    owner, _, name = repository.partition("/")
    if not re.fullmatch(r"[A-Za-z0-9-]+", owner) or not re.fullmatch(r"[\w.-]+", name):
        return ""
    host = f"{owner}.github.io".lower()
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"


def _is_this_machine(host: str) -> bool:
    if host == "localhost" or host.endswith((".localhost", ".local")):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_private or address.is_unspecified


def _place(config: Config) -> tuple[str, int]:
    """The file and the line that set the address; nothing if it came from elsewhere."""
    if not config.file:
        return "", 0
    path = Path(config.file)
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError):
        return "", 0
    address = config.site.base_url.rstrip("/")
    for number, line in enumerate(lines, 1):
        if re.match(r"\s*(?:[\w.]*\.)?base_url\s*=", line) and address and address in line:
            return path.name, number
    return ("", 0) if address else (path.name, 0)


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
