#!/usr/bin/env python3
"""Parley's wire formats a second time, written from docs/protocol.md and sharing no code with the node.

    parley_interop.py [--check]     makes every vector anew and compares it with the file; also checks itself
    parley_interop.py --write       writes the files

Needs nothing but Python 3.9; where the package `cryptography` is installed, its Ed25519 is compared too.
"""
import argparse
import json
import pathlib
import sys

import ed25519
import instants
import merkle
import notes
import records
import samples
import statement_samples
import strict_json

TESTS = pathlib.Path(__file__).resolve().parent.parent
M = samples.MECHANISM


def json_bytes(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def record_vectors():
    conflict = records.conflict_id(M, "real", samples.T_NOTICE, samples.I_NOTICE)
    logs = {party: [] for party in samples.PARTIES}
    rows = []
    for n, (author, title, relay, officer, kind, content) in enumerate(samples.bodies(conflict)):
        body = json_bytes({
            "kind": kind, "mode": "real", "createdAt": f"2026-11-22T19:{n:02}:00.{n:06}Z", "officer": officer,
            "content": content})
        strict_json.read(body)
        salt = merkle.sha256(f"parley interop salt {n}".encode())
        audience = [party for party in samples.PARTIES if party != author and (party != "azerbaijan" or n < 2)]
        seen = [(party, len(leaves), merkle.root(leaves))
                for party, leaves in logs.items() if party != author and leaves]
        index = len(logs[author])
        made = records.make(
            M, author, samples.SEEDS[author], index, audience, seen, relay, salt, body)
        opened = records.open_envelope(made["envelope"], samples.KEYS[author])
        assert opened is not None and opened[1] == body
        logs[author].append(made["leaf"])
        rows.append({
            "title": title, "author": author, "index": index, "audience": audience, "relay": relay,
            "termsVersion": 1, "seen": [[party, size, root.hex()] for party, size, root in seen],
            "salt": salt.hex(), "body": body.decode(), "commitment": made["commitment"].hex(),
            "sealedSHA256": merkle.sha256(made["sealed"]).hex(), "header": made["header"], "leaf": made["leaf"].hex(),
            "signature": made["signature"].hex(), "envelope": notes.b64(made["envelope"]),
            "withheldSHA256": merkle.sha256(made["withheld"]).hex(),
            "size": len(logs[author]), "root": merkle.root(logs[author]).hex(),
        })
    return rows


def note_vectors(rows):
    checkpoints, receipts = [], []
    for row in rows:
        author, size, root = row["author"], row["size"], bytes.fromhex(row["root"])
        origin = notes.origin(M, author)
        note = notes.checkpoint_note(origin, size, root, samples.SEEDS[author])
        assert notes.checkpoint_is_valid(note, origin, samples.KEYS[author])
        checkpoints.append({"origin": origin, "party": author, "size": size, "root": row["root"], "note": note})
        holder = "israel" if author == "turkiye" else "turkiye"
        seconds = 1795375020 + size
        note = notes.receipt_note(origin, size, root, holder, seconds, samples.SEEDS[holder])
        assert notes.receipt_is_valid(note, origin, holder, samples.KEYS[holder])
        receipts.append({"origin": origin, "holder": holder, "size": size, "root": row["root"],
                         "seconds": seconds, "note": note})
    heartbeats = []
    for party, human, suspended in [("israel", None, False), ("turkiye", 0, True), ("azerbaijan", 86400, False)]:
        text = notes.heartbeat_text({
            "party": party, "challenge": merkle.sha256(party.encode()).hex(), "utc": "2026-11-22T19:17:00.000001Z",
            "size": 11, "holds": 2**53, "human": human, "suspended": suspended, "terms": samples.FINGERPRINT.hex()})
        signature = ed25519.sign(samples.SEEDS[party], text.encode())
        assert ed25519.is_valid(samples.KEYS[party], text.encode(), signature)
        heartbeats.append({"party": party, "human": human, "suspended": suspended, "text": text,
                           "signature": notes.b64(signature)})
    return {"checkpoints": checkpoints, "receipts": receipts, "heartbeats": heartbeats}


def conflict_vectors():
    pairs = [(("turkiye", 1), ("israel", 1)), (("israel", 9), ("israel-2", 10)), (("a", 10), ("a", 9)),
             (("z", 0), ("turkiye", 2**53))]
    return [
        {"mechanism": M.hex(), "mode": mode, "first": samples.name(a), "second": samples.name(b),
         "id": records.conflict_id(M, mode, a, b).hex()}
        for mode in ("real", "drill") for a, b in pairs
    ]


def mechanism_vectors():
    return {
        "terms": samples.TERMS.decode(), "fingerprint": samples.FINGERPRINT.hex(), "mechanism": M.hex(),
        "nextTerms": samples.NEXT_TERMS.decode(),
        "postQuantumKeySHA256": merkle.sha256(samples.POST_QUANTUM_KEY).hex(),
        "parties": [{"id": party, "seed": samples.SEEDS[party].hex(), "publicKey": samples.KEYS[party].hex(),
                     "sealSeed": samples.SEAL_KEYS[party]["seed"],
                     "sealPublicKey": samples.SEAL_KEYS[party]["publicKey"],
                     "rootSeeds": [seed.hex() for seed in samples.ROOT_SEEDS.get(party, [])]}
                    for party in samples.PARTIES],
    }


def files():
    rows = record_vectors()
    folder = TESTS / "RecordsTests" / "Vectors"
    texts = strict_json.texts()
    return {
        TESTS / "KernelTests" / "Vectors" / "rfc3339.json": instants.vectors(),
        folder / "mechanism.json": mechanism_vectors(),
        folder / "records.json": rows,
        folder / "notes.json": note_vectors(rows),
        folder / "conflicts.json": conflict_vectors(),
        folder / "statements.json": statement_samples.vectors(),
        folder / "json-texts.json": [[notes.b64(text), accepted] for text, accepted in texts.items()],
    }


def check_ed25519():
    """RFC 8032 section 7.1, tests 1 to 3; then `cryptography`, where it is installed."""
    published = [
        ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
         "d25bf5f0595bbe24655141438e7a100b"),
        ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "72",
         "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
         "387b2eaeb4302aeeb00d291612bb0c00"),
    ]
    for seed, message, public, signature in published:
        assert ed25519.public_key(bytes.fromhex(seed)).hex() == public
        assert ed25519.sign(bytes.fromhex(seed), bytes.fromhex(message)).hex() == signature
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    except ImportError:
        print("cryptography is not installed: Ed25519 is checked against RFC 8032 only")
        return
    for party, seed in samples.SEEDS.items():
        key = Ed25519PrivateKey.from_private_bytes(seed)
        assert key.public_key().public_bytes_raw() == samples.KEYS[party]
        assert key.sign(b"parley") == ed25519.sign(seed, b"parley")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--write", action="store_true", help="write the vector files")
    arguments.add_argument("--check", action="store_true", help="compare with the vector files (the default)")
    choice = arguments.parse_args()
    check_ed25519()
    stale = []
    for path, value in files().items():
        text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
        if choice.write:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path)
    for path in stale:
        print(f"differs: {path}")
    print("vectors written" if choice.write else f"{len(stale)} vector files differ")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
