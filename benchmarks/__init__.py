"""Measures sitegen against itself and its peers: `python -m benchmarks`."""
