"""Notifications by apprise, to a server of our own."""

import http.server
import json
import threading

import pytest


@pytest.fixture
def chat():
    """(address, what it got)."""
    got = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"json://127.0.0.1:{server.server_port}/secret", got
    server.shutdown()


@pytest.fixture
def place(empty):
    empty("init")
    (empty.folder / "tasks/a.md").write_text(
        "---\nid: PT-aaa1\ntitle: 'A `title` <b> $(touch x) \\n'\nstatus: todo\n---\n"
    )
    (empty.folder / "automations").mkdir()
    text = "name: tell\non: {changed: {field: status, to: review}}\ndo:\n- notify: {text: 'Look at {title}', to: 'env:TEAM_CHAT'}\n"
    (empty.folder / "automations/tell.yml").write_text(text)
    empty("rules", "run")
    return empty


def test_a_notification_needs_trust_and_arrives_as_it_is(place, chat):
    address, got = chat
    assert "not trusted" in place("set", "aaa1", "status=review", TEAM_CHAT=address)
    assert got == []
    place("set", "aaa1", "status=todo")
    assert "'notify' 'env:TEAM_CHAT'" in place("trust", "--yes")
    told = place("set", "aaa1", "status=review", TEAM_CHAT=address)
    assert "notified env:TEAM_CHAT" in told
    assert "secret" not in told
    (message,) = got
    assert message["message"] == "Look at A `title` <b> $(touch x) \\n"
    assert message["title"].startswith("PT-aaa1: ")


def test_what_cannot_be_sent_is_told_without_the_address(place):
    place("trust", "--yes")
    assert "TEAM_CHAT is not set" in place("set", "aaa1", "status=review")
    for address in ("nonsense", "json://127.0.0.1:1/secret"):
        place("set", "aaa1", "status=todo")
        told = place("set", "aaa1", "status=review", TEAM_CHAT=address)
        assert "PT-aaa1  status: todo → review" in told
        assert "secret" not in told + place.err
        assert "to this address" in told or "not delivered" in told


def test_a_digest_is_sent_and_an_empty_one_is_not(place, chat):
    address, got = chat
    for who in ("ana", "dee"):
        path = place.folder / f"people/{who}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"---\nname: {who.title()}\nemail: {who}@example.org\n---\n")
    with open(place.folder / "plaintrack.yml", "a") as settings:
        settings.write("rooms: {people: people}\n")
    rules = "name: send\non: comment\ndo:\n- digest: {of: dee, notify: 'env:TEAM_CHAT'}\n- digest: {of: ana, notify: 'env:TEAM_CHAT'}\n"
    (place.folder / "automations/tell.yml").write_text(rules)
    place("trust", "--yes")
    place("comment", "aaa1", "For @ana.")
    place.git("add", "-A")
    place.git("commit", "-qm", "said")
    place("comment", "aaa1", "Go.", TEAM_CHAT=address)
    (message,) = got
    assert "mentioned: comment: For" in message["message"]
    assert "ana" in message["title"] + message["message"]
