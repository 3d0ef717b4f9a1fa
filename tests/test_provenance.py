"""Digests, the chain of messages, commitments and time-stamps."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from helpers import built, exported, problems, read, reading, warnings, write_site
from html_check import Page
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sitegen import build
from sitegen.bulk import to_bytes
from sitegen.errors import BuildError
from sitegen.model import Commitment, Message, Text, Transcript
from sitegen.provenance.chain import canonical_json, chain_digests, head_json, message_json
from sitegen.provenance.checksums import make_checksums
from sitegen.provenance.commitments import check_commitment
from sitegen.provenance.opentimestamps import Attestation, ProofError, parse_ots
from sitegen.provenance.record import make_record
from sitegen.provenance.rfc3161 import parse_tsr
from sitegen.provenance.timestamps import read_proof
from sitegen.verify.record import check_chain, parse_record

HERE = Path(__file__).parent
FIXTURES = HERE / "fixtures/provenance"
VECTORS: list[dict[str, Any]] = json.loads((FIXTURES / "vectors.json").read_text("utf-8"))
DOCUMENT = (HERE.parent / "docs/provenance.md").read_text("utf-8")
NODE = shutil.which("node")

# The chain


def by_node(records: list[dict[str, Any]], folder: Path) -> list[list[str]]:
    """The chains as the implementation in JavaScript computes them."""
    if NODE is None:
        pytest.skip("node is not installed")
    path = folder / "records.json"
    path.write_text(json.dumps(records), "utf-8")
    run = subprocess.run(
        [NODE, str(HERE / "chain.mjs"), str(path)], capture_output=True, text=True, check=True
    )
    found: list[list[str]] = json.loads(run.stdout)
    return found


@pytest.mark.parametrize("vector", VECTORS, ids=["A", "B"])
def test_vectors(vector: dict[str, Any]) -> None:
    head, messages = canonical_json(vector["head"]), list(map(canonical_json, vector["messages"]))
    assert list(chain_digests(head, messages)) == vector["chain"]
    for text in (head, *messages):
        assert text.replace("\x7f", "\\u007f") in DOCUMENT
    for digest in vector["chain"]:
        assert digest in DOCUMENT


def test_vectors_by_an_implementation_in_another_language(tmp_path: Path) -> None:
    assert by_node(VECTORS, tmp_path) == [vector["chain"] for vector in VECTORS]


def test_published_records_by_an_implementation_in_another_language(tmp_path: Path) -> None:
    said = [
        ("Ada", 'A "quote", a \\ and a \x00 control'),
        ("灯台", "🗼 \u2028 \x7f \ue000"),
        ("Ada", ""),
    ]
    site = built(write_site(tmp_path, {"content/a.md": exported(said), "content/b.md": "x\n\ny"}))
    records = [json.loads(site[f"{name}/provenance.json"]) for name in "ab"]
    assert by_node(records, tmp_path) == [record["chain"] for record in records]
    assert [len(record["chain"]) for record in records] == [4, 2]


THOUSANDTHS = st.integers(1, 10**12).filter(lambda n: n % 1000).map(lambda n: n / 1000)
"""Seconds into a recording; a whole number of them is written as an integer."""
JSON = st.recursive(
    st.text() | THOUSANDTHS | st.integers(-(2**53) + 1, 2**53 - 1) | st.booleans() | st.none(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text(st.characters(max_codepoint=127)), JSON, max_size=5))
@example({"a": '\x00\x1f\x7f\u2028"\\\b\f\n\r\t/<é🗼', "B": 2**53 - 1, "_": None})
def test_canonical_form_is_that_of_the_rfc(value: dict[str, Any]) -> None:
    assert canonical_json(value).encode() == rfc8785.dumps(value)


def test_a_lone_surrogate_is_published_as_a_replacement() -> None:
    message = Message(1, "Ada", (Text("a\ud800b"),))
    assert json.loads(message_json(message))["blocks"][0]["markdown"] == "a\ufffdb"


def a_transcript(*bodies: str) -> Transcript:
    return read(exported([("Ada" if n % 2 else "Bo", body) for n, body in enumerate(bodies)]))


@pytest.mark.parametrize("change", ["text", "speaker", "role", "at", "number"])
def test_each_part_of_a_message_changes_its_digest_and_all_after_it(change: str) -> None:
    messages = a_transcript("one", "two", "three").messages
    before = chain_digests("head", map(message_json, messages))
    changes: dict[str, Any] = {
        "text": {"blocks": (Text("twu"),)},
        "speaker": {"speaker": "Adá"},
        "role": {"role": "user"},
        "at": {"at": datetime(2025, 1, 1, tzinfo=UTC)},
        "number": {"number": 4},
    }
    old = messages[1]
    fields = {name: getattr(old, name) for name in ("number", "speaker", "blocks", "role", "at")}
    altered = Message(**{**fields, **changes[change]})
    after = chain_digests("head", map(message_json, [messages[0], altered, messages[2]]))
    assert [a == b for a, b in zip(before, after, strict=True)] == [True, True, False, False]


def test_the_head_holds_title_times_participants_and_preamble() -> None:
    text = exported([("Ada", "x"), ("Bo", "y")], "T", ended="2025-03-04 10:00:00")
    text = "---\nparticipants: [{name: Ada, role: host, model: m}]\n---\n" + text.replace(
        "---\n\n### Ada", "Before.\n\n---\n\n### Ada"
    )
    head = json.loads(head_json(read(text)))
    assert head == {
        "chain": "sitegen-chain-1",
        "title": "T",
        "started": "2025-03-04T09:12:00+00:00",
        "ended": "2025-03-04T10:00:00+00:00",
        "participants": [
            {"name": "Ada", "role": "host", "model": "m"},
            {"name": "Bo", "role": "", "model": ""},
        ],
        "preamble": "Before.",
    }


def test_record_is_read_back_as_it_was_made() -> None:
    transcript = a_transcript("one", "two\n\nlines", "")
    record, file = make_record(transcript, b"source", b"form", ())
    data = to_bytes(file)
    found = parse_record(data)
    assert found.source_digest == hashlib.sha256(b"source").hexdigest()
    assert found.canonical_digest == hashlib.sha256(b"form").hexdigest()
    assert found.chain == record.chain
    assert list(check_chain(found)) == []
    lines = data.decode().split("\n")
    for message in map(message_json, transcript.messages):
        assert message in lines or f"{message}," in lines


# SHA256SUMS


def test_sums_are_read_by_coreutils(tmp_path: Path) -> None:
    tool = shutil.which("sha256sum")
    if tool is None:
        pytest.skip("sha256sum is not installed")
    names = ["a.html", "b c.html", "灯台.html", "back\\slash", "line\nend", "car\rriage", "x/y.txt"]
    names += ["*star", "-dash", " blank", "\\", "\\n"]
    digests = {}
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
        digests[name] = hashlib.sha256(name.encode()).hexdigest()
    (tmp_path / "SHA256SUMS").write_bytes(make_checksums(digests))
    command = [tool, "-c", "--strict", "--quiet", "SHA256SUMS"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    (tmp_path / "line\nend").write_bytes(b"altered")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 1


def test_sums_list_every_file_but_those_with_a_dot(tmp_path: Path) -> None:
    site = built(write_site(tmp_path, {"content/a.md": exported([("Ada", "x")])}))
    lines = site["SHA256SUMS"].decode().splitlines()
    listed = {line[66:]: line[:64] for line in lines}
    expected = {path for path in site if not path.startswith(".")} - {"SHA256SUMS"}
    assert set(listed) == expected
    assert list(listed) == sorted(listed)
    for path, digest in listed.items():
        assert hashlib.sha256(site[path]).hexdigest() == digest


# Commitments

SECRET = "a lamp in the pantry"
DIGEST = hashlib.sha256(SECRET.encode()).hexdigest()


IT_WAS = "message: 1\nreveal: 3\nvalue: "
FIRST = f"digest: {DIGEST}\nmessage: 1\n"


def committed(fields: str, reveal: str = SECRET, given: str = DIGEST) -> str:
    said = [("Ada", f"My digest: {given}"), ("Bo", "Noted."), ("Ada", f"It was `{reveal}`.")]
    indented = "\n    ".join(fields.strip().split("\n"))
    return f"---\ncommitments:\n  - {indented}\n---\n" + exported(said)


def checked(text: str) -> tuple[str, str, str]:
    transcript = read(text)
    (commitment,) = transcript.commitments
    found = check_commitment(commitment, transcript.messages)
    return found.state, found.problem, found.command


def of(data: bytes, algorithm: str = "sha256") -> str:
    return hashlib.new(algorithm, data).hexdigest()


@pytest.mark.parametrize(
    ("fields", "reveal", "given"),
    [
        (f"digest: {DIGEST}\nmessage: 1\nreveal: 3", SECRET, DIGEST),
        (f"digest: {DIGEST}\nmessage: 1\nreveal: 3\nvalue: {SECRET}", SECRET, DIGEST),
        (f"digest: {DIGEST.upper()}\nmessage: m1\nreveal: '#m3'\nwho: Ada", SECRET, DIGEST.upper()),
        (f"digest: {DIGEST}\nmessage: 1\nvalue: {SECRET}", "nothing", DIGEST),
        (f"digest: {of(b'00ff')}\nmessage: 1\nreveal: 3", "00ff", of(b"00ff")),
        (
            f"digest: {of(bytes([0, 255]))}\nmessage: 1\nreveal: 3\nvalue_hex: 00ff",
            "00 FF",
            of(bytes([0, 255])),
        ),
        (
            f"digest: {of(b'salt' + SECRET.encode())}\nmessage: 1\nreveal: 3\nsalt: salt",
            SECRET,
            of(b"salt" + SECRET.encode()),
        ),
        (
            f"digest: {of(SECRET.encode() + b' | ' + bytes([1]))}\nmessage: 1\nreveal: 3\n"
            'salt_hex: "01"\nrule: "{value} | {salt}"',
            SECRET,
            of(SECRET.encode() + b" | " + bytes([1])),
        ),
        (
            f'digest: {of(SECRET.encode() + b"%")}\nmessage: 1\nreveal: 3\nrule: "{{value}}%"',
            SECRET,
            of(SECRET.encode() + b"%"),
        ),
        (
            f"digest: {of(SECRET.encode() + bytes([10]))}\nmessage: 1\nreveal: 3\n"
            'rule: "{value}\\n"',
            SECRET,
            of(SECRET.encode() + b"\n"),
        ),
        *(
            (
                f"algorithm: {name}\ndigest: {of(SECRET.encode(), plain)}\nmessage: 1\nreveal: 3",
                SECRET,
                of(SECRET.encode(), plain),
            )
            for name, plain in [
                ("SHA-512", "sha512"),
                ("sha384", "sha384"),
                ("sha224", "sha224"),
                ("sha3-256", "sha3_256"),
                ("sha3_512", "sha3_512"),
                ("blake2b", "blake2b"),
            ]
        ),
    ],
)
def test_a_kept_commitment_is_verified(fields: str, reveal: str, given: str) -> None:
    state, problem, command = checked(committed(fields, reveal, given))
    assert (state, problem) == ("verified", "")
    run = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert given.lower() in run.stdout.split()


@pytest.mark.parametrize(
    ("fields", "reveal", "given", "problem"),
    [
        ("message: 1\nreveal: 3", "another", DIGEST, "nothing in message 3 has this digest"),
        ("message: 2\nreveal: 3", SECRET, DIGEST, "message 2 does not hold the digest"),
        (f"{IT_WAS}{SECRET}!", f"{SECRET}!", DIGEST, "the value has another digest"),
        (f"{IT_WAS}{SECRET}", "no", DIGEST, "message 3 does not hold the value"),
        ("message: 1\nreveal: 2", SECRET, DIGEST, "message 2 is of another speaker"),
        ("message: 3\nreveal: 1", DIGEST, DIGEST, "it was revealed before it was given"),
    ],
)  # fmt: skip
def test_a_broken_commitment_is_a_warning_at_its_line(
    fields: str, reveal: str, given: str, problem: str, tmp_path: Path
) -> None:
    text = committed(f"digest: {DIGEST}\n{fields}", reveal, given)
    assert checked(text)[:2] == ("broken", problem)
    report = build(write_site(tmp_path, {"content/a.md": text}))
    (finding,) = report.diagnostics
    assert (finding.path, finding.line) == ("content/a.md", 3)
    assert problem in finding.message
    with pytest.raises(BuildError):
        build(tmp_path, strict=True)
    page = (tmp_path / "output/a.html").read_text("utf-8")
    assert f"It does not hold: {problem}." in page


def test_a_commitment_need_not_be_revealed(tmp_path: Path) -> None:
    text = committed(f"digest: {DIGEST}\nmessage: 1")
    assert checked(text) == ("not revealed", "", "")
    report = build(write_site(tmp_path, {"content/a.md": text}), strict=True)
    assert report.diagnostics == ()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ("message: 1", "has no `digest`"),
        ("digest: abc\nmessage: 1", "has no `digest` of 64 hexadecimal digits"),
        (f"digest: {DIGEST}", "has no `message`"),
        (f"digest: {DIGEST}\nmessage: 4", "names a `message` that does not exist: 4"),
        (f"{FIRST}reveal: x", "names a `reveal` that does not exist: x"),
        (f"{FIRST}valu: x", "has an unknown key `valu`"),
        (f"{FIRST}algorithm: md5", "has an unknown `algorithm`: md5"),
        (f"{FIRST}value_hex: xyz", "has a `value_hex` that is not hexadecimal"),
        (f"{FIRST}value: x\nvalue_hex: '00'", "has both `value` and `value_hex`"),
        (
            f"{FIRST}salt: x\nrule: '{{value}}'",
            "has a `rule` that does not hold `{salt}` and `{value}` once",
        ),
        (f"{FIRST}rule: 'x'", "has a `rule` that does not hold `{value}` once"),
        (f"{FIRST}who: Bo", "is said to be of Bo, but message 1 is of Ada"),
        (f"{FIRST}value: [x]", "has a `value` that is not a text"),
        ("just a text", "is not a list of `key: value` lines"),
    ],
)  # fmt: skip
def test_a_malformed_commitment_is_an_error_with_its_line(fields: str, message: str) -> None:
    found = reading(committed(fields))
    assert found.transcripts == ()
    assert problems(found)[-1] == ("error", 3, f"front matter: a commitment {message}")


def test_commitments_that_are_no_list_are_an_error() -> None:
    found = reading("---\ntitle: T\ncommitments: x\n---\n" + exported([("Ada", "x")]))
    assert problems(found) == [("error", 3, "front matter: `commitments` is not a list")]
    assert reading("---\ncommitments:\n---\n" + exported([("Ada", "x")])).transcripts


@settings(max_examples=60)
@given(st.binary(max_size=40) | st.text(max_size=20).map(lambda t: t.encode(errors="replace")))
@example(b"'; rm -rf / #")
@example(b"-n %s \\x41 $HOME `id`")
@example(b"\x00a1\x00\xff")
@example("a\u202eb\u200bc\n".encode())
@example(b"")
def test_the_command_prints_the_digest_of_any_value(value: bytes) -> None:
    digest = of(value)
    commitment = Commitment("sha256", digest, 1, value=value)
    found = check_commitment(commitment, [Message(1, "Ada", (Text(digest),))])
    assert found.state == "verified"
    assert all(char.isprintable() for char in found.command)
    run = subprocess.run(["sh", "-c", found.command], capture_output=True, text=True, check=True)
    assert run.stdout.split()[0] == digest


@pytest.mark.parametrize("shell", ["sh", "bash"])
@pytest.mark.parametrize(
    "value",
    [
        'it\'s "so" $(touch pwned) `touch pwned` $HOME \\n %s !!',
        "-n --help",
        "two\nlines\tand a tab",
        "灯台 é \u202e <b>&amp;</b>",
        "'; touch pwned; '",
    ],
)
def test_the_command_on_the_page_works_when_it_is_pasted(
    value: str, shell: str, tmp_path: Path
) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    salt = "s'a$(id)"
    digest = of(f"{salt}:{value}".encode())
    fields = f"digest: {digest}\nmessage: 1\nvalue: {json.dumps(value)}\nsalt: {json.dumps(salt)}\n"
    text = committed(fields + 'rule: "{salt}:{value}"', "no", digest)
    site = built(write_site(tmp_path, {"content/a.md": text}))
    shown = [pre.text for pre in Page(site["a.html"]).find("pre") if "details" in pre.parents]
    (command,) = [text for text in shown if "sum" in text]
    folder = tmp_path / "shell"
    folder.mkdir()
    done = subprocess.run(
        [program], input=command + "\n", cwd=folder, capture_output=True, text=True
    )
    assert done.stdout.split()[0] == digest
    assert done.stderr == ""
    assert list(folder.iterdir()) == []


@given(st.text("`~*\"'a: \n", max_size=300))
def test_looking_for_a_value_ends(text: str) -> None:
    commitment = Commitment("sha256", DIGEST, 1, 2)
    messages = [Message(1, "Ada", (Text(DIGEST),)), Message(2, "Ada", (Text(text),))]
    assert check_commitment(commitment, messages).state == "broken"


# Time-stamps

MAGIC = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94\x01"
PENDING = bytes.fromhex("83dfe30d2ef90c8e")
BITCOIN = bytes.fromhex("0588960d73d71901")


def ots(source: bytes, tail: bytes) -> bytes:
    return MAGIC + b"\x08" + hashlib.sha256(source).digest() + tail


def attestation(tag: bytes, payload: bytes) -> bytes:
    return b"\x00" + tag + bytes([len(payload)]) + payload


CALENDAR = attestation(PENDING, b"\x13https://a.example/x")
BLOCK = attestation(BITCOIN, b"\xc0\xd1\x2b")  # 714944 in base 128.
PROOF = b"\xf0\x04salt\x08\xff" + CALENDAR + b"\xf1\x01p\x08\x08" + BLOCK


def test_an_opentimestamps_proof_is_read() -> None:
    stamp = parse_ots(ots(b"x", PROOF))
    assert (stamp.algorithm, stamp.digest) == ("sha256", hashlib.sha256(b"x").hexdigest())
    assert stamp.attestations == (
        Attestation("Bitcoin", 714_944, ""),
        Attestation("", 0, "https://a.example/x"),
    )


def test_a_proof_is_compared_with_the_source() -> None:
    found = read_proof(".ots", ots(b"x", PROOF), "source.txt.ots", b"x")
    assert (found.state, found.problem) == ("matches", "")
    assert found.says == ("Bitcoin block 714,944", "pending at https://a.example/x")
    assert found.command == "ots verify source.txt.ots"
    other = read_proof(".ots", ots(b"x", PROOF), "source.txt.ots", b"y")
    assert other.state == "differs"
    assert "changed after it was stamped" in other.problem


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a proof",
        MAGIC[:-1] + b"\x02\x08" + bytes(32),
        MAGIC + b"\x77" + bytes(32),
        ots(b"x", PROOF)[:-1],
        ots(b"x", PROOF) + b"!",
        ots(b"x", b"\xf0\x00" + BLOCK),
        ots(b"x", b"\x99"),
        ots(b"x", b"\x08" * 5000),
        ots(b"x", b"\xf0" + b"\xff" * 20),
    ],
)
def test_what_is_no_proof_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(ProofError):
        parse_ots(data)
    found = read_proof(".ots", data, "source.txt.ots", b"x")
    assert found.state == "unreadable"
    assert found.problem.startswith("cannot be read: ")


@given(st.binary(max_size=200) | st.binary(max_size=60).map(lambda tail: ots(b"x", tail)))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for ending in (".ots", ".tsr"):
        assert read_proof(ending, data, f"source.txt{ending}", b"x").kind


@given(st.integers(0, 2_000), st.integers(0, 255))
def test_a_damaged_response_is_read_or_refused(place: int, byte: int) -> None:
    data = bytearray((FIXTURES / "stamped.tsr").read_bytes())
    data[place % len(data)] = byte
    assert read_proof(".tsr", bytes(data), "source.txt.tsr", b"x").kind == "RFC 3161"


def test_a_response_of_an_authority_is_read() -> None:
    data, source = (FIXTURES / "stamped.tsr").read_bytes(), (FIXTURES / "stamped.md").read_bytes()
    token = parse_tsr(data)
    assert (token.algorithm, token.digest) == ("sha256", hashlib.sha256(source).hexdigest())
    assert token.authority == "Tidewater Test Time-Stamping"
    assert token.at.tzinfo is UTC
    found = read_proof(".tsr", data, "source.txt.tsr", source)
    assert found.state == "matches"
    assert found.says == (f"{token.at:%Y-%m-%d %H:%M:%S} UTC by Tidewater Test Time-Stamping",)
    assert read_proof(".tsr", data, "source.txt.tsr", source + b" ").state == "differs"


def test_a_response_with_another_time_than_was_signed_is_not_believed() -> None:
    data = (FIXTURES / "stamped.tsr").read_bytes()
    source = (FIXTURES / "stamped.md").read_bytes()
    at = parse_tsr(data).at.strftime("%Y%m%d%H%M%SZ").encode()
    assert data.count(at) == 1
    found = read_proof(".tsr", data.replace(at, b"20200101000000Z"), "source.txt.tsr", source)
    assert found.state == "unreadable"
    assert found.problem == "cannot be read: it was altered after it was signed"
    digest = hashlib.sha256(source).digest()
    forged = data.replace(digest, hashlib.sha256(b"another").digest())
    assert read_proof(".tsr", forged, "source.txt.tsr", b"another").state == "unreadable"


def test_time_stamps_are_published_beside_the_source(tmp_path: Path) -> None:
    source = (FIXTURES / "stamped.md").read_bytes()
    files: dict[str, str | bytes] = {
        "content/r/talk.md": source,
        "content/r/talk.md.ots": ots(source, PROOF),
        "content/r/talk.tsr": (FIXTURES / "stamped.tsr").read_bytes(),
    }
    report = build(write_site(tmp_path, files), strict=True)
    assert report.diagnostics == ()
    site = tmp_path / "output/r/talk"
    assert (site / "source.txt").read_bytes() == source
    assert (site / "source.txt.ots").read_bytes() == files["content/r/talk.md.ots"]
    assert (site / "source.txt.tsr").read_bytes() == files["content/r/talk.tsr"]
    page = (tmp_path / "output/r/talk.html").read_text("utf-8")
    assert "Bitcoin block 714,944" in page
    assert page.count("It is of this source.") == 2
    record = json.loads((site / "provenance.json").read_bytes())
    assert [proof["state"] for proof in record["timestamps"]] == ["matches", "matches"]


def test_a_time_stamp_of_something_else_is_a_warning_and_follows_its_file(tmp_path: Path) -> None:
    text = exported([("Ada", "x")])
    files: dict[str, str | bytes] = {"content/a.md": text}
    files["content/a.md.ots"] = ots(b"else", PROOF)
    report = build(write_site(tmp_path, files))
    (finding,) = report.diagnostics
    assert finding.path == "content/a.md.ots"
    assert "of another text" in finding.message
    write_site(tmp_path, {"content/a.md.ots": ots(text.encode(), PROOF)})
    again = build(tmp_path)
    assert again.diagnostics == ()
    assert set(again.written) == {
        *("SHA256SUMS", "a.html", "a/provenance.json", "a/source.txt.ots"),
    }
    (tmp_path / "content/a.md.ots").unlink()
    assert build(tmp_path).removed == ("a/source.txt.ots",)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["b.ots"], "a time-stamp of no transcript"),
        (["a.ots", "a.txt"], "a time-stamp of one of several: a.md, a.txt"),
    ],
)
def test_a_time_stamp_whose_file_is_not_clear_is_warned_of(
    names: list[str], message: str, tmp_path: Path
) -> None:
    text = exported([("Ada", "x")])
    files: dict[str, str | bytes] = {"content/a.md": text}
    files.update({f"content/{name}": text.replace("Ada", name) for name in names})
    report = build(write_site(tmp_path, files), keep_going=True)
    assert message in [finding.message for finding in report.diagnostics]


def test_warnings_of_the_reader_are_kept() -> None:
    assert warnings(reading("---\ncommitment: x\n---\n" + exported([("A", "x")])))
