"""A cluster that answers as it is told to, for what a verb says of its answers."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import yaml

KUBECONFIG = {
    "apiVersion": "v1",
    "kind": "Config",
    "users": [{"name": "ada", "user": {"token": "s3cret"}}],
    "contexts": [{"name": "work", "context": {"cluster": "work", "user": "ada"}}],
    "current-context": "work",
}
Answers = Mapping[str, object]
"""By path; whatever else is asked for is not found."""


@dataclass
class Busy:
    """Answers that there is no room, so many times.

    Attributes:
        times: how often still.
        status: of these answers.
        then: the answer after that.
        asked: how often it was asked.
    """

    times: int
    status: int
    then: object
    asked: int = 0

    def answer(self) -> tuple[int, object]:
        """Return the next status and body."""
        self.asked += 1
        if self.asked <= self.times:
            return self.status, {"detail": "Too many requests: try again."}
        return HTTPStatus.OK, self.then


def kubeconfig_of(server: str) -> str:
    """A kubeconfig for a server."""
    return yaml.safe_dump({**KUBECONFIG, "clusters": [{"name": "work", "cluster": {"server": server}}]})


@contextmanager
def cluster_with(answers: Answers, folder: Path) -> Iterator[Path]:
    """Give the kubeconfig of a cluster with these answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = _answer(answers.get(self.path.partition("?")[0]))
            self.send_response(status)
            self.send_header("Retry-After", "0")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name that the class gives it
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever).start()
        path = folder / "config"
        path.write_text(kubeconfig_of(f"http://127.0.0.1:{server.server_port}"), encoding="utf-8")
        try:
            yield path
        finally:
            server.shutdown()


def _answer(known: object) -> tuple[int, object]:
    match known:
        case None:
            return HTTPStatus.NOT_FOUND, {"kind": "Status", "message": "not found"}
        case Busy():
            return known.answer()
        case _:
            return HTTPStatus.OK, known
