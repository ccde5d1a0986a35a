"""A disk that fails at every flush, for the calling thread, from a moment on until the end.

The kernel itself answers fsync and fdatasync with an I/O error (seccomp, Linux), so that everything
else is as it is: what was written stands in the file, and whoever opens it reads it.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

_CALLS = {"x86_64": (74, 75), "aarch64": (82, 83)}  # fsync, fdatasync
_LOAD, _EQUALS, _RETURN = 0x20, 0x15, 0x06  # BPF: a word, jump if equal, return
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2  # of prctl


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def fail_flushes() -> None:
    """From now on. Raises OSError: the system does not let us."""
    first, second = _CALLS[platform.machine()]
    steps = [
        (_LOAD, 0, 0, 0),
        (_EQUALS, 1, 0, first),
        (_EQUALS, 0, 1, second),
        (_RETURN, 0, 0, _ERROR | errno.EIO),
        (_RETURN, 0, 0, _ALLOW),
    ]
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    program = _Program(len(steps), code)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or libc.prctl(
        _SECCOMP, _FILTER, ctypes.byref(program), 0, 0
    ):
        raise OSError(ctypes.get_errno(), "no filter")
