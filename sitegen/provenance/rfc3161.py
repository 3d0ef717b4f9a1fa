"""Reads RFC 3161 time-stamp responses and tokens (`.tsr`, DER)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sitegen.provenance.opentimestamps import ProofError

__all__ = ["Token", "parse_tsr"]

MAX_BYTES = 200_000
NOT_SAID = frozenset([None, ""])


@dataclass(frozen=True, slots=True)
class Token:
    """What a time-stamp token says; its signature is not checked."""

    algorithm: str
    """How the document was digested: `sha256`."""
    digest: str
    """The digest of the document, in hexadecimal."""
    at: datetime
    """When it was stamped, in UTC."""
    authority: str
    """Who stamped it, by the name in the token or in its certificate; empty if neither says."""


def parse_tsr(data: bytes) -> Token:
    """Parse a response of a time-stamping authority, or a bare token.

    Raises:
        ProofError: it is none, was refused by the authority, or is damaged.
    """
    # Imported late: few sites have such files.
    from asn1crypto import cms, tsp

    if len(data) > MAX_BYTES:
        raise ProofError(f"it is over {MAX_BYTES:,} bytes")
    try:
        response: Any = tsp.TimeStampResp.load(data)
        try:
            status = response["status"]["status"].native
            signed = response["time_stamp_token"]["content"]
        except (ValueError, KeyError, TypeError):
            status, signed = "granted", cms.ContentInfo.load(data)["content"]
        if status not in ("granted", "granted_with_mods"):
            raise ProofError(f"the authority did not grant it: {status}")
        _check_whole(signed)
        info: Any = signed["encap_content_info"]["content"].parsed
        imprint = info["message_imprint"]
        return Token(
            imprint["hash_algorithm"]["algorithm"].native,
            imprint["hashed_message"].native.hex(),
            info["gen_time"].native.astimezone(UTC),
            _authority(info, signed),
        )
    except ProofError:
        raise
    except Exception as error:  # Damaged DER fails in asn1crypto in many ways.
        raise ProofError("it is no RFC 3161 time-stamp, or is damaged") from error


def _check_whole(signed: Any) -> None:
    """That what the token says has the digest that was signed; the signature is not checked.

    Raises:
        ProofError: it has another.
    """
    said = bytes(signed["encap_content_info"]["content"])
    for signer in signed["signer_infos"]:
        algorithm = signer["digest_algorithm"]["algorithm"].native
        for attribute in signer["signed_attrs"] or ():
            if attribute["type"].native == "message_digest":
                digest = hashlib.new(algorithm, said).digest()
                if [digest] != attribute["values"].native:
                    raise ProofError("it was altered after it was signed")


def _authority(info: Any, signed: Any) -> str:
    """The common name of who stamped."""
    names = [info["tsa"].chosen.native] if info["tsa"].native else []
    names += [item.chosen.subject.native for item in signed["certificates"] or ()]
    for name in names:
        if isinstance(name, dict):
            for part in ("common_name", "organization_name"):
                if isinstance(name.get(part), str):
                    return str(name[part])
    return ""
