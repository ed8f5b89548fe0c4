#!/usr/bin/env python3
"""Section 4 of docs/protocol.md (sealing), with nothing but Python's standard library.

Reads the X-Wing vectors of draft-connolly-cfrg-xwing-kem (key, encapsulation, shared secret), and computes from them
what HPKE's key schedule (RFC 9180), AES-256-GCM (SP 800-38D, FIPS 197) and the sealed body make of it. `--write`
writes Tests/RecordsTests/Vectors/sealing.json; otherwise the file is compared.
"""

import base64
import hashlib
import hmac
import json
import pathlib
import sys

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "RecordsTests" / "Vectors"


# HPKE, RFC 9180 section 5.1, base mode, from the shared secret on.

AES_256_GCM = 2


def suite(aead):
    return b"HPKE" + bytes.fromhex("647a") + bytes.fromhex("0001") + aead.to_bytes(2, "big")


def extract(salt, material):
    return hmac.new(salt or bytes(32), material, hashlib.sha256).digest()


def expand(key, info, length):
    out, block, counter = b"", b"", 1
    while len(out) < length:
        block = hmac.new(key, block + info + bytes([counter]), hashlib.sha256).digest()
        out += block
        counter += 1
    return out[:length]


def labeled_extract(aead, salt, label, material):
    return extract(salt, b"HPKE-v1" + suite(aead) + label + material)


def labeled_expand(aead, key, label, info, length):
    return expand(key, length.to_bytes(2, "big") + b"HPKE-v1" + suite(aead) + label + info, length)


def export(shared_secret, info, context, length=32, aead=AES_256_GCM):
    psk_id_hash = labeled_extract(aead, b"", b"psk_id_hash", b"")
    info_hash = labeled_extract(aead, b"", b"info_hash", info)
    secret = labeled_extract(aead, shared_secret, b"secret", b"")
    exporter = labeled_expand(aead, secret, b"exp", b"\x00" + psk_id_hash + info_hash, 32)
    return labeled_expand(aead, exporter, b"sec", context, length)


def check_key_schedule():
    """Against the exports of draft-ietf-hpke-pq, whose only X-Wing suite with HKDF has another AEAD."""
    vector = json.loads((FOLDER / "hpke-x-wing.json").read_text())
    for entry in vector["exports"]:
        value = export(
            bytes.fromhex(vector["shared_secret"]), bytes.fromhex(vector["info"]),
            bytes.fromhex(entry["exporter_context"]), entry["L"], aead=vector["aead_id"])
        assert value.hex() == entry["exported_value"]


# AES-256, FIPS 197.

def make_sbox():
    def times(a, b):
        result = 0
        while b:
            if b & 1:
                result ^= a
            a = (a << 1) ^ (0x11B if a & 0x80 else 0)
            b >>= 1
        return result

    box = []
    for value in range(256):
        inverse = next((i for i in range(256) if times(value, i) == 1), 0)
        out = 0
        for shift in range(5):
            out ^= (inverse << shift | inverse >> (8 - shift)) & 255
        box.append(out ^ 0x63)
    return box


SBOX = make_sbox()


def double(a):
    return ((a << 1) ^ (0x1B if a & 0x80 else 0)) & 255


def expand_key(key):
    words = [list(key[i:i + 4]) for i in range(0, 32, 4)]
    constant = 1
    for i in range(8, 60):
        word = list(words[-1])
        if i % 8 == 0:
            word = [SBOX[b] for b in word[1:] + word[:1]]
            word[0] ^= constant
            constant = double(constant)
        elif i % 8 == 4:
            word = [SBOX[b] for b in word]
        words.append([a ^ b for a, b in zip(words[i - 8], word)])
    return [sum(words[i:i + 4], []) for i in range(0, 60, 4)]


def encrypt_block(rounds, block):
    state = [a ^ b for a, b in zip(block, rounds[0])]
    for number in range(1, 15):
        state = [SBOX[b] for b in state]
        state = [state[(i + 4 * (i % 4)) % 16] for i in range(16)]
        if number < 14:
            mixed = []
            for c in range(0, 16, 4):
                a = state[c:c + 4]
                for i in range(4):
                    b, n = a[i], a[(i + 1) % 4]
                    mixed.append(double(b) ^ double(n) ^ n ^ a[(i + 2) % 4] ^ a[(i + 3) % 4])
            state = mixed
        state = [a ^ b for a, b in zip(state, rounds[number])]
    return bytes(state)


