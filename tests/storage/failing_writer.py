"""Stores one message, is refused the next by a failing disk, says so and kills itself.

Run as ``python -m tests.storage.failing_writer URL``.
"""

from __future__ import annotations

import os
import signal
import sys

from kefu.core.errors import NotStored
from kefu.storage.engine import writer_engine
from kefu.storage.writer import Writer
from tests.storage.chat import says
from tests.storage.failing_disk import fail_flushes

if __name__ == "__main__":
    writer = Writer(writer_engine(sys.argv[1], lock_wait_s=1))
    writer.commit([says("stored")])
    fail_flushes()
    try:
        writer.commit([says("refused")])
    except NotStored:
        sys.stdout.write("refused\n")
        sys.stdout.flush()
    os.kill(os.getpid(), signal.SIGKILL)
