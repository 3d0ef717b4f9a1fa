"""A labelled set: keys and passwords that look real, and what only looks like them.

All are made here, at the time of the test, from a seed: the repository holds none.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
import string
import uuid
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

ALNUM = string.ascii_letters + string.digits
B64 = ALNUM + "+/"
B64URL = ALNUM + "-_"
HEX = "0123456789abcdef"
BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
WORDS = (
    *("harbour", "lantern", "keeper", "tide", "model", "answer", "question", "window", "river"),
    *("quiet", "morning", "paper", "signal", "garden", "letter", "number", "reader", "silver"),
    *("ocean", "winter", "branch", "session", "network"),
)
PLACEHOLDERS = {
    "OpenAI": ["x" * 48, "your-api-key-here", "...", "1234567890abcdef" * 2, "proj-" + "x" * 40],
    "Anthropic": ["api03-" + "x" * 95, "your-key-here", "api03-...", "example-" + "aB3dE5" * 9],
    "GitHub": ["x" * 36, "your_token_here", "XXXXXXXXXXXX"],
    "Slack": ["your-token-goes-here", "123456789012-xxxxxxxxxxxxxxxxxxxx"],
    "password": [
        *("password: ********", "Password: ", "passwd=<redacted>", "secret: none"),
        "password = input('Password: ')",
    ],
    "address": [
        *("postgres://user:password@localhost/db", "mysql://root:root@127.0.0.1/x"),
        *("redis://:${REDIS_PASSWORD}@cache:6379", "postgres://USER:<password>@host/db"),
        *("https://user:pass@example.com", "mongodb://admin:changeme@mongo"),
        "amqp://guest:guest@rabbit:5672",
    ],
    "call": ["toolu_01", "call_", "msg_01", "chatcmpl-", "req_011"],
}


@dataclass(frozen=True)
class Sample:
    """A text, and the secret in it; empty for a near miss."""

    kind: str
    text: str
    secret: str = ""


class Maker:
    """Draws samples by lot, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.lot = random.Random(seed)

    def draw(self, signs: str, count: int) -> str:
        return "".join(self.lot.choice(signs) for _ in range(count))

    def words(self, count: int) -> str:
        return " ".join(self.lot.choice(WORDS) for _ in range(count))

    def checked(self, prefix: str) -> str:
        """A token as GitHub and npm make them: random signs and their checksum."""
        body = self.draw(ALNUM, 30)
        number, digits = zlib.crc32(body.encode()), ""
        for _ in range(6):
            number, index = divmod(number, 62)
            digits = BASE62[index] + digits
        return f"{prefix}_{body}{digits}"

    def jwt(self, claims: dict[str, object]) -> str:
        def part(value: object) -> str:
            return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

        head = {"alg": self.lot.choice(["HS256", "RS256"]), "typ": "JWT"}
        return f"{part(head)}.{part(claims)}.{self.draw(B64URL, 43)}"

    def key_block(self, kind: str) -> str:
        body = base64.b64encode(self.lot.randbytes(600)).decode()
        lines = "\n".join(body[at : at + 64] for at in range(0, len(body), 64))
        name = f"{kind} PRIVATE KEY".strip()
        return f"-----BEGIN {name}-----\n{lines}\n-----END {name}-----"

    def password(self) -> str:
        return self.draw(ALNUM + "!-_", self.lot.randint(9, 24)).replace("--", "a-") + "7q"


