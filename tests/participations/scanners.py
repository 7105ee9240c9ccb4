"""A stand-in for clamd on this machine, which speaks its protocol."""

import socketserver
import struct
import threading
import time
from contextlib import contextmanager
from pathlib import Path

#: What the stand-in takes for malware; a mark of our own.
MARK = b"MALWARE-OF-THE-TEST"
LIMIT = 1_000_000


class _Daemon(socketserver.StreamRequestHandler):
    def handle(self):
        mode = self.server.mode
        if mode == "hangs":
            time.sleep(1.5)
            return
        if mode == "closes":
            return
        command = self._until_null()
        if command == b"zPING":
            self.wfile.write(b"PONG\0")
        elif command == b"zINSTREAM":
            self._scan()
        else:
            self.wfile.write(b"UNKNOWN COMMAND\0")

    def _scan(self):
        data = b""
        while True:
            (length,) = struct.unpack("!L", self.rfile.read(4))
            if not length:
                break
            data += self.rfile.read(length)
            if len(data) > LIMIT:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.seen.append(data)
        if self.server.mode == "babbles":
            self.wfile.write(b"x" * 9000)
        elif self.server.mode == "fails":
            self.wfile.write(b"stream: Can't allocate memory ERROR\0")
        elif MARK in data:
            self.wfile.write(b"stream: Test.Malware-1 FOUND\0")
        else:
            self.wfile.write(b"stream: OK\0")

    def _until_null(self):
        read = b""
        while not read.endswith(b"\0"):
            read += self.rfile.read(1)
        return read[:-1]


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


class _Unix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@contextmanager
def clamd(path: Path | None = None, mode: str = ""):
    """Runs it on a socket of its own, or on a port of the loopback address.

    Gives the options with which a scanner finds it; the server is at ``.server``.
    """
    server = _Unix(str(path), _Daemon) if path else _Tcp(("127.0.0.1", 0), _Daemon)
    server.mode, server.seen = mode, []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    options = (
        {"socket": str(path)}
        if path
        else {"host": "127.0.0.1", "port": server.server_address[1]}
    )
    try:
        yield options, server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
