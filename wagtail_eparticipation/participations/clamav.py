"""Asking ClamAV whether a file carries malware, over its own socket.

``clamd`` listens on a local socket or on TCP; the file is sent in pieces by the
command ``INSTREAM``. Nothing is written to a disk, and the file's name is not told.
"""

import socket
import struct
import time
from dataclasses import dataclass

#: Bytes sent at a time.
PIECE = 64 * 1024
#: The longest answer that makes sense.
_LONGEST_ANSWER = 4096

CLEAN, INFECTED, UNAVAILABLE = "clean", "infected", "unavailable"


@dataclass(frozen=True)
class Verdict:
    """``state`` is clean, infected or unavailable; ``detail`` is for the log.

    Of an infected file ``detail`` is the name of what was found.
    """

    state: str
    detail: str = ""


class ClamAV:
    """A scanner for ``ATTACHMENT_SCANNER``.

    ``socket`` is the path of clamd's local socket; or name ``host`` and ``port``.
    ``timeout`` is in seconds, for the connection and for the answer.
    """

    def __init__(
        self,
        socket: str = "",
        host: str = "",
        port: int = 3310,
        timeout: float = 10,
    ):
        if bool(socket) == bool(host):
            raise ValueError("name either a socket or a host")
        if timeout <= 0:
            raise ValueError("the timeout must be above zero")
        self.path, self.host, self.port, self.timeout = socket, host, port, timeout

    def scan(self, data: bytes) -> Verdict:
        """What clamd says of ``data``; never raises."""
        try:
            with self._connected() as connection:
                self._send(connection, data)
                answer = self._answer(connection)
        except (OSError, ValueError) as error:
            return Verdict(UNAVAILABLE, type(error).__name__)
        return read_answer(answer)

    def is_there(self) -> bool:
        """Whether clamd answers."""
        try:
            with self._connected() as connection:
                connection.sendall(b"zPING\0")
                return self._answer(connection) == "PONG"
        except (OSError, ValueError):
            return False

    def _connected(self) -> socket.socket:
        if self.path:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(self.timeout)
            try:
                connection.connect(self.path)
            except OSError:
                connection.close()
                raise
            return connection
        return socket.create_connection((self.host, self.port), self.timeout)

    def _send(self, connection: socket.socket, data: bytes) -> None:
        try:
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), PIECE):
                piece = data[start : start + PIECE]
                connection.sendall(struct.pack("!L", len(piece)) + piece)
            connection.sendall(struct.pack("!L", 0))
        except (BrokenPipeError, ConnectionResetError):
            # It stops reading above its own limit, and says so.
            return

    def _answer(self, connection: socket.socket) -> str:
        read, until = b"", time.monotonic() + self.timeout
        while not read.endswith(b"\0"):
            piece = connection.recv(_LONGEST_ANSWER)
            if not piece:
                break
            read += piece
            if len(read) > _LONGEST_ANSWER or time.monotonic() > until:
                raise ValueError("too long an answer")
        return read.rstrip(b"\0\n").decode("utf-8", "replace")


def read_answer(answer: str) -> Verdict:
    """What an answer of clamd means: only a plain OK is clean."""
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return Verdict(CLEAN)
    if said.endswith(" FOUND"):
        return Verdict(INFECTED, said.removesuffix(" FOUND")[:200])
    return Verdict(UNAVAILABLE, "limit" if "size limit" in said else "answer")
