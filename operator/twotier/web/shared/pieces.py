"""Large responses in pieces: no more of one is buffered than the client takes, and it is open until it is taken."""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

PIECE: Final = 1 << 16


class InPieces:
    """Wraps an application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; each piece waits until the client has made room for it."""

        async def send_in_pieces(message: Message) -> None:
            body = message.get("body", b"")
            last = max(0, (len(body) - 1) // PIECE * PIECE)
            for begin in range(0, last, PIECE):
                await send({**message, "body": body[begin : begin + PIECE], "more_body": True})
            await send({**message, "body": body[last:]} if last else message)

        await self._app(scope, receive, send_in_pieces)
