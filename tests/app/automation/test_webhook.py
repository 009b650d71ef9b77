"""Webhooks against a real TLS server, and everything that must not be called."""

import http.server
import json
import shutil
import socket
import ssl
import subprocess
import threading

import pytest

from plaintrack.store import webhook


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
                                     "::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "ff02::1"])  # fmt: skip
def test_private_addresses_are_refused_whatever_the_name(monkeypatch, address):
    assert not webhook.public(address)
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda *_a, **_k: [(0, 0, 0, "", ("93.184.216.34", 443)), (0, 0, 0, "", (address, 443))],
    )
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("called"))
    with pytest.raises(webhook.NotSent, match="public"):
        webhook.post("https://rebind.example/", b"{}", {})


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "file:///etc/passwd",
        "https://u:p@example.org/",
        "https://",
        "ftp://x",
        "",
        "https://x:99999/",
    ],
)
def test_only_https_without_a_user(url):
    with pytest.raises(webhook.NotSent):
        webhook.post(url, b"{}", {})


@pytest.fixture
def server(tmp_path, monkeypatch):
    """(port, what it got, the context that knows it)."""
    got = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            got.append(
                (self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            )
            if self.path == "/slow":
                threading.Event().wait(3)
            self.send_response(302 if self.path == "/away" else 204)
            self.send_header("Location", "https://169.254.169.254/")
            self.end_headers()

        def log_message(self, *args):
            pass

    key, cert = tmp_path / "key", tmp_path / "cert"
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate")
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        key,
        "-out",
        cert,
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    subprocess.run(
        [*command, "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True
    )
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    made.socket = context.wrap_socket(made.socket, server_side=True)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    monkeypatch.setattr(webhook, "public", lambda _: True)
    yield made.server_port, got, ssl.create_default_context(cafile=str(cert))
    made.shutdown()


def test_a_message_arrives_and_no_redirect_is_followed(server):
    port, got, context = server
    assert webhook.post(f"https://localhost:{port}/in?a=1", b'{"x": 1}', {}, context) == 204
    assert got == [("/in?a=1", {"x": 1})]
    with pytest.raises(webhook.NotSent, match="302"):
        webhook.post(f"https://localhost:{port}/away", b"{}", {}, context)


def test_an_unknown_certificate_and_a_slow_answer_are_failures(server, monkeypatch):
    port, _, context = server
    with pytest.raises(webhook.NotSent, match="certificate"):
        webhook.post(f"https://localhost:{port}/", b"{}", {})
    monkeypatch.setattr(webhook, "SECONDS", 0.5)
    with pytest.raises(webhook.NotSent):
        webhook.post(f"https://localhost:{port}/slow", b"{}", {}, context)
