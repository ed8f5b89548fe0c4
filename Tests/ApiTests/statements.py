"""Root statements of every wrong kind. What is refused says why, in the sentence of the problem."""

import base64

from protocol import Key, root_note

# Ed25519 points of small order, and encodings that are not canonical (RFC 8032, section 5.1.3).
BAD_POINTS = (
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "0100000000000000000000000000000000000000000000000000000000000080",
)
NEW = Key(b"\x21" * 32)


class Statements:
    """Texts about one party, signed by its root keys unless said otherwise."""

    def __init__(self, mechanism, party, keys):
        self.mechanism, self.party, self.keys = mechanism, party, keys

    def key_change(self, **changes):
        fields = {"mechanism": self.mechanism, "party": self.party, "sequence": 1, "from": 1, "reason": "rotation"}
        fields |= {"node": NEW.public.hex(), "tls": "5" * 64, "seal": "-"}
        return self._text("key change", {**fields, **changes})

    def epoch(self, **changes):
        fields = {"mechanism": self.mechanism, "party": self.party, "sequence": 1, "epoch": 1}
        fields |= {"first": f"1 {'0' * 64}", "second": f"2 {'1' * 64}", "node": NEW.public.hex(), "tls": "5" * 64, "seal": "-"}
        return self._text("epoch", {**fields, **changes})

    def note(self, text, keys=None, **more):
        return root_note(text, self.keys if keys is None else keys, self.mechanism, self.party, **more)

    def changed(self, **changes):
        return self.note(self.key_change(**changes))

    def begun(self, **changes):
        return self.note(self.epoch(**changes))

    def _text(self, kind, fields):
        return "".join(line + "\n" for line in [f"parley {kind} v1", *(f"{n} {v}" for n, v in fields.items())])


