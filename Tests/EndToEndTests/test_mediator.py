"""The mediator holds every record and reads none: planted words are nowhere in what it has."""

import base64
import gzip
import json
import urllib.request

import conftest
import markers
import nodes

WORDS = ["QUAGMIRE-ZEBRA-7781", "HALCYON-OSPREY-4402", "VERMILION-TAPIR-9930", "CARDAMOM-LYNX-5517"]
STRIKE = [
    "--kind", "strike", "--at", "37SDU3733124174", "--radius-m", 3000, "--lower", "GND", "--upper", "FL250",
    "--from", "+120m", "--to", "+180m", "--contact", WORDS[0], "--remarks", f"{WORDS[1]}, twice over",
]
PATHS = [
    "status", "terms", "notices?state=all", "conflicts?state=all", "alarms?all=true", "links", "assurance", "officers",
]


def three(folder, sealing):
    """Two principals and a mediator that serve, under terms that seal or do not."""
    parties = [
        nodes.Node(folder, "israel", officer=WORDS[3]), nodes.Node(folder, "turkiye"),
        nodes.Node(folder, "azerbaijan", role="mediator"),
    ]
    conftest.accept_terms(folder, parties, "--sealing", sealing)
    for node in parties:
        node.start()
    for node in parties:
        node.wait_until_it_signs()
    return parties


def play(israel, turkiye, mediator):
    """A notice, an amendment, a read-back that is wrong, and an end, each with words of its own."""
    notice = israel.ask("notice", "file", *STRIKE)["notice"]["id"]
    israel.ask("notice", "amend", notice, *STRIKE)
    israel.ask("notice", "end", notice, "--reason", "cancelled", "--remarks", WORDS[2])
    size = israel.ask("status")["links"][0]["ourSize"]
    for node in (turkiye, mediator):
        nodes.wait_for(
            f"{node.party} holds Israel's records",
            lambda: next(link for link in node.ask("status")["links"] if link["party"] == "israel")["holdsOfTheirs"] >= size)


def answers(node):
    """Everything that the node's desk tells a signed-in officer, and the beginning of its event stream."""
    token = json.loads(post(node, "session", {"officer": node.officer, "passphrase": nodes.PASSPHRASE}))["token"]
    texts = [get(node, path, token) for path in PATHS]
    request = urllib.request.Request(f"http://127.0.0.1:{node.desk}/api/v1/events", headers=bearer(token))
    with urllib.request.urlopen(request, timeout=60) as stream:
        texts.append(stream.readline() + stream.readline() + stream.readline())
    return b"\n".join(texts)


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def get(node, path, token):
    request = urllib.request.Request(f"http://127.0.0.1:{node.desk}/api/v1/{path}", headers=bearer(token))
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.read()
    except urllib.error.HTTPError as error:
        return error.read()


def post(node, path, body):
    request = urllib.request.Request(
        f"http://127.0.0.1:{node.desk}/api/v1/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as response:
        return response.read()


def found(node):
    """Words in the node's folder, memory and answers."""
    return {
        "folder": markers.in_folder(node.folder, WORDS),
        "memory": markers.in_memory(node.process.pid, WORDS),
        "answers": markers.search(answers(node), WORDS),
    }


def test_the_mediators_disk_memory_and_answers_hold_no_readable_body(tmp_path):
    parties = three(tmp_path, "x-wing")
    israel, turkiye, mediator = parties
    try:
        play(*parties)
        # The mediator has all of it, sealed: this is no node that got nothing.
        stored = sum(path.stat().st_size for path in mediator.folder.glob("parley.sqlite*"))
        assert stored > 100_000, stored
        assert found(mediator) == {"folder": set(), "memory": set(), "answers": set()}
        # The same search, where it must succeed: at the reader to whom the bodies are addressed. Why a notice ended
        # is kept by the log alone.
        hits = found(turkiye)
        assert {word for word, *_ in hits["memory"]} >= set(WORDS) - {WORDS[2]}
        assert {word for word, *_ in hits["answers"]} >= set(WORDS[:2])
    finally:
        for node in parties:
            node.stop()


def test_the_same_search_finds_every_word_where_bodies_are_not_sealed(tmp_path):
    parties = three(tmp_path, "none")
    try:
        play(*parties)
        hits = found(parties[1])
        assert {word for word, *_ in hits["folder"]} == set(WORDS)
        assert {word for word, *_ in hits["memory"]} >= set(WORDS) - {WORDS[2]}
    finally:
        for node in parties:
            node.stop()


def test_the_search_finds_a_word_in_every_form():
    word = WORDS[0]
    text = f'{{"remarks":"{word}"}}'.encode()
    for before in range(3):
        assert (word, "base64") in markers.search(base64.b64encode(b"x" * before + text), WORDS)
    assert (word, "plain") in markers.search(text, WORDS)
    assert (word, "hexadecimal") in markers.search(text.hex().encode(), WORDS)
    assert (word, "compressed plain") in markers.search(b"...." + gzip.compress(text), WORDS)
    packed = b"...." + gzip.compress(base64.b64encode(text))
    assert (word, "compressed base64") in markers.search(packed, WORDS)
