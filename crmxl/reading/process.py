"""The reading process: strangers' files are parsed in a child, so that what kills or hangs a reader costs one file.

Readers of spreadsheets can end the process that they run in (an allocation that fails, a fault in compiled code) or
never return. One child reads all files, one after the other; when it dies or takes too long, that file gets a finding
and the next file a new child. Both ends talk in pickles, each behind its length, over the child's standard input and
output; only the program itself is ever at the other end.
"""

from __future__ import annotations

import atexit
import os
import pickle
import struct
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from crmxl.messages import Code
from crmxl.reading.grid import Book, refused, source_of
from crmxl.text import B

SECONDS = 60
"""How long the reading of one file may take, on the clock."""
_LENGTH = struct.Struct(">Q")
_DIED = B("el lector se interrumpió", "the reader broke off")
_LATE = B("se agotaron los {seconds} segundos previstos", "the {seconds} seconds allowed ran out")


def send(stream: IO[bytes], thing: object) -> None:
    """Write one thing whole to an unbuffered stream; OSError if nobody reads it."""
    body = pickle.dumps(thing, protocol=pickle.HIGHEST_PROTOCOL)
    for block in (_LENGTH.pack(len(body)), body):
        rest = memoryview(block)
        while rest:
            rest = rest[stream.write(rest) :]


def receive(stream: IO[bytes]) -> Any:
    """Read one thing from an unbuffered stream; EOFError if the other end closed it."""
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    return pickle.loads(_exactly(stream, length))  # noqa: S301 - the other end is our own


def _exactly(stream: IO[bytes], length: int) -> bytearray:
    block = bytearray()
    while len(block) < length:
        piece = stream.read(min(length - len(block), 2**20))
        if not piece:
            raise EOFError
        block += piece
    return block


def _command() -> list[str]:
    """This Python, without the current folder on its path: it may hold strangers' files."""
    return [sys.executable, "-P", "-W", "ignore", "-m", "crmxl.reading.worker"]


def _environment() -> dict[str, str]:
    """The environment of the child, which imports what is imported here, from the same places in the same order."""
    home = str(Path(__file__).resolve().parents[2])
    places = [entry or home for entry in sys.path if isinstance(entry, str)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join([*places, home])}


class ReadingProcess:
    """A child that reads files, started when it is first needed; threads take turns."""

    def __init__(self, command: Sequence[str] = (), seconds: float = SECONDS) -> None:
        self._command = command
        self._seconds = seconds
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._greeted = True

    def start(self) -> None:
        """Start the child, if there is none, and do not wait for it: it gets ready while something else is done."""
        with self._lock:
            if self._child is None:
                self._child = _spawned(self._command or _command())
                self._greeted = False

    def read(self, name: str, data: bytes) -> Book:
        """What `read_bytes` gives, or a book with a finding if the file makes its reader fail.

        ChildProcessError if no child can be started at all.
        """
        with self._lock:
            answer, late = self._asked((name, data))
        if isinstance(answer, Book):
            return answer
        cause = _LATE.format(seconds=self._seconds) if late else _DIED
        return refused(source_of(name, data), Code.F112, cause=cause)

    def close(self) -> None:
        """End the child, if there is one; it holds nothing that could be lost."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            _let_go(child)
            child.wait()

    def forget(self) -> None:
        """After a fork: the child belongs to the process that started it."""
        child, self._child = self._child, None
        self._lock = threading.Lock()
        if child is not None:
            _let_go(child)
            child.returncode = 0  # not ours to wait for

    def _asked(self, request: object) -> tuple[Any, bool]:
        """The answer of the child, or None, and whether its time ran out."""
        late = threading.Event()
        child = self._running()

        def stop() -> None:
            late.set()
            child.kill()

        timer = threading.Timer(self._seconds, stop)
        timer.daemon = True
        timer.start()
        answer = None
        try:
            answer = _exchange(child, request)
        finally:
            timer.cancel()
            timer.join()
            if answer is None or late.is_set():
                self.close()
        return answer, late.is_set()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self.close()
            self._child, self._greeted = _spawned(self._command or _command()), False
        if not self._greeted:
            child, self._child = self._child, None
            _greet(child)
            self._child, self._greeted = child, True
        return self._child


def _spawned(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """A child that gets ready."""
    try:
        return subprocess.Popen(  # noqa: S603 - our own program
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as fault:
        raise ChildProcessError(f"the reading process does not start: {command[0]}") from fault


def _greet(child: subprocess.Popen[bytes]) -> None:
    """Wait until a child says that it is ready."""
    try:
        receive(_ends(child)[1])
    except BaseException as fault:
        child.kill()
        _let_go(child)
        child.wait()
        if isinstance(fault, Exception):
            raise ChildProcessError("the reading process does not start") from fault
        raise


def _exchange(child: subprocess.Popen[bytes], request: object) -> Any:
    requests, replies = _ends(child)
    try:
        send(requests, request)
        return receive(replies)
    except (OSError, EOFError, pickle.UnpicklingError):
        return None


def _ends(child: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if child.stdin is None or child.stdout is None:
        raise ChildProcessError("the reading process has no pipes")
    return child.stdin, child.stdout


def _let_go(child: subprocess.Popen[bytes]) -> None:
    for end in _ends(child):
        end.close()


SHARED = ReadingProcess()
"""The one child of this process."""
atexit.register(SHARED.close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=SHARED.forget)
