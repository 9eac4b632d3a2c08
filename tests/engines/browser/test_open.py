"""A call is opened, used and closed; what it leaves is its trace and recording."""

import datetime
import ipaddress
import ssl
import zipfile
from pathlib import Path

import pytest
import soundfile
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from harness.browser.launch import Chromium
from harness.engines.browser.open import CallOptions, open_call
from harness.errors import BrowserError, NoMicrophoneRequest, ServerUnreachable, UsageError
from harness.exchange.playwright_trace import NAME, read_playwright_trace
from harness.hidden import hidden_values
from harness.server.process.launch import RunningServer
from harness.trace import read_trace
from tests.support.no_key import has_key
from tests.support.small_server import html, serve


@pytest.fixture
def own_certificate(tmp_path: Path) -> ssl.SSLContext:
    """Of 127.0.0.1, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "own")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    path = tmp_path / "own.pem"
    path.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(pem)
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    return context


async def test_a_call_leaves_trace_and_recording_and_no_key(
    shared_chromium: Chromium, shared_server: RunningServer, tmp_path: Path
) -> None:
    async with open_call(server=shared_server, chromium=shared_chromium, out=tmp_path) as call:
        await call.expect("session.created")
        await call.silence(0.5)
    trace = read_trace(tmp_path / "trace.jsonl")
    kinds = [event.type for event in trace.events]
    for kind in ("user_media.granted", "peer_connection.offer", "data_channel.open", "call.opened"):
        assert kind in kinds
    assert kinds[-1] == "call.closed"
    assert trace.of_type("error") == []
    recording = soundfile.info(tmp_path / "call.wav")
    assert recording.duration >= 0.5
    text = (tmp_path / "trace.jsonl").read_text()
    assert shared_server.api_key not in text
    assert not has_key(text)


async def test_a_playwright_trace_is_kept_without_what_is_hidden(
    shared_chromium: Chromium, shared_server: RunningServer, tmp_path: Path
) -> None:
    options = CallOptions(playwright_trace=True, hidden=hidden_values([("PASS", "window-seat")]))
    async with open_call(
        server=shared_server, chromium=shared_chromium, out=tmp_path, options=options
    ) as call:
        await call.page.page.evaluate("sessionStorage.setItem('password', 'window-seat')")
    path = tmp_path / NAME
    assert [one.name for one in read_playwright_trace(path).actions][:2] == ["goto", "evaluate"]
    with zipfile.ZipFile(path) as kept:
        names = kept.namelist()
        text = "\n".join(kept.read(name).decode(errors="replace") for name in names)
    assert "sessionStorage.setItem" in text
    assert "window-seat" not in text
    assert shared_server.api_key not in text
    assert not has_key(text)
    assert not any(name.endswith(".jpeg") for name in names), "a picture cannot be masked"


async def test_nothing_to_call_is_a_usage_error(shared_chromium: Chromium) -> None:
    with pytest.raises(UsageError, match="Nothing to call"):
        async with open_call(chromium=shared_chromium):
            pass


async def test_a_wrong_selector_in_the_page_actions_is_named(
    shared_chromium: Chromium, tmp_path: Path
) -> None:
    options = CallOptions(start=[{"click": "#nowhere", "within_s": 0.2}])
    async with serve({("GET", "/"): html("<p>hello</p>")}) as url:
        with pytest.raises(BrowserError, match="#nowhere"):
            async with open_call(url, chromium=shared_chromium, out=tmp_path, options=options):
                pass
    assert read_trace(tmp_path / "trace.jsonl").of_type("error")


THROWS = """<link rel="icon" href="/icon.png"><button onclick="begin()">Call</button><script>
    async function begin() { throw new Error("no session for you"); }
    fetch("/list");</script>"""


async def test_a_button_whose_handler_fails_is_told_by_what_it_threw(
    shared_chromium: Chromium, tmp_path: Path
) -> None:
    options = CallOptions(start=[{"click": "button"}], connect_s=1)
    async with serve({("GET", "/"): html(THROWS)}) as url:
        with pytest.raises(NoMicrophoneRequest) as told:
            async with open_call(url, chromium=shared_chromium, out=tmp_path, options=options):
                pass
    found = str(told.value.found)
    assert found.startswith(f"the page: exception: no session for you; GET {url}/list answered 404")
    assert "icon" not in found


async def test_a_certificate_of_one_s_own_is_named_and_can_be_accepted(
    shared_chromium: Chromium, own_certificate: ssl.SSLContext
) -> None:
    async with serve({("GET", "/"): html("<p>hello</p>")}, own_certificate) as url:
        with pytest.raises(ServerUnreachable, match="certificate"):
            async with open_call(url, chromium=shared_chromium):
                pass
        options = CallOptions(context={"ignore_https_errors": True}, connect_s=0.5)
        with pytest.raises(NoMicrophoneRequest):
            async with open_call(url, chromium=shared_chromium, options=options):
                pass


async def test_an_error_in_the_test_itself_is_in_the_trace(
    shared_chromium: Chromium, shared_server: RunningServer, tmp_path: Path
) -> None:
    with pytest.raises(ZeroDivisionError):
        async with open_call(server=shared_server, chromium=shared_chromium, out=tmp_path):
            _ = 1 / 0
    (error,) = read_trace(tmp_path / "trace.jsonl").of_type("error")
    assert error.data["kind"] == "ZeroDivisionError"
    assert (tmp_path / "call.wav").exists()
