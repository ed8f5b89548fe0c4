"""Record headers, sealing, envelopes and conflict ids: docs/protocol.md sections 3 to 7."""
import struct

import ed25519
from merkle import leaf_hash, sha256

LENGTH_CLASSES = [512 << i for i in range(9)]


def commitment(salt, body):
    return sha256(b"parley/body-commitment/v1\n" + salt + body)


def sealed_body(salt, body):
    plain = b"\x00" + salt + struct.pack(">I", len(body)) + body
    size = next(size for size in LENGTH_CLASSES if size >= len(plain))
    return plain.ljust(size, b"\x00")


def header_text(mechanism, author, index, audience, terms_version, seen, relay, padded, commit, sealed_hash):
    lines = [
        "parley record v1",
        f"mechanism {mechanism.hex()}",
        f"author {author}",
        f"index {index}",
        f"audience {','.join(sorted(audience))}",
        f"terms {terms_version}",
    ]
    lines += [f"seen {party} {size} {root.hex()}" for party, size, root in sorted(seen)]
    lines += [f"relay {relay}", f"padded {padded}", f"commitment {commit.hex()}", f"sealed {sealed_hash.hex()}"]
    return "".join(line + "\n" for line in lines)


def envelope(signed, signature, sealed):
    return struct.pack(">I", len(signed)) + signed + signature + struct.pack(">I", len(sealed)) + sealed


def make(mechanism, author, seed, index, audience, seen, relay, salt, body, terms_version=1):
    """Every stage of one record, as a dictionary of bytes and texts."""
    sealed = sealed_body(salt, body)
    commit = commitment(salt, body)
    text = header_text(
        mechanism, author, index, audience, terms_version, seen, relay, len(sealed), commit, sha256(sealed)
    )
    signed = text.encode()
    signature = ed25519.sign(seed, signed)
    return {
        "commitment": commit,
        "sealed": sealed,
        "header": text,
        "leaf": leaf_hash(signed),
        "signature": signature,
        "envelope": envelope(signed, signature, sealed),
        "withheld": envelope(signed, signature, b""),
    }


def open_envelope(data, public):
    """Header lines and body of a valid envelope; `None` for the body when it is withheld."""
    length = struct.unpack(">I", data[:4])[0]
    signed, rest = data[4 : 4 + length], data[4 + length :]
    signature, size = rest[:64], struct.unpack(">I", rest[64:68])[0]
    sealed = rest[68:]
    if len(signed) != length or len(sealed) != size or not ed25519.is_valid(public, signed, signature):
        return None
    lines = [line.split(" ", 1) for line in signed.decode().splitlines()[1:]]
    fields = {name: value for name, value in lines if name != "seen"}
    if not sealed:
        return fields, None
    if sha256(sealed).hex() != fields["sealed"] or len(sealed) != int(fields["padded"]) or sealed[0] != 0:
        return None
    salt, count = sealed[1:33], struct.unpack(">I", sealed[33:37])[0]
    body = sealed[37 : 37 + count]
    if commitment(salt, body).hex() != fields["commitment"] or any(sealed[37 + count :]):
        return None
    return fields, body


def conflict_id(mechanism, mode, first, second):
    """Notices are (party, index); their order is by party, then by index as a number."""
    low, high = sorted([first, second])
    text = f"parley conflict v1\n{mechanism.hex()}\n{mode}\n{low[0]}-{low[1]}\n{high[0]}-{high[1]}\n"
    return sha256(text.encode())
