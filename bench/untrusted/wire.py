"""HTTP/1.1 and HTTP/2 by hand, for what no library sends: half a head, a window of 0, an answer that is not read."""

import json
import socket
import struct

TIMEOUT_SECONDS = 10
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 0, 1, 3, 4, 6, 7, 8, 9
END_STREAM, END_HEADERS, ACK = 1, 4, 1
HEADER_TABLE_SIZE, INITIAL_WINDOW_SIZE = 1, 4
# What every endpoint may send at first (RFC 9113, 6.9.2), less a little.
FIRST_WINDOW = 65_000
FRAME = 16_384


class Closed(Exception):
    """The server has ended the connection."""


def connect(port: int, source: str | None = None) -> socket.socket:
    connection = socket.socket()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.settimeout(TIMEOUT_SECONDS)
    if source:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        connection.bind((source, 0))
    connection.connect(("127.0.0.1", port))
    return connection


def address_of(number: int) -> str:
    """One of 64,000 addresses of this machine."""
    return f"127.{10 + number // 64_000}.{number // 250 % 256}.{1 + number % 250}"


class Request:
    def __init__(self, method: str, path: str, key: str | None = None, body: bytes | None = None, **headers: str):
        self.method, self.path, self.body = method, path, body
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if key:
            self.headers["authorization"] = f"Bearer {key}"

    def head(self) -> bytes:
        lines = [f"{self.method} {self.path} HTTP/1.1", "host: bench", *map(": ".join, self.headers.items())]
        if self.body is not None:
            lines.append(f"content-length: {len(self.body)}")
        return "\r\n".join([*lines, "", ""]).encode()