# GCM, SP 800-38D.

def multiply(x, y):
    z, v = 0, y
    for i in range(127, -1, -1):
        if x >> i & 1:
            z ^= v
        v = (v >> 1) ^ (0xE1 << 120 if v & 1 else 0)
    return z


def ghash(h, data, text):
    value = 0
    for part in (data, text):
        for i in range(0, len(part), 16):
            value = multiply(value ^ int.from_bytes(part[i:i + 16].ljust(16, b"\0"), "big"), h)
    return multiply(value ^ (len(data) * 8 << 64 | len(text) * 8), h).to_bytes(16, "big")


def gcm(key, nonce, data, plain):
    rounds = expand_key(key)
    h = int.from_bytes(encrypt_block(rounds, bytes(16)), "big")
    stream = b"".join(
        encrypt_block(rounds, nonce + (i + 2).to_bytes(4, "big")) for i in range((len(plain) + 15) // 16))
    text = bytes(a ^ b for a, b in zip(plain, stream))
    mask = encrypt_block(rounds, nonce + (1).to_bytes(4, "big"))
    return text + bytes(a ^ b for a, b in zip(ghash(h, data, text), mask))


# SP 800-38D's validation vectors of GCM, test case 16 (McGrew and Viega).
assert gcm(
    bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2), bytes.fromhex("cafebabefacedbaddecaf888"),
    bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
    bytes.fromhex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                  "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"),
).hex().endswith("76fc6ece0f4e1768cddf8853bb2d551b")


# The sealed body.

CLASSES = [512 << i for i in range(9)]


def sealed_body(mechanism, log, index, content_key, salt, body, readers):
    """readers: (name, key encryption key, encapsulated bytes or index of the record that carries them)"""
    def context(tag, *more):
        return "\n".join([tag, mechanism, log, str(index), *more]).encode()

    head = bytes([1, len(readers)])
    for name, key, source in sorted(readers):
        head += bytes([len(name)]) + name.encode()
        head += b"\0" + source.to_bytes(8, "big") if isinstance(source, int) else b"\1" + source
        head += gcm(key, bytes(4) + index.to_bytes(8, "big"), context("parley/content-key/v1", name), content_key)
    length = next(c for c in CLASSES if c >= len(head) + 36 + len(body) + 16)
    plain = (salt + len(body).to_bytes(4, "big") + body).ljust(length - len(head) - 16, b"\0")
    return head + gcm(content_key, bytes(12), context("parley/body/v1"), plain)


def h(text):
    return hashlib.sha256(text.encode()).digest()


def main():
    check_key_schedule()
    kem = json.loads((FOLDER / "x-wing.json").read_text())["vectors"]
    mechanism = h("a mechanism").hex()
    names = ["azerbaijan", "israel", "turkiye"]
    encapsulations = []
    for name, vector in zip(names, kem):
        info = f"parley/seal/v1\n{mechanism}\nturkiye\n{name}"
        key = export(bytes.fromhex(vector["ss"]), info.encode(), b"parley/wrap-key/v1")
        encapsulations.append({"reader": name, "info": info, "keyEncryptionKey": key.hex(), "vector": kem.index(vector)})
    records = []
    for index, bodies in [(7, "{\"first\":true}"), (8, "{}"), (1030, "x" * 3000)]:
        readers = []
        for entry in encapsulations:
            if index == 8 and entry["reader"] == "azerbaijan":
                continue
            fresh = bytes.fromhex(kem[entry["vector"]]["ct"])
            readers.append((entry["reader"], bytes.fromhex(entry["keyEncryptionKey"]), fresh if index == 7 else 7))
        salt, key, body = h(f"salt {index}"), h(f"content key {index}"), bodies.encode()
        sealed = sealed_body(mechanism, "turkiye", index, key, salt, body, readers)
        records.append({
            "index": index, "readers": [r[0] for r in readers], "salt": salt.hex(), "contentKey": key.hex(),
            "body": bodies, "commitment": hashlib.sha256(b"parley/body-commitment/v1\n" + salt + body).hexdigest(),
            "sealed": base64.b64encode(sealed).decode(),
        })
    made = {"mechanism": mechanism, "log": "turkiye", "encapsulations": encapsulations, "records": records}
    text = json.dumps(made, indent=1) + "\n"
    path = FOLDER / "sealing.json"
    if "--write" in sys.argv:
        path.write_text(text)
    elif path.read_text() != text:
        sys.exit(f"{path.name} is not what this program makes")


main()
