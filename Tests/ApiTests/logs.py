"""C2SP tlog-tiles: the tree that a node serves is the one that its records make."""

import base64
import json

import merkle

LOGS = "/api/v1/logs"


def at_desk(tally, desk, party, mechanism):
    """Everything of one log as an auditor would fetch it: the entries make the tiles, the tiles make the root."""
    answer = desk.get(f"{LOGS}/{party}/checkpoint")
    tally.equal(answer.status, 200, f"{party}: the newest checkpoint")
    tally.equal(answer.headers["content-type"], "text/plain; charset=utf-8", "its type")
    tally.equal(answer.headers["cache-control"], "no-store", "it is not kept by caches")
    text = answer.body.decode()
    origin, size, root, blank, *lines = text.split("\n")
    size = int(size)
    tally.equal((origin, blank), (f"parley/{mechanism}/{party}", ""), "its origin")
    tally.check(any(line.startswith(f"\u2014 {origin} ") for line in lines), "its author's line", text)
    entries = []
    for index in range(0, -(-size // 256)):
        width = min(256, size - index * 256)
        name = f"{index:03}" + ("" if width == 256 else f".p/{width}")
        bundle = desk.get(f"{LOGS}/{party}/tile/entries/{name}")
        tally.equal(bundle.status, 200, f"{party}: entries {name}")
        tally.equal(bundle.headers["content-type"], "application/octet-stream", "their type")
        tally.check("immutable" in bundle.headers["cache-control"], "they may be kept for ever", str(bundle.headers))
        entries += split(bundle.body)
        hashes = desk.get(f"{LOGS}/{party}/tile/0/{name}")
        tally.equal(
            hashes.body, b"".join(map(merkle.leaf, entries[index * 256 :])), f"{party}: tile {name} is of those entries"
        )
    leaves = [merkle.leaf(entry) for entry in entries]
    tally.equal(len(leaves), size, f"{party}: as many entries as the checkpoint says")
    tally.equal(base64.b64encode(merkle.root(leaves)).decode(), root, f"{party}: the root is theirs")
    tally.check(all(f"author {party}\n".encode() in entry for entry in entries), f"{party}: every entry is its own")
    for width in sorted({1, 2, size // 2, size - 1} & set(range(1, min(size, 256)))):
        tally.equal(
            desk.get(f"{LOGS}/{party}/tile/0/000.p/{width}").body,
            b"".join(leaves[:width]),
            f"{party}: a tile of width {width}, as an older checkpoint needs it",
        )
        tally.equal(
            split(desk.get(f"{LOGS}/{party}/tile/entries/000.p/{width}").body),
            entries[:width],
            f"{party}: {width} entries",
        )
    for beyond in (size % 256 + 1, 255):
        if size % 256 < beyond < 256:
            answer = desk.get(f"{LOGS}/{party}/tile/0/{size // 256:03}.p/{beyond}")
            # The log may have grown since: nodes put on record what they see of their links.
            held = int(desk.get(f"{LOGS}/{party}/checkpoint").body.split(b"\n")[1])
            tally.check(
                answer.problem == "noSuchTile" or held >= size - size % 256 + beyond,
                f"{party}: no tile is wider than the tree",
                f"{beyond} of {held}: {answer!r}",
            )
    if size >= 256:
        tally.equal(
            desk.get(f"{LOGS}/{party}/tile/1/000.p/{size // 256}").body,
            b"".join(merkle.tile(leaves, 1, 0)),
            f"{party}: the level above",
        )
    answer = desk.get(f"{LOGS}/{party}/checkpoint?size={size}")
    tally.equal(answer.body.decode().split("\n")[:3], text.split("\n")[:3], f"{party}: the checkpoint of a size")
    tally.equal(desk.get(f"{LOGS}/{party}/checkpoint?size={size + 1000}").problem, "noSuchLog", "and of none that is not there")
    return leaves


def at_peers(tally, liar, node):
    """The same resources at the peer port, the index of logs, and whole records for a peer that has lost its store."""
    link, path = liar.link, "/peer/v1/logs"
    status, index = link.get(path)
    index = json.loads(index)
    tally.equal((status, index["party"]), (200, node.party), "a peer reads the index of logs")
    named = {one["log"]: one["checkpoint"] for one in index["logs"]}
    tally.check(liar.party in named and node.party in named, "it names the peer's own log and the node's", str(named))
    status, note = link.get(f"{path}/{liar.party}/checkpoint")
    tally.equal((status, note.decode()), (200, named[liar.party]), "the checkpoint is the one in the index")
    tally.equal(note.decode().split("\n")[:3], liar.note(liar.size, merkle.root(liar.leaves[: liar.size])).split("\n")[:3], "over our log")
    tally.check("\u2014 parley/alpha " in note.decode(), "with the holder's cosignature", note.decode())
    width = min(255, liar.size)
    tally.equal(
        link.get(f"{path}/{liar.party}/tile/0/000.p/{width}"), (200, b"".join(liar.leaves[:width])), "a tile"
    )
    status, bundle = link.get(f"{path}/{liar.party}/tile/entries/000.p/{width}")
    tally.equal([merkle.leaf(one) for one in split(bundle)], liar.leaves[:width], "the entries under it")
    status, page = link.get(f"{path}/{liar.party}/records")
    page = json.loads(page)
    tally.equal([base64.b64decode(one) for one in page["entries"]], liar.envelopes[: len(page["entries"])], "whole records")
    tally.check(page["first"] == 0 and len(page["entries"]) > 0, "from the first", str(page)[:100])
    status, page = link.get(f"{path}/{liar.party}/records?from=1&limit=2")
    tally.equal(len(json.loads(page)["entries"]), 2, "as many as were asked for")
    status, page = link.get(f"{path}/{liar.party}/records?from={liar.size}")
    tally.equal((status, json.loads(page)["entries"]), (200, []), "none after the last")
    for query in ("from=-1", "from=x", "from=01", "from=", "from=9007199254740993", "limit=-1", "limit=1001", "limit=x", "limit=", "limit=1e2", "from=0&limit=1.0"):
        status, answer = link.get(f"{path}/{liar.party}/records?{query}")
        tally.equal((status, json.loads(answer).get("name")), (400, "badRequest"), f"badRequest: records?{query}")
    for name in ("nobody", "Beta", "beta.0", "beta.1", "beta.01", "beta%2F1", "beta.", ".1", "beta-", "x" * 33):
        for rest in ("checkpoint", "records", "tile/0/000.p/1"):
            status, answer = link.get(f"{path}/{name}/{rest}")
            tally.check(status == 404 or name == "beta.1" and rest == "records", f"no log {name}/{rest}", f"{status} {answer[:100]}")
    for rest in ("", "x", "tile", "tile/0/000", "tile/0/000.p/0", "tile/0/000.p/256", "tile/64/000.p/1", "tile/0/0.p/1", "tile/entries/000", "checkpoint/x"):
        status, answer = link.get(f"{path}/{liar.party}/{rest}")
        tally.equal(status, 404, f"nothing at {rest!r}")


def split(bundle):
    """The entries of a bundle."""
    entries = []
    while bundle:
        length = int.from_bytes(bundle[:2], "big")
        entries.append(bundle[2 : 2 + length])
        bundle = bundle[2 + length :]
    return entries
