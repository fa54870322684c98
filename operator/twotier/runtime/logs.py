"""One log line per event, as JSON for machines or coloured for people; Kopf's lines among ours, but fewer."""

import logging
import sys
from typing import Any, Final, TextIO

import structlog

from twotier.runtime.settings import ProcessSettings

QUIET: Final = ("kopf", "kopf.objects", "aiohttp.access", "asyncio")


def configure(settings: ProcessSettings, stream: TextIO = sys.stderr) -> None:
    """Send all logs of this process to a stream."""
    console = settings.log_format == "console" or (settings.log_format == "auto" and stream.isatty())
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_shared(),
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_rendering(stream, console=console),
            ],
        )
    )
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(settings.log_level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def _shared() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _rendering(stream: TextIO, *, console: bool) -> list[Any]:
    if console:
        plain = structlog.dev.plain_traceback
        return [structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=plain)]
    # Local variables may hold tokens and passwords.
    transformer = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    return [structlog.processors.ExceptionRenderer(transformer), structlog.processors.JSONRenderer()]