def wrong(made, size, own, others):
    """By a part of the problem's sentence: statements by what is wrong with each.

    `size` is what the receiver holds of the party's log, `own` the party's node key in force, `others` the node keys
    of other parties, all in hexadecimal.
    """
    right = made.changed(**{"from": size})
    text, lines = right.split("\n\n")
    one, two = made.keys
    malformed = {
        "nothing": "",
        "no signature": text + "\n",
        "only signatures": lines,
        "cut short": right[:-3],
        "text after it": right + "x",
        "carriage returns": right.replace("\n", "\r\n"),
        "a checkpoint": made.note("parley\n1\nAAAA\n"),
        "another version": made.note(made.key_change().replace("v1", "v2")),
        "another kind": made.note(made.key_change().replace("key change", "key swap")),
        "a line more": made.note(made.key_change() + "more 1\n"),
        "a line fewer": made.note(made.key_change().replace("reason rotation\n", "")),
        "lines in another order": made.note(made.key_change().replace("sequence 1\nfrom 1\n", "from 1\nsequence 1\n")),
        "two spaces": made.note(made.key_change().replace("from ", "from  ")),
        "65 signatures": made.note(made.key_change(), [one] * 65),
        "more than 8 KiB": made.note(made.key_change(tls="5" * 9000)),
        "an epoch that cites one head twice": made.begun(second=f"1 {'0' * 64}"),
        "an epoch whose heads are not in order": made.begun(first=f"3 {'0' * 64}"),
        "an epoch without a second head": made.begun(second=""),
        "an epoch with an empty head": made.begun(first=f"0 {'0' * 64}"),
        "epoch 0": made.begun(epoch=0),
        "epoch 1001": made.begun(epoch=1001),
    }
    for name, values in {
        "sequence": (0, "01", -1, "1.0", "x", "", 2**53 + 1, 2**64),
        "from": (0, "01", -1, "+1", "", 2**53 + 1),
        "reason": ("", "loss", "Rotation", "rotation "),
        "node": ("", "0" * 63, "F" * 64, "0" * 66, "g" * 64),
        "tls": ("", "5" * 63, "A" * 64, "-"),
        "seal": ("", "x", "--", "AAAA", base64.b64encode(b"\1" * 1215).decode(), base64.b64encode(b"\1" * 1217).decode()),
        "mechanism": ("", "0" * 63, made.mechanism.upper()),
        "party": ("", "Beta", "be ta", "x" * 33),
    }.items():
        malformed |= {f"{name} {str(value)[:20]!r}": made.changed(**{name: value}) for value in values}
    few = {
        "only the first key": made.note(made.key_change(), [one]),
        "only the second key": made.note(made.key_change(), [two]),
        "one key twice": made.note(made.key_change(), [one, one]),
        "one key and a stranger": made.note(made.key_change(), [one, Key(b"\x31" * 32)]),
        "two strangers": made.note(made.key_change(), [Key(b"\x31" * 32), Key(b"\x32" * 32)]),
        "another name": made.note(made.key_change(), name=f"parley/{made.mechanism}/alpha/root"),
        "the name of the log": made.note(made.key_change(), name=f"parley/{made.mechanism}/{made.party}"),
        "the name of no mechanism": made.note(made.key_change(), name=f"parley/{made.party}/root"),
        "a cosignature's algorithm": made.note(made.key_change(), algorithm=b"\4"),
        "an algorithm that nobody knows": made.note(made.key_change(), algorithm=b"\xff"),
        "an epoch by one key": made.note(made.epoch(), [one]),
    }
    # A line of a root key under a text that it has not signed.
    swapped = {}
    for title, changes in {
        "node": {"node": "6" * 64}, "tls": {"tls": "6" * 64}, "from": {"from": 2}, "sequence": {"sequence": 2},
        "reason": {"reason": "revocation"}, "mechanism": {}, "another from": {"from": 3}, "far from": {"from": 1000},
        "high sequence": {"sequence": 9}, "another tls": {"tls": "7" * 64},
    }.items():
        lines = made.changed(reason="revocation" if not changes else "rotation").split("\n\n")[1]
        swapped[f"{title} changed after it was signed"] = made.key_change(**changes) + "\n" + lines
    return {
        "it is not a root-signed statement": malformed,
        "the statement is of another mechanism": {f"{d}…": made.changed(mechanism=d * 64) for d in "0123456789"},
        "the terms know no party": {
            party: made.changed(party=party) for party in ("a", "bet", "betaa", "nobody", "x" * 32, "beta-1", "alph", "z", "b", "c2")
        },
        "the terms name no root keys of": {
            f"{party} {n}": made.changed(party=party, sequence=n) for party in ("alpha", "gamma", "delta") for n in range(1, 5)
        },
        "is not a usable Ed25519 key": {f"{point[:8]}…{point[-2:]}": made.changed(node=point) for point in BAD_POINTS},
        "the statement has a sealing key where the terms do not seal": {
            f"seal {n}": made.changed(seal=base64.b64encode(bytes([n]) * 1216).decode()) for n in range(1, 11)
        },
        "a new key is a root key or belongs to another party": {
            **{f"node key {key[:8]}": made.changed(node=key) for key in (*others, one.public.hex(), two.public.hex())},
            **{f"node key {key[:8]} in an epoch": made.begun(node=key) for key in (*others, one.public.hex(), two.public.hex())},
        },
        "signature line does not match": swapped,
        "2 are needed": few,
        "nobody revokes to repudiate": {
            f"from {n}, {reason}": made.changed(**{"from": n, "reason": reason})
            for n in range(1, min(size, 6)) for reason in ("rotation", "revocation")
        },
        "its node key is the one in force": {
            f"from {size + n}": made.changed(**{"from": size + n, "node": own}) for n in range(10)
        },
        "the statement is not one for this log": {f"epoch {n}": made.begun(epoch=n) for n in (2, 3, 4, 5, 9, 10, 11, 99, 999, 1000)},
        "which this node has cosigned": {
            f"heads of {n % (size - 1) + 1} and {size - 1} records, {n}": made.begun(
                first=f"{n % (size - 1) + 1} {f'{n:x}' * 64}", second=f"{size - 1} {'f' * 64}"
            )
            for n in range(12)
        },
    }

