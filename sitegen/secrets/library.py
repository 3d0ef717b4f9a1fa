"""The detectors of detect-secrets, for the services that `patterns` does not know.

The library brings an HTTP client along, which takes a while to load: it is loaded only for
a line that looks as if one of its detectors could hit, and nothing is ever asked of a server.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from sitegen.secrets.checks import is_placeholder, is_random

__all__ = ["find_by_library"]


@dataclass(frozen=True, slots=True)
class Plugin:
    """One detector of the library."""

    kind: str
    """What it finds, as a warning says it."""
    module: str
    """Its module in `detect_secrets.plugins`."""
    name: str
    """Its class."""
    hints: tuple[str, ...]
    """Texts of which one occurs wherever it can hit."""
    look: str
    """What a line must hold for it to be asked."""


PLUGINS = (
    Plugin(
        "an Azure storage key",
        "azure_storage_key",
        "AzureStorageKeyDetector",
        ("AccountKey=",),
        "AccountKey=[A-Za-z0-9+/]{20}",
    ),
    Plugin(
        "a SendGrid API key",
        "sendgrid",
        "SendGridDetector",
        ("SG.",),
        r"(?<!\w)SG\.[\w-]{22}\.",
    ),
    Plugin(
        "a Square secret",
        "square_oauth",
        "SquareOAuthDetector",
        ("sq0csp-",),
        "sq0csp-",
    ),
    Plugin(
        "a Mailchimp key",
        "mailchimp",
        "MailchimpDetector",
        ("-us",),
        r"(?<![0-9a-z-])[0-9a-f]{32}-us\d{1,2}(?!\w)",
    ),
    Plugin(
        "a Telegram bot token",
        "telegram_token",
        "TelegramBotTokenDetector",
        (":AA",),
        r"(?<![\w:])\d{8,10}:AA[\w-]{33}(?![\w-])",
    ),
    Plugin(
        "a Discord bot token",
        "discord",
        "DiscordBotTokenDetector",
        (".",),
        r"(?<![\w.-])[MNO][A-Za-z\d_-]{23,25}\.[A-Za-z\d_-]{6}\.[A-Za-z\d_-]{27}",
    ),
    Plugin(
        "a Twilio API key",
        "twilio",
        "TwilioKeyDetector",
        ("SK",),
        r"(?<!\w)SK[0-9a-f]{32}(?!\w)",
    ),
    Plugin(
        "a Cloudant credential",
        "cloudant",
        "CloudantDetector",
        ("cloudant",),
        "cloudant",
    ),
    Plugin(
        "a SoftLayer credential",
        "softlayer",
        "SoftlayerDetector",
        ("softlayer",),
        "softlayer",
    ),
    Plugin(
        "an IBM Cloud key",
        "ibm_cloud_iam",
        "IbmCloudIamDetector",
        ("ibm_", "ibm-", "ibmcloud"),
        r"(?i)ibm\w{0,20}\W{1,5}[\w-]{44}(?![\w-])",
    ),
    Plugin(
        "an Artifactory token",
        "artifactory",
        "ArtifactoryDetector",
        ("AKC",),
        r"(?<!\w)AKC[A-Za-z0-9]{60,}(?!\w)",
    ),
)


def find_by_library(text: str) -> Iterator[tuple[str, int, int]]:
    """Kind, start and end of what the library's detectors find."""
    for plugin in PLUGINS:
        if not any(hint in text for hint in plugin.hints):
            continue
        for place in re.finditer(plugin.look, text):
            start = text.rfind("\n", 0, place.start()) + 1
            end = text.find("\n", place.start())
            line = text[start : end if end >= 0 else len(text)]
            for secret in _detector(plugin.module, plugin.name).analyze_string(line):
                value = str(secret).strip().strip("\"'")
                at = line.find(value)
                if value and at >= 0 and not is_placeholder(value) and is_random(value, 0.6):
                    yield plugin.kind, start + at, start + at + len(value)


@cache
def _detector(module: str, name: str) -> Any:
    return getattr(importlib.import_module(f"detect_secrets.plugins.{module}"), name)()