class Http1:
    """One connection, opened again when the server has closed it."""

    def __init__(self, port: int, source: str | None = None):
        self._port, self._source, self._connection = port, source, None

    def close(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    def send(self, request: Request) -> tuple[int, bytes]:
        """The status and body of the answer."""
        try:
            return self._send(request)
        except (Closed, ConnectionError):
            self.close()
            return self._send(request)

    def _send(self, request: Request) -> tuple[int, bytes]:
        self._connection = self._connection or connect(self._port, self._source)
        try:
            self._connection.sendall(request.head() + (request.body or b""))
        except (BrokenPipeError, ConnectionResetError):
            pass  # The answer may have come before the body was sent.
        status, body, stays = self._read()
        if not stays:
            self.close()
        return status, body

    def _read(self) -> tuple[int, bytes, bool]:
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._receive()
        head, _, body = received.partition(b"\r\n\r\n")
        headers = head.decode("latin-1").lower().split("\r\n")
        length = next((int(line[15:]) for line in headers if line.startswith("content-length:")), None)
        stays = "connection: close" not in headers
        if "transfer-encoding: chunked" in headers:
            while not body.endswith(b"0\r\n\r\n"):
                body += self._receive()
        while length is not None and len(body) < length:
            body += self._receive()
        return int(head.split()[1]), body, stays

    def _receive(self) -> bytes:
        received = self._connection.recv(1 << 20)
        if not received:
            raise Closed
        return received

    def json(self, request: Request) -> dict:
        status, body = self.send(request)
        assert status < 300, (status, body[:300])
        return json.loads(body)


class Http2:
    """One connection. Header fields are literal and never indexed (RFC 7541, 6.2.2)."""

    def __init__(self, port: int, window: int = FIRST_WINDOW, source: str | None = None):
        self._connection = connect(port, source)
        self._received, self._stream, self._connection_credit = b"", -1, FIRST_WINDOW
        self._body, self._window = b"", FIRST_WINDOW
        # Without a table nothing of an answer's fields has to be remembered.
        settings = struct.pack(">HIHI", HEADER_TABLE_SIZE, 0, INITIAL_WINDOW_SIZE, window)
        self._connection.sendall(PREFACE + frame(SETTINGS, 0, 0, settings))

    def close(self) -> None:
        self._connection.close()

    def ask(self, request: Request, is_whole: bool = True) -> int:
        """Sends a request; the number of its stream. Of a body, what the windows take is sent, and its end if it is whole."""
        self._stream += 2
        pseudo = {":method": request.method, ":path": request.path, ":scheme": "http", ":authority": "bench"}
        block = b"".join(literal(*field) for field in {**pseudo, **request.headers}.items())
        flags = END_HEADERS | (0 if request.body else END_STREAM)
        self._connection.sendall(self._frames_of_head(flags, block))
        if is_whole:
            self._body, self._credit = request.body or b"", self._window
            self._send_body()
        return self._stream

    def _frames_of_head(self, flags: int, block: bytes) -> bytes:
        """One frame, and others that continue it (RFC 9113, 6.10)."""
        pieces = [block[at : at + FRAME] for at in range(0, len(block), FRAME)]
        last = len(pieces) - 1
        kinds = [HEADERS, *[CONTINUATION] * last]
        return b"".join(
            frame(
                kind, (flags & END_STREAM if at == 0 else 0) | (END_HEADERS if at == last else 0), self._stream, piece
            )
            for at, (kind, piece) in enumerate(zip(kinds, pieces, strict=True))
        )

    def _send_body(self) -> None:
        """As much as the windows take."""
        while self._body and (length := min(FRAME, len(self._body), self._credit, self._connection_credit)):
            piece, self._body = self._body[:length], self._body[length:]
            self._credit -= length
            self._connection_credit -= length
            self._connection.sendall(frame(DATA, 0 if self._body else END_STREAM, self._stream, piece))

    def send(self, request: Request) -> int:
        """The status of the answer, of which all is read."""
        wanted, status, read = self.ask(request), 0, 0
        while True:
            kind, flags, stream, payload = self._next()
            if kind == GOAWAY or (kind == RST_STREAM and stream == wanted and not status):
                raise Closed
            if kind == HEADERS and stream == wanted:
                status = status_of(payload)
            elif kind == DATA:
                read += len(payload)
            else:
                self._regulate(kind, flags, stream, payload)
            is_over = stream == wanted and (kind == RST_STREAM or (kind in (DATA, HEADERS) and flags & END_STREAM))
            if is_over:
                if read:
                    self._connection.sendall(frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", read)))
                return status

    def _regulate(self, kind: int, flags: int, stream: int, payload: bytes) -> None:
        if kind in (SETTINGS, PING) and not flags & ACK:
            self._connection.sendall(frame(kind, ACK, 0, payload if kind == PING else b""))
        if kind == SETTINGS:
            for name, value in struct.iter_unpack(">HI", payload):
                if name == INITIAL_WINDOW_SIZE:
                    self._credit += value - self._window
                    self._window = value
            self._send_body()
        elif kind == WINDOW_UPDATE:
            more = int.from_bytes(payload, "big")
            if stream == 0:
                self._connection_credit += more
            elif stream == self._stream:
                self._credit += more
            self._send_body()

    def _next(self) -> tuple[int, int, int, bytes]:
        head = self._take(9)
        length = int.from_bytes(head[:3], "big")
        return head[3], head[4], int.from_bytes(head[5:9], "big"), self._take(length)

    def _take(self, length: int) -> bytes:
        while len(self._received) < length:
            received = self._connection.recv(1 << 16)
            if not received:
                raise Closed
            self._received += received
        taken, self._received = self._received[:length], self._received[length:]
        return taken


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def literal(name: str, value: str) -> bytes:
    return b"\x10" + text(name) + text(value)


def text(value: str) -> bytes:
    """A string without Huffman code, its length as an integer with a prefix of seven bits."""
    encoded = value.encode()
    length = len(encoded)
    if length < 127:
        return bytes([length]) + encoded
    rest, octets = length - 127, [127]
    while rest >= 128:
        octets.append(rest % 128 + 128)
        rest //= 128
    return bytes([*octets, rest]) + encoded


# The statuses that have a number of their own in the static table (RFC 7541, appendix A).
STATIC_STATUS = {8: 200, 9: 204, 10: 206, 11: 304, 12: 400, 13: 404, 14: 500}


def status_of(block: bytes) -> int:
    """`:status` is the first field of an answer: from the static table, or a literal with the name from there."""
    while block[0] & 0xE0 == 0x20:  # a change of the table's size
        block = block[1:]
    if block[0] & 0x80:
        return STATIC_STATUS.get(block[0] & 0x7F, 0)
    is_huffman, length = block[1] & 0x80, block[1] & 0x7F
    value = block[2 : 2 + length]
    return int(unhuffman(value) if is_huffman else value)


def unhuffman(value: bytes) -> str:
    """Digits: 0, 1 and 2 have five bits, the others six (RFC 7541, appendix B)."""
    bits = "".join(f"{octet:08b}" for octet in value)
    codes = {f"{digit:05b}": str(digit) for digit in range(3)}
    codes |= {f"{0x19 + digit - 3:06b}": str(digit) for digit in range(3, 10)}
    digits = ""
    while len(digits) < 3:
        length = 5 if bits[:5] in codes else 6
        digits, bits = digits + codes[bits[:length]], bits[length:]
    return digits
