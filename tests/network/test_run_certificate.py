"""A certificate that is good for the hosts of one run, and known by its key's hash."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import ssl
import tempfile
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from harness.network.run_certificate import RunCertificate, make_certificate


async def shown(certificate: RunCertificate) -> x509.Certificate:
    """What a server shows that uses it."""

    async def nothing(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(nothing, "127.0.0.1", 0, ssl=certificate.context)
    async with server:
        port = server.sockets[0].getsockname()[1]
        trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusting)
        der = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        writer.close()
    return x509.load_der_x509_certificate(der)


async def test_a_server_shows_it_for_every_host() -> None:
    certificate = make_certificate(["api.openai.com", "127.0.0.1"])
    found = (await shown(certificate)).extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    assert found.value.get_values_for_type(x509.DNSName) == ["api.openai.com"]
    assert [str(ip) for ip in found.value.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]


async def test_its_hash_is_that_of_its_public_key() -> None:
    certificate = make_certificate(["v.example.com"])
    key = (await shown(certificate)).public_key()
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert certificate.spki_sha256 == base64.b64encode(hashlib.sha256(der).digest()).decode()


def test_every_run_has_a_key_of_its_own_that_stays_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    first, second = make_certificate(["a.example"]), make_certificate(["a.example"])
    assert first.spki_sha256 != second.spki_sha256
    assert list(tmp_path.iterdir()) == []
