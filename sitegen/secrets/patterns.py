"""The forms of keys and passwords that are in use, with what each must fulfil.

Each detector names texts of which one must be there before its pattern is tried. Most
are tried only around long runs of letters and digits; those in `ANYWHERE` know secrets that
need not have one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sitegen.secrets.checks import (
    decode_jwt,
    has_crc,
    is_mixed,
    is_placeholder,
    is_random,
    is_weak_password,
)

__all__ = ["ANYWHERE", "DETECTORS", "Detector"]


@dataclass(frozen=True, slots=True)
class Detector:
    """How one kind of secret is known."""

    kind: str
    """What it is, as a warning says it: `an OpenAI API key`."""
    hints: tuple[str, ...]
    """Texts of which one occurs wherever the kind does."""
    pattern: str
    """Its form, compiled when first needed; the secret is its group `secret`, else all of it."""
    accept: Callable[[str], bool]
    """Whether a match is one."""
    ignores_case: bool = False
    """True if the hints are in lower case and hold for any."""
    starts_with_hint: bool = False
    """True if the pattern begins with a hint, so that it need be tried nowhere else."""

    def find(self, text: str, lowered: str) -> Iterator[tuple[int, int, str]]:
        """Start and end of each in a text, and how it begins, if that says but what it is.

        `lowered` is the text in lower case.
        """
        haystack = lowered if self.ignores_case else text
        present = [hint for hint in self.hints if hint in haystack]
        if not present:
            return
        pattern = re.compile(self.pattern)
        group = "secret" if "secret" in pattern.groupindex else 0
        for match in self._matches(pattern, text, present):
            if self.accept(match[group]):
                shown = self.hints if self.starts_with_hint else ()
                head = next((hint for hint in shown if match[group].startswith(hint)), "")
                yield (*match.span(group), head)

    def _matches(
        self, pattern: re.Pattern[str], text: str, hints: Sequence[str]
    ) -> Iterator[re.Match[str]]:
        if not self.starts_with_hint:
            yield from pattern.finditer(text)
            return
        for hint in hints:
            place = text.find(hint)
            while place >= 0:
                match = pattern.match(text, place)
                if match:
                    yield match
                place = text.find(hint, max(place + 1, match.end() if match else 0))


def _key(kind: str, hint: str, body: str, accept: Callable[[str], bool] = is_random) -> Detector:
    """A key that begins with its hint and stands between other signs."""
    start = re.escape(hint)
    pattern = rf"(?<![A-Za-z0-9_-]){start}{body}(?![A-Za-z0-9_-])"

    def check(match: str) -> bool:
        return not is_placeholder(match) and accept(match[len(hint) :])

    return Detector(kind, (hint,), pattern, check, starts_with_hint=True)


def _is_github(token: str) -> bool:
    body = token[4:]
    if len(body) == 36 and body.isalnum():
        return has_crc(token)
    return is_random(body)


def _is_npm(token: str) -> bool:
    return has_crc(token) and not is_placeholder(token)


def _is_openai(body: str) -> bool:
    """Random signs in one run of 20, of all kinds: style sheets too have long `sk-` names."""
    return any(
        is_random(run) and (is_mixed(run) or re.fullmatch("[0-9a-f]{32,}", run))
        for run in re.findall("[A-Za-z0-9]{20,}", body)
    )


def _is_aws_key(key: str) -> bool:
    """Drawn by lot from letters and 2 to 7, and no words in capitals (`ASIAPACIFIC…`)."""
    body = key[4:]
    if is_placeholder(key) or not is_random(body, 0.7):
        return False
    return bool(re.search("[2-7]", body)) or len(re.findall("[AEIOU]", body)) < 6


def _is_aws_secret(text: str) -> bool:
    """Base64, and not the digest of a commit."""
    return is_mixed(text) and is_random(text) and not re.fullmatch("[0-9a-fA-F]+", text)


def _is_jwt(token: str) -> bool:
    """A signed token with claims of its own, which the well-known example has not."""
    found = decode_jwt(token)
    if not found:
        return False
    claims = found[1]
    return claims.get("name") != "John Doe" and claims.get("sub") != "1234567890"


def _is_key_block(block: str) -> bool:
    """A key with its content: the line alone is in every manual."""
    body = block.replace("\\n", "\n").replace("\\r", "").split("\n", 1)[-1]
    runs = re.findall(r"[A-Za-z0-9+/=]{40,}", body)
    return bool(runs) and is_random(max(runs, key=len)[:64])


def _is_assigned(value: str) -> bool:
    """Drawn by lot, and no digest, path, identifier or number."""
    if not re.search("[0-9]", value) or not re.search("[A-Za-z]", value):
        return False
    if re.fullmatch(r"[0-9a-fA-F-]+", value):
        return False  # A digest, a UUID: most are of files and rows.
    if re.search(r"[.:/]{2}|^[./~]|^(?:https?|sha\d+|md5|\w+\()", value):
        return False
    return is_random(value, 0.82) and bool(
        re.search("[0-9][A-Za-z]+[0-9]|[A-Z].*[a-z].*[0-9]", value)
    )


B64URL = "[A-Za-z0-9_-]"
DETECTORS: tuple[Detector, ...] = (
    _key("an Anthropic API key", "sk-ant-", rf"[a-z]{{3,6}}\d\d-{B64URL}{{40,}}"),
    _key("an OpenRouter API key", "sk-or-v1-", r"[0-9a-f]{64}"),
    Detector(
        "an API key (OpenAI's form)",
        ("sk-",),
        r"(?<![A-Za-z0-9_-])sk-(?!ant-|or-v1-)(?P<body>[A-Za-z0-9_-]{32,})(?![A-Za-z0-9_-])",
        lambda match: not is_placeholder(match) and _is_openai(match[3:]),
        starts_with_hint=True,
    ),
    _key("a Google API key", "AIza", rf"{B64URL}{{35}}"),
    _key("a Google access token", "ya29.", rf"{B64URL}{{30,}}"),
    _key("a Google client secret", "GOCSPX-", rf"{B64URL}{{28}}"),
    _key("a Google refresh token", "1//0", rf"{B64URL}{{40,}}"),
    Detector(
        "a GitHub token",
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
        r"(?<![A-Za-z0-9_])gh[pousr]_(?:[A-Za-z0-9]{36}(?![A-Za-z0-9_])|[A-Za-z0-9._-]{50,})",
        _is_github,
        starts_with_hint=True,
    ),
    _key("a GitHub token", "github_pat_", r"[A-Za-z0-9]{22}_[A-Za-z0-9]{59}"),
    Detector(
        "a GitLab token",
        ("glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glsoat-", "gloas-", "glagent-", "glft-"),
        r"(?<![A-Za-z0-9_-])gl(?:pat|dt|rt|ptt|cbt|soat|oas|agent|ft)-[A-Za-z0-9_-]{20,}"
        r"(?:\.[0-9a-z.]{4,20})?",
        lambda match: is_random(match.partition("-")[2]),
        starts_with_hint=True,
    ),
    Detector(
        "an AWS access key",
        ("AKIA", "ASIA", "ABIA", "ACCA"),
        r"(?<![A-Za-z0-9/+_])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9/+_])",
        _is_aws_key,
        starts_with_hint=True,
    ),
    Detector(
        "an AWS secret key",
        ("aws", "secret"),
        r"""(?x)(?i:aws|secret)[\w .-]{0,30}?(?i:key|secret|token)\w{0,10}
            ["'\]]{0,2}\s{0,3}(?:=>|[:=,(]|\s)\s{0,3}["'`]?
            (?P<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])""",
        _is_aws_secret,
        ignores_case=True,
    ),
    Detector(
        "a Slack token",
        ("xoxa-", "xoxb-", "xoxe-", "xoxe.", "xoxo-", "xoxp-", "xoxr-", "xoxs-", "xapp-"),
        r"(?<![A-Za-z0-9])(?:xox[abeoprs][-.](?:xox[bp]-)?(?:\d+-){0,4}[A-Za-z0-9-]{16,}"
        r"|xapp-\d-[A-Z0-9]+-\d+-[0-9a-f]{32,})",
        lambda match: (
            not is_placeholder(match.rpartition("-")[2])
            and is_random(match.rpartition("-")[2], 0.7)
        ),
        starts_with_hint=True,
    ),
    Detector(
        "a Slack webhook",
        ("hooks.slack.com/",),
        r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Z0-9]{8,}/[A-Z0-9]{8,}/"
        r"(?P<secret>[A-Za-z0-9]{20,})",
        lambda match: not is_placeholder(match) and is_random(match),
        starts_with_hint=True,
    ),
    Detector(
        "a Stripe key",
        ("k_live_",),
        r"(?<![A-Za-z0-9])[sr]k_live_[A-Za-z0-9]{16,}",
        lambda match: is_random(match[8:]),
    ),
    _key("a Stripe webhook secret", "whsec_", r"[A-Za-z0-9+/]{32,}={0,2}"),
    Detector(
        "an npm token",
        ("npm_",),
        r"(?<![A-Za-z0-9_])npm_[A-Za-z0-9]{36}(?![A-Za-z0-9_])",
        _is_npm,
        starts_with_hint=True,
    ),
    _key("a PyPI token", "pypi-AgE", rf"{B64URL}{{50,}}"),
    _key("a Hugging Face token", "hf_", r"[A-Za-z]{34}"),
    _key("a Groq API key", "gsk_", r"[A-Za-z0-9]{52}"),
    _key("an xAI API key", "xai-", r"[A-Za-z0-9]{70,90}"),
    _key("a Perplexity API key", "pplx-", r"[A-Za-z0-9]{40,60}"),
    _key("a Replicate token", "r8_", r"[A-Za-z0-9]{37}"),
    _key("a DigitalOcean token", "dop_v1_", r"[0-9a-f]{64}"),
    _key("a HashiCorp Vault token", "hvs.", rf"{B64URL}{{60,}}"),
    _key("a Notion token", "ntn_", r"[A-Za-z0-9]{40,60}"),
    _key("a Linear API key", "lin_api_", r"[A-Za-z0-9]{40}"),
    _key("a Supabase token", "sbp_", r"[0-9a-f]{40}"),
    _key("a Shopify token", "shpat_", r"[0-9a-fA-F]{32}"),
    _key("a Databricks token", "dapi", r"[0-9a-f]{32}(?:-\d)?"),
    _key("a Postman API key", "PMAK-", r"[0-9a-f]{24}-[0-9a-f]{34}"),
    _key("a Docker Hub token", "dckr_pat_", rf"{B64URL}{{27}}"),
    _key("a Tailscale key", "tskey-", r"[a-z]+-[A-Za-z0-9]{8,}-[A-Za-z0-9]{20,}"),
    _key("a Sentry token", "sntrys_", r"[A-Za-z0-9+/=_-]{60,}"),
    _key("an age key", "AGE-SECRET-KEY-1", r"[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}"),
    Detector(
        "a JSON Web Token",
        ("eyJ",),
        r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}+\.eyJ[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]{20,}",
        _is_jwt,
        starts_with_hint=True,
    ),
    Detector(
        "a key that a variable is set to",
        ("key", "token", "secret", "passw", "pwd", "credential"),
        r"""(?x)(?i:api_?-?key|access_?-?key|private_?-?key|token|secret|passw(?:or)?d|pwd|credential)
            (?i:s?(?:_?-?(?:id|key|value|base64))?)["'\]]{0,2}\s{0,3}(?::=|=>|[:=])\s{0,3}["'`]?
            (?P<secret>[A-Za-z0-9_+/=.~!\#^&-]{20,200})(?=["'`\s;,)}]|\Z)""",
        _is_assigned,
        ignores_case=True,
    ),
)
"""The most telling first: of two that hit the same place the first is reported."""

ANYWHERE: tuple[Detector, ...] = (
    Detector(
        "a private key",
        ("-----BEGIN ",),
        r"""(?x)-----BEGIN\ (?:[A-Z0-9]+\ ){0,3}PRIVATE\ KEY(?:\ BLOCK)?-----
            (?:[A-Za-z][\w-]{0,40}:[^\n]{0,200}\n|[A-Za-z0-9+/=\\\s>"]){40,12000}+""",
        _is_key_block,
        starts_with_hint=True,
    ),
    Detector(
        "a private key",
        ("PuTTY-User-Key-File-",),
        r"PuTTY-User-Key-File-\d:[\s\S]{1,3000}?Private-Lines: \d+\s+[A-Za-z0-9+/=]{40,}",
        lambda match: is_random(match[-40:]),
    ),
    Detector(
        "a password in an address",
        ("://",),
        r"""://[^\s:/@"'`<>()]{0,80}:(?P<secret>[^\s@/"'`<>()]{3,200})@[A-Za-z0-9\[]""",
        lambda password: not is_weak_password(password),
        starts_with_hint=True,
    ),
    Detector(
        "a password in a connection string",
        ("password=", "pwd="),
        r"""(?x)(?i:server|host|data\ source|endpoint|uid|user\ id|username|database)\s?=
            [^;\n"']{1,100};(?:[^;\n"']{1,100};){0,8}\s?
            (?i:password|pwd)\s?=\s?(?P<secret>[^;\s"']{5,100})""",
        lambda password: not is_weak_password(password),
        ignores_case=True,
    ),
)
"""Those that are tried on the whole text."""
