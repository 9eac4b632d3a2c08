"""A small HTTP/3 server for WebTransport: sends every datagram back."""

from __future__ import annotations

import base64
import hashlib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.asyncio.server import serve
from aioquic.h3.connection import H3_ALPN, H3Connection
from aioquic.h3.events import DatagramReceived, H3Event, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.events import ProtocolNegotiated, QuicEvent
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

LASTS = timedelta(days=10)
"""Browsers take a certificate by its hash where it is valid for two weeks at most."""

LARGEST_DATAGRAM = 65_536


@dataclass(frozen=True)
class WebTransportServer:
    """Where it is, and the hash by which a page knows its certificate."""

    url: str
    sha256: str
    """In base64."""


class _Echo(QuicConnectionProtocol):
    _http: H3Connection | None = None

    def quic_event_received(self, event: QuicEvent) -> None:
        if isinstance(event, ProtocolNegotiated):
            self._http = H3Connection(self._quic, enable_webtransport=True)
        elif self._http is not None:
            for told in self._http.handle_event(event):
                self._answer(self._http, told)
            self.transmit()

    def _answer(self, http: H3Connection, event: H3Event) -> None:
        if isinstance(event, HeadersReceived):
            is_session = (b":protocol", b"webtransport") in event.headers
            http.send_headers(event.stream_id, [(b":status", b"200" if is_session else b"404")])
        elif isinstance(event, DatagramReceived):
            http.send_datagram(event.stream_id, event.data)


@asynccontextmanager
async def serve_web_transport() -> AsyncIterator[WebTransportServer]:
    """On this machine, with a certificate of its own."""
    configuration = QuicConfiguration(
        is_client=False, alpn_protocols=H3_ALPN, max_datagram_frame_size=LARGEST_DATAGRAM
    )
    configuration.private_key = key = ec.generate_private_key(ec.SECP256R1())
    configuration.certificate = certificate = _certificate(key)
    configuration.verify_mode = ssl.CERT_NONE
    server = await serve("127.0.0.1", 0, configuration=configuration, create_protocol=_Echo)
    try:
        assert server._transport is not None  # it has no public word for its port
        port = server._transport.get_extra_info("sockname")[1]
        digest = hashlib.sha256(certificate.public_bytes(Encoding.DER)).digest()
        yield WebTransportServer(
            f"https://127.0.0.1:{port}/echo", base64.b64encode(digest).decode()
        )
    finally:
        server.close()


def _certificate(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + LASTS)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, SHA256())
    )
