"""What lets a reader check the record: digests, the chain of messages, commitments, time-stamps.

The algorithms are described in docs/provenance.md, from which they can be written anew.
"""
