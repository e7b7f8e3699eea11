"""A mail server that really listens, and a web service that takes notifications."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import cast

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session


class PostOffice:
    """Keeps what it is handed; refuses mail to anybody at `gone.example`."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.port = 0

    async def handle_RCPT(  # noqa: N802 - the name that the server calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.endswith("@gone.example"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the name that the server calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = cast(bytes, envelope.content)
        self.received.append(message_from_bytes(content, policy=default))
        return "250 OK"


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    office, loop = PostOffice(), asyncio.new_event_loop()
    serving = loop.create_server(lambda: SMTP(office, hostname="mail.example"), "127.0.0.1", 0)
    server = loop.run_until_complete(serving)
    office.port = server.sockets[0].getsockname()[1]
    thread = Thread(target=loop.run_forever)
    thread.start()
    yield office
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    server.close()
    loop.run_until_complete(server.wait_closed())
    loop.close()


class Hall:
    """Keeps what is posted to it as JSON, and answers with `status`."""

    def __init__(self) -> None:
        self.posted: list[dict[str, str]] = []
        self.status = 200
        self.port = 0


@pytest.fixture
def hall() -> Iterator[Hall]:
    kept = Hall()

    class Posting(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            kept.posted.append(json.loads(self.rfile.read(length)))
            self.send_response(kept.status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Posting)
    kept.port = server.server_port
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()
