"""A server of ours finds a free port, whoever else is looking for one."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from twotier.dev.listening import HOST, answers_ok, listening
from twotier.dev.processes import Command, ComponentFailedError

SERVER = """
import http.server, pathlib, sys
attempts = pathlib.Path(sys.argv[2])
attempts.write_text(attempts.read_text() + "x" if attempts.exists() else "x")
if len(attempts.read_text()) <= int(sys.argv[3]):
    sys.exit("listen tcp 127.0.0.1:80: bind: address already in use")
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


@pytest.mark.parametrize("taken", [0, 1, 4], ids=lambda taken: f"{taken} ports are taken")
def test_a_server_starts_on_a_port_that_nobody_took_meanwhile(taken: int, tmp_path: Path) -> None:
    with listening(server(tmp_path, taken), answers, tmp_path / "log") as (process, port):
        assert answers(port)
        assert process.status is None
    assert not answers(port)


def test_a_server_that_never_finds_a_port_is_an_error(tmp_path: Path) -> None:
    with (
        pytest.raises(ComponentFailedError, match=r"(?s)python ended with status 1 while starting.*already in use"),
        listening(server(tmp_path, 5), answers, tmp_path / "log"),
    ):
        pass


def server(folder: Path, taken: int) -> Callable[[int], Command]:
    def command(port: int) -> Command:
        arguments = [sys.executable, "-c", SERVER, str(port), str(folder / "attempts"), str(taken)]
        return Command(name="python", arguments=arguments)

    return command


def answers(port: int) -> bool:
    return answers_ok(f"http://{HOST}:{port}/")
