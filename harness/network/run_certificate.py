"""A certificate for one run: made for the hosts that are redirected, and trusted by one Chromium.

Its key is never written to a place where it stays, and nobody else is asked to trust it.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import ssl
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.x509 import GeneralName

GOOD_FOR = timedelta(days=2)
EARLIER = timedelta(days=1)
"""Clocks are not all right."""


@dataclass(frozen=True, slots=True)
class RunCertificate:
    """What a server on this machine answers with in the name of other hosts."""

    context: ssl.SSLContext = field(repr=False)
    """For the server."""

    spki_sha256: str
    """Base64, as Chromium's ``--ignore-certificate-errors-spki-list`` wants it."""


def make_certificate(hosts: Sequence[str]) -> RunCertificate:
    """A new key and a certificate of its own for these names or addresses."""
    from cryptography import x509  # slow to import, and seldom needed
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
        PublicFormat,
    )

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "harness, for one run")])
    now = datetime.now(UTC)
    names = [_general_name(host) for host in hosts]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - EARLIER)
        .not_valid_after(now + GOOD_FOR)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    digest = base64.b64encode(hashlib.sha256(public).digest()).decode()
    return RunCertificate(_context(secret + certificate.public_bytes(Encoding.PEM)), digest)


def _general_name(host: str) -> GeneralName:
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _context(pem: bytes) -> ssl.SSLContext:
    """OpenSSL reads keys from files alone: one that only we can read, gone at once."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile(prefix="harness-", suffix=".pem") as file:
        file.write(pem)
        file.flush()
        context.load_cert_chain(file.name)
    return context
