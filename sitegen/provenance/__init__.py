"""What lets a reader check the record: digests, the chain of messages, commitments, time-stamps.

The algorithms are described in docs/provenance.md, from which they can be written anew.
"""

from sitegen.provenance.checksums import FILE as CHECKSUMS
from sitegen.provenance.checksums import make_checksums
from sitegen.provenance.commitments import Checked, check_commitment
from sitegen.provenance.record import CANONICAL, Record, make_record
from sitegen.provenance.timestamps import PROOF_ENDINGS, Proof, read_proof

__all__ = [
    "CANONICAL",
    "CHECKSUMS",
    "PROOF_ENDINGS",
    "Checked",
    "Proof",
    "Record",
    "check_commitment",
    "make_checksums",
    "make_record",
    "read_proof",
]