def keys(make: Maker) -> dict[str, Callable[[], str]]:
    """How to make a secret of each kind that stands for itself."""
    draw = make.draw
    upper = string.ascii_uppercase + string.digits
    return {
        "OpenAI, old": lambda: "sk-" + draw(ALNUM, 20) + "T3Blbk" + "FJ" + draw(ALNUM, 20),
        "OpenAI, project": lambda: "sk-" + "proj-" + draw(B64URL, 60) + "A1b" + draw(ALNUM, 61),
        "OpenAI, service": lambda: "sk-" + "svcacct-" + draw(ALNUM, 74),
        "DeepSeek": lambda: "sk-" + draw(HEX, 32),
        "OpenRouter": lambda: "sk-" + "or-v1-" + draw(HEX, 64),
        "Anthropic": lambda: "sk-" + "ant-api03-" + draw(B64URL, 93) + "AA",
        "Anthropic, admin": lambda: "sk-" + "ant-admin01-" + draw(B64URL, 93) + "AA",
        "Google": lambda: "AI" + "za" + draw(B64URL, 34) + "w",
        "Google, access": lambda: "ya" + "29." + draw(B64URL, 80),
        "Google, client": lambda: "GOC" + "SPX-" + draw(B64URL, 27) + "x",
        "GitHub, personal": lambda: make.checked("gh" + "p"),
        "GitHub, OAuth": lambda: make.checked("gh" + "o"),
        "GitHub, server": lambda: make.checked("gh" + "s"),
        "GitHub, fine-grained": lambda: (
            "github_" + "pat_" + draw(ALNUM, 22) + "_" + draw(ALNUM, 59)
        ),
        "GitHub, stateless": lambda: (
            "gh" + "s_" + draw("123456789", 7) + "_" + make.jwt({"iss": 7})
        ),
        "GitLab": lambda: "gl" + "pat-" + draw(B64URL, 20),
        "GitLab, runner": lambda: "gl" + "rt-" + draw(B64URL, 20),
        "AWS, key": lambda: "AK" + "IA" + draw(string.ascii_uppercase + "234567", 16),
        "AWS, session": lambda: "AS" + "IA" + draw(string.ascii_uppercase + "234567", 16),
        "Slack, bot": lambda: (
            f"xo{'xb'}-{draw(string.digits, 12)}-{draw(string.digits, 13)}-{draw(ALNUM, 24)}"
        ),
        "Slack, app": lambda: (
            f"xa{'pp'}-1-A{draw(upper, 10)}-{draw(string.digits, 13)}-{draw(HEX, 64)}"
        ),
        "Stripe": lambda: "sk_" + "live_" + draw(ALNUM, 24),
        "Stripe, restricted": lambda: "rk_" + "live_" + draw(ALNUM, 99),
        "npm": lambda: make.checked("np" + "m"),
        "PyPI": lambda: "py" + "pi-AgE" + "IcHlwaS5vcmc" + draw(B64URL, 150),
        "Hugging Face": lambda: "h" + "f_" + draw(string.ascii_letters, 34),
        "Groq": lambda: "gs" + "k_" + draw(ALNUM, 52),
        "xAI": lambda: "x" + "ai-" + draw(ALNUM, 80),
        "DigitalOcean": lambda: "do" + "p_v1_" + draw(HEX, 64),
        "SendGrid": lambda: "S" + "G." + draw(B64URL, 21) + "x." + draw(B64URL, 42) + "x",
        "Telegram": lambda: draw("123456789", 10) + ":A" + "A" + draw(B64URL, 32) + "x",
        "Mailchimp": lambda: draw(HEX, 32) + "-u" + "s21",
        "JWT": lambda: make.jwt({"sub": make.draw(HEX, 12), "exp": 1_900_000_000}),
        "RSA key": lambda: make.key_block("RSA"),
        "OpenSSH key": lambda: make.key_block("OPENSSH"),
        "PKCS 8 key": lambda: make.key_block(""),
    }


def in_context(make: Maker) -> dict[str, Callable[[], tuple[str, str]]]:
    """How to make a secret that only its surroundings give away: the text, and the secret."""

    def aws() -> tuple[str, str]:
        secret = make.draw(B64, 37) + "aB3"
        form = make.lot.choice(
            ["aws_secret_access_key = {}", "AWS_SECRET_ACCESS_KEY={}", '"SecretAccessKey": "{}"']
        )
        return form.format(secret), secret

    def address() -> tuple[str, str]:
        secret = make.password()
        scheme = make.lot.choice(
            ["postgres", "postgresql+psycopg", "mysql", "mongodb+srv", "redis", "amqp", "https"]
        )
        return f"{scheme}://{make.words(1)}:{secret}@db.{make.words(1)}.net:5432/main", secret

    def connection() -> tuple[str, str]:
        secret = make.password()
        return (
            f"Server=tcp:db.{make.words(1)}.net;Database=main;User Id=app;Password={secret};",
            secret,
        )

    def webhook() -> tuple[str, str]:
        secret = make.draw(ALNUM, 24)
        base = "https://hooks." + "slack.com/services/"
        return f"{base}T{make.draw('ABCDEF0123', 9)}/B{make.draw('ABCDEF0123', 9)}/{secret}", secret

    def azure() -> tuple[str, str]:
        secret = make.draw(B64, 86) + "=="
        return f"DefaultEndpointsProtocol=https;AccountName=x;Account{'Key='}{secret};", secret

    def variable() -> tuple[str, str]:
        secret = make.draw(ALNUM, 36) + "a1B2c3"
        form = make.lot.choice(
            ['API_KEY="{}"', "api_token: {}", "client_secret = '{}'", '"password": "{}",']
        )
        return form.format(secret), secret

    return {
        "AWS, secret": aws,
        "address": address,
        "connection": connection,
        "Slack webhook": webhook,
        "Azure": azure,
        "variable": variable,
    }


