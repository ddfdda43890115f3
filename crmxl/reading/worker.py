"""The reading process itself, run as `python -m crmxl.reading.worker` by `crmxl.reading.process`."""

from __future__ import annotations

import os
import signal

from crmxl.reading.book import read_bytes
from crmxl.reading.process import receive, send


def serve() -> None:
    """Read files as they are asked for, until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asked decides when to stop
    requests, replies = (os.fdopen(os.dup(end), mode, buffering=0) for end, mode in ((0, "rb"), (1, "wb")))
    nothing = os.open(os.devnull, os.O_RDWR)
    for end in (0, 1):  # what a reader prints must not get into the replies
        os.dup2(nothing, end)
    # Limits of memory and of processor time belong here, before the first file.
    send(replies, None)
    while True:
        try:
            name, data = receive(requests)
        except EOFError:
            return
        send(replies, read_bytes(name, data))


if __name__ == "__main__":
    serve()
