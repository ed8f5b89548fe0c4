"""What has to hold of real nodes' records, read from their stores' rows and from evidence bundles by docs/protocol.md and
docs/evidence.md, with none of the project's own code."""

import base64
import contextlib
import hashlib
import io
import json
import sqlite3
import struct
import sys
import tarfile

import desks
import nodes

sys.path.insert(0, str(nodes.ROOT / "Tests/Interop"))
import notes  # noqa: E402
import records  # noqa: E402


class Store:
    """What one node has on its disk: of each log the records' envelopes, and everything that anybody has signed over it."""

    def __init__(self, party, logs, notes):
        self.party = party
        self.logs = logs
        self.notes = notes

    @classmethod
    def of(cls, node):
        """A stopped node's rows."""
        with contextlib.closing(sqlite3.connect(f"file:{node.folder / 'parley.sqlite'}?mode=ro", uri=True)) as store:
            logs = {}
            for log, position, envelope in store.execute("SELECT log, position, envelope FROM entry ORDER BY log, position"):
                rows = logs.setdefault(log, [])
                assert position == len(rows), f"{node.party}: record {len(rows)} of {log} is missing"
                rows.append(bytes(envelope))
            return cls(node.party, logs, [(log, bytes(note).decode()) for log, note in store.execute("SELECT log, note FROM note")])

    def headers(self, log):
        """The signed bytes of each record: the tree's leaves."""
        return [envelope[4:4 + struct.unpack(">I", envelope[:4])[0]] for envelope in self.logs.get(log, [])]


def roots(leaves):
    """The tree's root at each size, by RFC 6962, from complete subtrees alone."""
    stack, found = [], [hashlib.sha256().digest()]
    for leaf in leaves:
        height, node = 0, records.leaf_hash(leaf)
        while stack and stack[-1][0] == height:
            node = hashlib.sha256(b"\1" + stack.pop()[1] + node).digest()
            height += 1
        stack.append((height, node))
        root = stack[-1][1]
        for _, left in reversed(stack[:-1]):
            root = hashlib.sha256(b"\1" + left + root).digest()
        found.append(root)
    return found


def one_history(stores, terms):
    """Whatever anybody signed, and whatever anybody holds, is of one history of each log.

    - Returns: how many records and signed heads were compared.
    """
    keys = {party["id"]: bytes.fromhex(party["nodeKey"]) for party in json.loads(terms.read_text())["parties"]}
    mechanism = hashlib.sha256(terms.read_bytes()).digest()
    compared = heads = 0
    for log in keys:
        # A copy may have another sealed body's bytes withheld; what was signed is the header.
        copies = sorted(((store.headers(log), store.party) for store in stores), key=lambda copy: len(copy[0]))
        whole, holder = copies[-1]
        for copy, party in copies[:-1]:
            assert copy == whole[:len(copy)], f"{party} and {holder} hold two histories of {log}"
            compared += len(copy)
        known = roots(whole)
        newest = {}
        for store in stores:
            for name, note in store.notes:
                if name != log:
                    continue
                origin, size, root = note.split("\n")[:3]
                assert origin == notes.origin(mechanism, log), f"{store.party}: {origin}"
                assert int(size) < len(known), f"{store.party} has a head of {size} records of {log}; nobody has them"
                assert base64.b64decode(root) == known[int(size)], f"{store.party}: a head of {log} at {size} is of another history"
                heads += 1
                newest[int(size)] = note
        signed = [note for _, note in sorted(newest.items())[-3:]]
        for note in signed:
            author = notes.checkpoint_is_valid(note, notes.origin(mechanism, log), keys[log])
            cosigned = [notes.receipt_is_valid(note, notes.origin(mechanism, log), party, key) for party, key in keys.items()]
            assert author or any(cosigned), f"a head of {log} bears no valid signature"
    return compared, heads


def nothing_is_lost(stores, answered):
    """`answered`: by party, ids of records that its desk has answered for. Each is in its author's own log, and the record
    of that place says who wrote it."""
    for store in stores:
        headers = store.headers(store.party)
        for id in answered.get(store.party, ()):
            author, index = id.rsplit("-", 1)
            assert author == store.party and int(index) < len(headers), f"{id} was answered for, and is not in the log"
            lines = headers[int(index)].decode().split("\n")
            assert f"author {author}" in lines and f"index {index}" in lines, f"{id}: {lines[:4]}"


def fsck(node):
    report = nodes.answer("fsck", "--dir", node.folder, timeout=600)
    assert report["clean"], report["findings"]
    return report


# MARK: Bundles


class Bundle:
    """An evidence bundle: of everything, or of what is chosen, such as `conflict=<id>`."""

    @classmethod
    def of(cls, desk, choice=""):
        # By a connection of its own, because a node takes long over all that it holds.
        patient = desks.Desk(desk.node, officer=None)
        patient.token = desk.token
        status, _, data = patient.raw("GET", f"evidence?{choice}", timeout=180)
        assert status == 200, (status, data[:300])
        return cls(desk.node.party, data, whole=not choice)

    def __init__(self, party, data, whole):
        self.party = party
        self.logs, self.bodies, heads = {}, {}, {}
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for member in archive:
                parts = member.name.split("/")
                if parts[1] != "logs":
                    continue
                data = archive.extractfile(member).read()
                log, kind, name = parts[2:]
                if kind == "heads" and name.isdigit():
                    heads.setdefault(log, {})[int(name)] = data.decode()
                elif name.endswith(".header"):
                    self.logs.setdefault(log, {})[int(name.split(".")[0])] = data
                elif name.endswith(".body"):
                    self.bodies[log, int(name.split(".")[0])] = json.loads(data)
        for log, found in self.logs.items() if whole else []:
            assert sorted(found) == list(range(len(found))), f"{self.party}'s bundle leaves out records of {log}"
            known = roots([header for _, header in sorted(found.items())])
            for size, note in heads[log].items():
                assert base64.b64decode(note.split("\n")[2]) == known[size], f"{log} at {size} is of another history"

    def audience(self, log, index):
        lines = self.logs[log][index].decode().splitlines()
        return next(line.split(" ")[1].split(",") for line in lines if line.startswith("audience "))

    def reads_only_its_own(self):
        for log, index in self.bodies:
            assert self.party == log or self.party in self.audience(log, index), f"{self.party} reads {log}-{index}"

    def notices(self):
        """Those that stand, in their newest version."""
        found = {}
        for (log, index), body in sorted(self.bodies.items()):
            content = body["content"]
            if body["kind"] == "notice":
                id = content.get("notice") or f"{log}-{index}"
                found[id] = {**content, "id": id, "owner": log, "mode": body["mode"]}
            elif body["kind"] == "noticeEnd":
                found.pop(content["notice"], None)
        return list(found.values())
