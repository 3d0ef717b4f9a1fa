"""The lock of an output folder, which says what process holds it."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from filelock import FileLock, Timeout

from sitegen.errors import OutputError

__all__ = ["hold", "release"]

MODE = 0o644


def hold(path: Path) -> FileLock:
    """Take the lock at a path.

    Raises:
        OutputError: another process holds it.
        OSError: it cannot be written.
    """
    holder = ""
    with contextlib.suppress(OSError):
        # Read first: older versions of filelock empty the file when they try.
        holder = path.read_text(errors="replace").strip()
    lock = FileLock(path, timeout=0, mode=MODE)
    try:
        lock.acquire()
    except Timeout:
        raise OutputError(
            f"another build is writing here{f' ({holder})' if holder else ''}",
            path=path.parent.as_posix(),
            hint="wait until it ends",
        ) from None
    with contextlib.suppress(OSError):
        path.write_text(f"process {os.getpid()}\n")
    return lock


def release(lock: FileLock) -> None:
    """Give the lock back, and delete its file."""
    with contextlib.suppress(OSError):
        Path(lock.lock_file).unlink()
    lock.release()
