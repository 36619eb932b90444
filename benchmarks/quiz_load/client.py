"""HTTP by hand over asyncio: the driver shares the cores with the server, so a request must cost it next to nothing."""

import asyncio
import time
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from .people import Person

HOST = "localhost"
TIMEOUT = 30


class ConnectionLost(Exception):
    """The server closed, refused or did not answer."""


@dataclass(frozen=True)
class Reply:
    status: int
    location: str
    body: bytes
    seconds: float


class Browser:
    """One officer's connection, kept open between requests until ``close``."""

    def __init__(self, port: int, person: Person | None = None) -> None:
        self.port = port
        self.head = f"Host: {HOST}\r\nX-Forwarded-Proto: https\r\nOrigin: https://{HOST}\r\n"
        if person:
            cookies = f"__Host-sessionid={person.session_key}; __Host-csrftoken={person.csrf}"
            self.head += f"Cookie: {cookies}\r\nX-CSRFToken: {person.csrf}\r\n"
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> Reply:
        return await self._ask(f"GET {path} HTTP/1.1\r\n{self.head}\r\n".encode())

    async def post(self, path: str, fields: list[tuple[str, object]] = (), *, script: bool = False) -> Reply:  # type: ignore[assignment]
        body = urlencode(fields)
        accept = "Accept: application/json\r\n" if script else ""
        return await self._ask(
            f"POST {path} HTTP/1.1\r\n{self.head}{accept}Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
        )

    async def follow(self, reply: Reply) -> Reply:
        """What a redirect leads to in the end."""
        while reply.status in (301, 302, 303):
            reply = await self.get(urlsplit(reply.location).path)
        return reply

    def close(self) -> None:
        if self.streams:
            self.streams[1].close()
            self.streams = None

    async def _ask(self, request: bytes) -> Reply:
        began = time.perf_counter()
        if self.streams and self.streams[0].at_eof():
            # Open for longer than the server keeps it: browsers, too, just open another.
            self.close()
        try:
            async with asyncio.timeout(TIMEOUT):
                self.streams = self.streams or await asyncio.open_connection("127.0.0.1", self.port)
                reader, writer = self.streams
                writer.write(request)
                head = await reader.readuntil(b"\r\n\r\n")
                lines = head.decode("latin-1").split("\r\n")
                headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
        except (OSError, EOFError, TimeoutError) as problem:
            self.close()
            raise ConnectionLost(type(problem).__name__) from problem
        if headers.get("connection", "").lower() == "close":
            self.close()
        status = int(lines[0].split(" ", 2)[1])
        return Reply(status, headers.get("location", ""), body, time.perf_counter() - began)
