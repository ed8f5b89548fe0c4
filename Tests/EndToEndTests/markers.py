"""Looks for planted words wherever a node could leave them: in its files, in its memory, in its answers."""

import base64
import contextlib
import pathlib
import re
import zlib


def forms(word):
    """The ways in which a word may lie in bytes, by name."""
    raw = word.encode()
    found = {"plain": [raw], "UTF-16": [word.encode("utf-16-le")]}
    # Base64 of a text that holds the word at each of three offsets, without the characters that its neighbours share.
    found["base64"] = []
    for before in range(3):
        text = base64.b64encode(b"\0" * before + raw + b"\0\0")
        first, last = (before * 8 + 5) // 6, (before + len(raw)) * 8 // 6
        found["base64"].append(text[first:last])
    found["hexadecimal"] = [raw.hex().encode(), raw.hex().upper().encode()]
    return found


def inflated(data):
    """Everything within the bytes that is a zlib or gzip stream, decompressed."""
    for match in re.finditer(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08", data):
        stream = zlib.decompressobj(zlib.MAX_WBITS | 32)
        try:
            out = stream.decompress(data[match.start():match.start() + (1 << 20)], 1 << 22)
        except zlib.error:
            continue
        if len(out) >= 8:
            yield out


def search(data, words):
    """The words found, each with the form it was in."""
    hits = set()
    streams = list(inflated(data))
    for word in words:
        for name, needles in forms(word).items():
            if any(needle in data for needle in needles):
                hits.add((word, name))
            if any(needle in stream for needle in needles for stream in streams):
                hits.add((word, f"compressed {name}"))
    return hits


def in_folder(folder, words):
    hits = set()
    for path in pathlib.Path(folder).rglob("*"):
        # The node goes on working: a file that was there when the folder was listed may be gone.
        with contextlib.suppress(FileNotFoundError):
            if path.is_file():
                hits |= {(*hit, path.name) for hit in search(path.read_bytes(), words)}
    return hits


def memory(process):
    """Every readable page of a process, as a core dump would hold it: region by region."""
    with open(f"/proc/{process}/maps") as maps, open(f"/proc/{process}/mem", "rb", buffering=0) as pages:
        for line in maps:
            span, rights = line.split()[:2]
            # What a file backs and nobody has written is the program itself.
            if "r" not in rights or line.rstrip().endswith(("[vvar]", "[vsyscall]")):
                continue
            start, end = (int(each, 16) for each in span.split("-"))
            if "w" not in rights:
                continue
            for at in range(start, end, 1 << 24):
                try:
                    pages.seek(at)
                    yield pages.read(min(1 << 24, end - at) + 0)
                except OSError:
                    break


def in_memory(process, words):
    hits = set()
    for region in memory(process):
        hits |= {(*hit, "memory") for hit in search(region, words)}
    return hits