def true_samples(seed: int, each: int) -> Iterator[Sample]:
    """Secrets of every kind, in the places in which transcripts have them."""
    make = Maker(seed)
    places = [
        "{}",
        "Use `{}` for now, {words}.",
        "export KEY={}\n",
        '{words}\n\n```python\nclient = Client("{}")\n```\n',
        "curl -H 'Authorization: Bearer {}' https://x.org",
        "{words}: {}, {words}",
        "| key | {} |",
        '{{"key": "{}", "n": 1}}',
    ]
    for kind, secret_of in keys(make).items():
        for number in range(each):
            secret = secret_of()
            place = places[number % len(places)] if "\n" not in secret else "{words}\n{}\n{words}"
            before, _, after = place.replace("{words}", make.words(3)).partition("{}")
            text = f"{before}{secret}{after}".replace("{{", "{").replace("}}", "}")
            yield Sample(kind, text, secret)
    for kind, both_of in in_context(make).items():
        for _ in range(each):
            text, secret = both_of()
            yield Sample(kind, f"{make.words(4)}\n{text}\n{make.words(2)}", secret)


def near_misses(seed: int, each: int) -> Iterator[Sample]:
    """What is no secret, of the kinds that transcripts are full of."""
    make = Maker(seed)
    draw, words = make.draw, make.words

    def sha(name: str) -> str:
        return hashlib.new(name, make.lot.randbytes(20)).hexdigest()

    def sri() -> str:
        return base64.b64encode(make.lot.randbytes(64)).decode()

    def choose(kind: str) -> str:
        return make.lot.choice(PLACEHOLDERS[kind])

    def image() -> str:
        return base64.b64encode(make.lot.randbytes(make.lot.randint(40, 6000))).decode()

    def camel() -> str:
        return "".join(word.title() for word in words(6).split())

    forms: dict[str, Callable[[], str]] = {
        "SHA-1": lambda: f"commit {sha('sha1')}",
        "SHA-256": lambda: f"sha256:{sha('sha256')}",
        "MD5": lambda: f"{sha('md5')}  {words(1)}.iso",
        "short commit": lambda: f"[{sha('sha1')[:7]}](https://github.com/a/b/commit/{sha('sha1')})",
        "UUID": lambda: str(uuid.UUID(int=make.lot.getrandbits(128), version=4)),
        "UUID, assigned": lambda: f'token_id = "{uuid.UUID(int=make.lot.getrandbits(128))}"',
        "digest, assigned": lambda: f'"secret_hash": "{sha("sha256")}"',
        "cache key": lambda: f"cache_key: {sha('sha1')}",
        "lock file": lambda: f'"integrity": "sha512-{sri()}"',
        "pip hash": lambda: f"    --hash=sha256:{sha('sha256')} \\",
        "Cargo": lambda: f'checksum = "{sha("sha256")}"',
        "go.sum": lambda: f"golang.org/x/net v0.{make.lot.randint(1, 40)}.0 h1:{sri()[:43]}=",
        "image": lambda: f"![]({'data:image/png;base64,'}{image()})",
        "OpenAI, placeholder": lambda: "sk-" + choose("OpenAI"),
        "Anthropic, placeholder": lambda: "sk-" + "ant-" + choose("Anthropic"),
        "AWS, example": lambda: "AK" + "IA" + draw(string.ascii_uppercase, 9) + "EXAMPLE",
        "AWS, example secret": lambda: "aws_secret_access_key = " + draw(ALNUM, 30) + "EXAMPLEKEY",
        "Google, placeholder": lambda: "AI" + "za" + "x" * 35,
        "GitHub, broken": lambda: "gh" + "p_" + draw(ALNUM, 36),
        "GitHub, placeholder": lambda: "gh" + "p_" + choose("GitHub"),
        "GitLab, placeholder": lambda: "gl" + "pat-" + "x" * 20,
        "npm, broken": lambda: "np" + "m_" + draw(ALNUM, 36),
        "Slack, placeholder": lambda: "xo" + "xb-" + choose("Slack"),
        "Stripe, test": lambda: "sk_" + "test_" + draw(ALNUM, 24),
        "Stripe, publishable": lambda: "pk_" + "live_" + draw(ALNUM, 24),
        "CSS class": lambda: f'<div class="sk-{words(1)}-circle sk-{"-".join(words(5).split())}">',
        "long word": lambda: f"ask-{'-'.join(words(6).split())} risk-{'_'.join(words(5).split())}",
        "identifier": camel,
        "identifier with number": lambda: f"{camel()}{make.lot.randint(1, 99)}",
        "path": lambda: "/" + "/".join(words(7).split()) + f"/v{make.lot.randint(1, 9)}/index.html",
        "long address": lambda: (
            f"https://x.org/{'-'.join(words(8).split())}-{draw(string.digits, 5)}?ref={sha('md5')}"
        ),
        "address with user": lambda: f"https://{words(1)}@{words(1)}.org/{words(1)}.git",
        "address, template": lambda: choose("address"),
        "time and port": lambda: f"http://localhost:{make.lot.randint(1000, 9999)}/@{words(1)}/x:y",
        "call": lambda: f'api_key = os.environ["{words(1).upper()}_API_KEY"]',
        "call of a function": lambda: f"token = make_{words(1)}_token({words(1)}_id, length=32)",
        "setting": lambda: f"max_tokens={draw('123', 4)}, token_count: {draw('123', 9)}",
        "password prompt": lambda: choose("password"),
        "JWT, example": lambda: make.jwt({"sub": "1234567890", "name": "John Doe", "iat": 1}),
        "JWT, broken": lambda: (
            "eyJ" + draw(ALNUM, 30) + ".eyJ" + draw(ALNUM, 40) + "." + draw(B64URL, 43)
        ),
        "key block, empty": lambda: (
            "-----{} RSA PRIVATE KEY-----\n...\n-----{} RSA PRIVATE KEY-----".format("BEGIN", "END")
        ),
        "public key": lambda: make.key_block("RSA").replace("PRIVATE", "PUBLIC"),
        "SSH public key": lambda: (
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" + draw(B64, 43) + " me@host"
        ),
        "base64 text": lambda: base64.b64encode(words(12).encode()).decode(),
        "DNA": lambda: draw("ACGT", 60),
        "number": lambda: draw(string.digits, 40),
        "hex dump": lambda: " ".join(draw(HEX, 4) for _ in range(8)),
        "commit by another word": lambda: f"key: {sha('sha1')}",
        "prose": lambda: f"The secret: {words(8)}. The key, {words(6)}; a token of {words(4)}.",
        "model name": lambda: (
            f"claude-{words(1)}-4-5-2025{draw('01', 4)} and gpt-4o-mini-2024-07-18"
        ),
        "hf dataset": lambda: f"hf_{words(1)}_dataset_{words(1)}_2024 r8_{words(1)}",
        "trace id": lambda: f"trace_id={draw(HEX, 32)} span_id={draw(HEX, 16)}",
        "session id": lambda: f'"sessionId": "{uuid.UUID(int=make.lot.getrandbits(128))}"',
        "tool call id": lambda: choose("call") + draw(ALNUM, 24),
    }
    for kind, text_of in forms.items():
        for _ in range(each):
            yield Sample(
                kind,
                make.lot.choice(["{}", "See {} there.", "`{}`", "{}\n"]).replace("{}", text_of()),
            )
