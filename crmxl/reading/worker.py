"""The reading process itself, run as `python -m crmxl.reading.worker` by `crmxl.reading.process`."""

from __future__ import annotations

import gc
import os
import signal
import sys

from crmxl.reading.book import read_bytes
from crmxl.reading.process import receive, send


def serve() -> None:
    """Read files as they are asked for, until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asked decides when to stop
    requests, replies = (os.fdopen(os.dup(end), mode, buffering=0) for end, mode in ((0, "rb"), (1, "wb")))
    nothing = os.open(os.devnull, os.O_RDWR)
    for end in (0, 1):  # what a reader prints must not get into the replies
        os.dup2(nothing, end)
    _limit_memory()
    gc.set_threshold(200_000, 50, 1_000)  # what a file makes is needed until it is sent
    send(replies, None)
    while True:
        try:
            name, data = receive(requests)
        except EOFError:
            return
        _limit_processor()
        send(replies, read_bytes(name, data))


MEMORY = 512 * 2**20
"""Bytes that the reading process may hold."""
PROCESSOR_SECONDS = 10
"""Time of the processor that one file may take."""


def _limit_memory() -> None:
    """On Linux an allocation beyond the limit fails; other systems have no limit that could be set from inside."""
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_processor() -> None:
    """On Linux the system ends the process when one file takes too long; elsewhere only the clock does."""
    if sys.platform == "linux":
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        seconds = int(used.ru_utime + used.ru_stime) + PROCESSOR_SECONDS + 1
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


if __name__ == "__main__":
    serve()
