"""Signed notes, checkpoints, receipts and heartbeats: docs/protocol.md sections 8 to 11."""
import base64
import re

import ed25519
from merkle import sha256

ED25519, COSIGNATURE = 0x01, 0x04


def b64(data):
    return base64.b64encode(data).decode("ascii")


def key_id(name, algorithm, public):
    return sha256(name.encode() + b"\n" + bytes([algorithm]) + public)[:4]


def origin(mechanism, party):
    return f"parley/{mechanism.hex()}/{party}"


def checkpoint_text(log_origin, size, root):
    return f"{log_origin}\n{size}\n{b64(root)}\n"


def signature_line(name, identifier, signature):
    return f"\u2014 {name} {b64(identifier + signature)}\n"


def checkpoint_note(log_origin, size, root, seed):
    text = checkpoint_text(log_origin, size, root)
    identifier = key_id(log_origin, ED25519, ed25519.public_key(seed))
    return text + "\n" + signature_line(log_origin, identifier, ed25519.sign(seed, text.encode()))


def receipt_note(log_origin, size, root, holder, seconds, seed):
    text = checkpoint_text(log_origin, size, root)
    name = f"parley/{holder}"
    signature = ed25519.sign(seed, f"cosignature/v1\ntime {seconds}\n{text}".encode())
    identifier = key_id(name, COSIGNATURE, ed25519.public_key(seed))
    return text + "\n" + signature_line(name, identifier, seconds.to_bytes(8, "big") + signature)


def split_note(note):
    """The text and the signatures as (name, key id, signature)."""
    text, block = note[: note.rindex("\n\n") + 1], note[note.rindex("\n\n") + 2 :]
    signatures = []
    for line in block.splitlines():
        match = re.fullmatch("\u2014 (\\S+) (\\S+)", line)
        blob = base64.b64decode(match.group(2), validate=True)
        signatures.append((match.group(1), blob[:4], blob[4:]))
    return text, signatures


def checkpoint_is_valid(note, log_origin, public):
    text, signatures = split_note(note)
    wanted = (log_origin, key_id(log_origin, ED25519, public))
    return text.startswith(log_origin + "\n") and any(
        (name, identifier) == wanted and ed25519.is_valid(public, text.encode(), signature)
        for name, identifier, signature in signatures
    )


def receipt_is_valid(note, log_origin, holder, public):
    text, signatures = split_note(note)
    wanted = (f"parley/{holder}", key_id(f"parley/{holder}", COSIGNATURE, public))
    for name, identifier, blob in signatures:
        if (name, identifier) == wanted and len(blob) == 72:
            message = f"cosignature/v1\ntime {int.from_bytes(blob[:8], 'big')}\n{text}".encode()
            return text.startswith(log_origin + "\n") and ed25519.is_valid(public, message, blob[8:])
    return False


def heartbeat_text(fields):
    return (
        "parley heartbeat v1\n"
        f"party {fields['party']}\n"
        f"challenge {fields['challenge']}\n"
        f"utc {fields['utc']}\n"
        f"size {fields['size']}\n"
        f"holds {fields['holds']}\n"
        f"human {'never' if fields['human'] is None else fields['human']}\n"
        f"suspended {'yes' if fields['suspended'] else 'no'}\n"
        f"terms {fields['terms']}\n"
    )
