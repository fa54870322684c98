"""A TCP relay in front of a server, whose connections a test can cut."""

import contextlib
import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

CHUNK = 65_536


class Proxy:
    """Relays every connection to one address while it is up; TLS passes through untouched.

    Args:
        target: host and port, or the path of a socket.
    """

    def __init__(self, target: tuple[str, int] | str) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._up = True
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()

    @classmethod
    @contextmanager
    def to(cls, target: tuple[str, int] | str) -> Iterator[Self]:
        """Relay until the end of the block."""
        proxy = cls(target)
        thread = threading.Thread(target=proxy._accept)
        thread.start()
        try:
            yield proxy
        finally:
            proxy.cut()
            proxy._listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            proxy._listener.close()

    def cut(self) -> None:
        """End all connections, and every new one at once."""
        with self._lock:
            self._up = False
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """Relay again."""
        with self._lock:
            self._up = True

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                if not self._up:
                    client.close()
                    continue
                try:
                    server = self._connect()
                except OSError:  # the server is away
                    client.close()
                    continue
                self._open |= {client, server}
            threading.Thread(target=self._relay, args=(client, server)).start()

    def _connect(self) -> socket.socket:
        if isinstance(self._target, tuple):
            return socket.create_connection(self._target)
        server = socket.socket(socket.AF_UNIX)
        try:
            server.connect(self._target)
        except OSError:
            server.close()
            raise
        return server

    def _relay(self, client: socket.socket, server: socket.socket) -> None:
        with client, server, selectors.DefaultSelector() as selector:
            selector.register(client, selectors.EVENT_READ, server)
            selector.register(server, selectors.EVENT_READ, client)
            with contextlib.suppress(OSError):
                while self._pass_on(selector):
                    pass
        with self._lock:
            self._open -= {client, server}

    def _pass_on(self, selector: selectors.BaseSelector) -> bool:
        for ready, _ in selector.select():
            data = ready.fileobj.recv(CHUNK)  # type: ignore[union-attr]  # only sockets are registered
            if not data:
                return False
            ready.data.sendall(data)
        return True
