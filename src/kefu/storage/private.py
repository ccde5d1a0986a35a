"""Files that only their owner may read, whatever was there before.

Not here: what is in them.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

import structlog

_OTHERS = stat.S_IRWXG | stat.S_IRWXO

log = structlog.get_logger()


def make_private(path: Path) -> None:
    """Make the file if it is not there; only its owner may read and write it. Raises OSError."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    keep_private(path)


def keep_private(*paths: Path) -> None:
    """Take away from others what they may do with these files and folders; a line if that fails."""
    for path in paths:
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
            if mode & _OTHERS:
                path.chmod(mode & ~_OTHERS)
        except FileNotFoundError:
            continue
        except OSError as error:
            log.warning("others_may_read", path=str(path), reason=error.strerror)
