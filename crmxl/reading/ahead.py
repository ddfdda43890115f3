"""Reading ahead: while one file is being worked on, the next ones are read, by a process for each processor.

The books come in the order of the files, so that it makes no difference who read which. A file that makes its reader
fail costs itself, and its process is started anew; the others go on.
"""

from __future__ import annotations

import atexit
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from queue import LifoQueue
from typing import TypeVar

from crmxl.reading.process import SHARED, ReadingProcess

T = TypeVar("T")
MOST = 4
"""Reading processes at the most: each may hold what one file takes."""
AHEAD = 2
"""Files that wait, read, for each process: enough that none is idle, few enough to hold."""


def _processes() -> int:
    """How many processes there may be: one for each processor that this program may use."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(usable, MOST))


POOL = (SHARED, *(ReadingProcess() for _ in range(_processes() - 1)))
"""The reading processes, each started when it is first needed."""
for _further in POOL[1:]:
    atexit.register(_further.close)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_further.forget)


def in_order(paths: Sequence[Path], read: Callable[[Path, ReadingProcess], T]) -> Iterator[T]:
    """What `read` makes of each file with a process, in the order of the files."""
    if len(POOL) == 1 or len(paths) < 2:
        yield from (read(path, SHARED) for path in paths)
        return
    idle: LifoQueue[ReadingProcess] = LifoQueue()
    for process in reversed(POOL):
        idle.put(process)

    def work(path: Path) -> T:
        process = idle.get()
        try:
            return read(path, process)
        finally:
            idle.put(process)

    threads = ThreadPoolExecutor(len(POOL), thread_name_prefix="reading")
    rest = iter(paths)
    waiting: deque[Future[T]] = deque(threads.submit(work, path) for path in islice(rest, AHEAD * len(POOL)))
    try:
        while waiting:
            yield waiting.popleft().result()
            waiting += (threads.submit(work, path) for path in islice(rest, 1))
    finally:
        if waiting:  # whoever asked has stopped: nobody waits for what is being read
            for one in waiting:
                one.cancel()
            for process in POOL:
                process.close()
        threads.shutdown()
