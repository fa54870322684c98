"""`twotier serve` as a process: it answers until SIGTERM, then finishes open requests."""

import asyncio
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Final

import structlog
import uvicorn
from anyio import to_thread
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from twotier.runtime import logs
from twotier.runtime.api import ApiClient
from twotier.runtime.credentials import CredentialsError, find_access
from twotier.runtime.headers import HEADERS
from twotier.runtime.memory import return_large_buffers
from twotier.runtime.settings import INSTALLATION
from twotier.web.api.declarations import Declarations
from twotier.web.app import Parts, create_app, create_probes
from twotier.web.listener import Listener
from twotier.web.settings import ServeSettings
from twotier.web.shared.authentication import TokenReviewer
from twotier.web.shared.bounds import Bounds
from twotier.web.shared.databases import Databases
from twotier.web.shared.metrics import ServeMetrics

API_CONNECTIONS: Final = 8
SPARE_THREADS: Final = 4
PROBE_GRACE: Final = 1
SEND_BUFFER: Final = 1 << 18
"""Of the kernel, for a connection: by default, it keeps several megabytes for a client that reads nothing."""
KEEP_ALIVE_SECONDS: Final = 75

log = structlog.get_logger(__name__)


def serve_until_told(settings: ServeSettings, database_url: str, declarations: Declarations) -> int:
    """Answer until SIGTERM or SIGINT; return the exit status of the process.

    The database need not answer yet: until it does, the process is alive and not ready.

    Args:
        settings: of the process.
        database_url: as the user gives it.
        declarations: how specs of resources are interpreted.

    Raises:
        DatabaseUnfitError: a URL cannot be read.
    """
    logs.configure(settings)
    return_large_buffers()
    databases = Databases.at(database_url, settings.connections, settings.read_database_url)
    try:
        asyncio.run(_serve(settings, databases, declarations))
    except (CredentialsError, OSError) as error:
        log.error("serve ended", reason=str(error))
        return 1
    finally:
        databases.dispose()
    return 0


async def _serve(settings: ServeSettings, databases: Databases, declarations: Declarations) -> None:
    access = find_access(settings.kubeconfig, os.environ)
    metrics = ServeMetrics(CollectorRegistry())
    async with ApiClient(access, metrics, connections=API_CONNECTIONS) as api:
        namespace = settings.accounts_namespace or access.namespace or INSTALLATION
        reviewer = TokenReviewer(api, namespace, now)
        bounds = Bounds(reads=settings.connections)
        log.info("letting people in", accounts_namespace=namespace)
        await serve(Parts(databases, reviewer, declarations, metrics, bounds, settings.trusted_proxies), settings)


async def serve(parts: Parts, settings: ServeSettings) -> None:
    """Answer on both ports until SIGTERM or SIGINT, then finish open requests.

    Raises:
        OSError: a port is taken.
    """
    # One for each that reads, one for a dry run, and some for whatever takes no time.
    to_thread.current_default_thread_limiter().total_tokens = parts.bounds.reads + 1 + SPARE_THREADS
    with (
        closing(listening(settings.host, settings.port)) as api_listener,
        closing(listening(settings.host, settings.metrics_port)) as probe_listener,
    ):
        log.info("serving", address=_address(api_listener), metrics_address=_address(probe_listener))
        grace = int(settings.shutdown_grace.total_seconds())
        api = Server(configured(create_app(parts), grace))
        probes = Server(configured(create_probes(parts), PROBE_GRACE))
        async with asyncio.TaskGroup() as group:
            group.create_task(probes.serve([probe_listener]))
            with _ending_when_told(api):
                await api.serve([api_listener])
            # The process is probed as long as it finishes requests.
            probes.should_exit = True


def configured(app: FastAPI, grace: int) -> uvicorn.Config:
    """Return how an application is served.

    Args:
        grace: seconds for requests that are open at the end.
    """
    return uvicorn.Config(
        app,
        http=Listener,
        ws="none",
        log_config=None,
        log_level="warning",
        access_log=False,
        lifespan="off",
        server_header=False,
        headers=list(HEADERS),
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=grace,
    )


class Server(uvicorn.Server):
    """Ends when `should_exit` is set: uvicorn's own would take the signals, and raise them again after its end."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield


@contextmanager
def _ending_when_told(server: uvicorn.Server) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    told = (signal.SIGTERM, signal.SIGINT)
    for number in told:
        loop.add_signal_handler(number, server.handle_exit, number, None)
    yield
    for number in told:
        loop.remove_signal_handler(number)


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens; 0 is any port.

    Raises:
        OSError: the port is taken.
    """
    listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    return listener


def now() -> datetime:
    """Return the time, aware."""
    return datetime.now(UTC)
