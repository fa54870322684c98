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
from twotier.runtime.settings import INSTALLATION
from twotier.web.api.declarations import Declarations
from twotier.web.app import Parts, create_app
from twotier.web.settings import ServeSettings
from twotier.web.shared.authentication import TokenReviewer
from twotier.web.shared.databases import Databases
from twotier.web.shared.metrics import ServeMetrics

API_CONNECTIONS: Final = 8
SPARE_THREADS: Final = 4
"""In addition to those that read: for probes, while all others wait for the database."""
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
    to_thread.current_default_thread_limiter().total_tokens = settings.connections + SPARE_THREADS
    async with ApiClient(access, metrics, connections=API_CONNECTIONS) as api:
        namespace = settings.accounts_namespace or access.namespace or INSTALLATION
        app = create_app(Parts(databases, TokenReviewer(api, namespace, now), declarations, metrics))
        with closing(_listening(settings.host, settings.port)) as listener:
            log.info("serving", address="{}:{}".format(*listener.getsockname()), accounts_namespace=namespace)
            await _Server(_config(app, settings)).serve([listener])


def _config(app: FastAPI, settings: ServeSettings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        lifespan="off",
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=int(settings.shutdown_grace.total_seconds()),
    )


def _listening(host: str, port: int) -> socket.socket:
    return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)


class _Server(uvicorn.Server):
    """Ends cleanly on a signal: uvicorn's own server would raise the signal again after its end."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        told = (signal.SIGTERM, signal.SIGINT)
        for number in told:
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield
        for number in told:
            loop.remove_signal_handler(number)


def now() -> datetime:
    """Return the time, aware."""
    return datetime.now(UTC)
