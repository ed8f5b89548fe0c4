"""RFC 6962, section 2.1, as it is written there: recursive, over all leaves, for tests only."""

import hashlib


def leaf(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def root(leaves):
    """Of leaf hashes."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = _split(len(leaves))
    return hashlib.sha256(b"\1" + root(leaves[:k]) + root(leaves[k:])).digest()


def consistency(size, leaves, is_whole=True):
    """From the first `size` leaves, at least one, to all of them."""
    if size == len(leaves):
        return [] if is_whole else [root(leaves)]
    k = _split(len(leaves))
    if size <= k:
        return consistency(size, leaves[:k], is_whole) + [root(leaves[k:])]
    return consistency(size - k, leaves[k:], False) + [root(leaves[:k])]


def tile(leaves, level, index):
    """C2SP tlog-tiles: up to 256 hashes of a level, as far as they are there."""
    width = 256**level
    whole = leaves[: len(leaves) // width * width]
    hashes = [root(whole[at : at + width]) for at in range(0, len(whole), width)]
    return hashes[index * 256 : index * 256 + 256]


def _split(count):
    k = 1
    while k * 2 < count:
        k *= 2
    return k
