"""Strict JSON as docs/protocol.md section 2 has it, on top of Python's reader; and texts on either side of it."""
import json

LARGEST = 2**53
DEPTH = 24


class Refused(Exception):
    pass


def _pairs(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise Refused("duplicate key")
    return dict(pairs)


def _integer(text):
    if len(text) > 20 or abs(int(text)) > LARGEST:
        raise Refused("integer out of range")
    return int(text)


def _number(text):
    value = float(text)
    if len(text) > 64 or value in (float("inf"), float("-inf")):
        raise Refused("number out of range")
    return value


def _constant(text):
    raise Refused(text)


def _walk(value, depth):
    if depth > DEPTH:
        raise Refused("too deep")
    if isinstance(value, str) and any(0xD800 <= ord(c) <= 0xDFFF for c in value):
        raise Refused("lone surrogate")
    if isinstance(value, dict):
        for name, member in value.items():
            _walk(name, 0)
            _walk(member, depth + 1)
    if isinstance(value, list):
        for element in value:
            _walk(element, depth + 1)


def read(data):
    """The value; `Refused` for anything that is not strict."""
    try:
        value = json.loads(
            data.decode("utf-8"), object_pairs_hook=_pairs, parse_int=_integer, parse_float=_number,
            parse_constant=_constant)
    except (ValueError, RecursionError) as error:
        raise Refused(str(error)) from error
    _walk(value, 0)
    return value


def _nested(depth, inside):
    return b"[" * depth + inside + b"]" * depth


_SEEDS = [
    b"null", b"true", b"false", b"0", b"-0", b"-1", b"1.5", b"1e3", b"1E+3", b"1e-3", b"-0.0", b"1e-400", b"1e308",
    b"9007199254740991", b"9007199254740992", b"-9007199254740992", b'""', b'"a"', b"[]", b"{}", b" \t\r\n1 \t\r\n",
    b'"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\ud83d\\ude80"', '"é🚀\u2028\x7f"'.encode(), b'"\\u0000"', b'"\\uFFFF"',
    b'{"a":1,"b":[1,2.5,"x",null,true,false,{}]}', '{"\u00e9":1,"e\u0301":2}'.encode(), b'{"":0}', b'{"a":{"a":1}}',
    b"[[],[[]],{}]", _nested(24, b"1"), _nested(24, b""), _nested(25, b""), b'{"a":' * 24 + b"1" + b"}" * 24,
    b"0." + b"1" * 62, b"1" + b"0" * 15 + b".5", b'[1,"2",{"3":[4]}]',
]
_BROKEN = [
    b"", b" ", b"nul", b"tru", b"fals", b"True", b"NaN", b"Infinity", b"-Infinity", b"undefined", b"'a'", b"a", b"+1",
    b"01", b"-01", b"00", b".5", b"1.", b"-", b"-a", b"1.e3", b"1e", b"1e+", b"1e-", b"0x10", b"1_000", b"1,000",
    b"9007199254740993", b"-9007199254740993", b"1" * 20, b"1" * 5000, b"1e309", b"-1e309", b"1e999999999",
    b"0." + b"1" * 63, b'"', b'"a', b'"\n"', b'"\t"', b'"\x00"', b'"\x1f"', b'"\\', b'"\\x41"', b'"\\u"', b'"\\u00"',
    b'"\\u00g0"', b'"\\u 041"', b'"\\ud800"', b'"\\udc00"', b'"\\ud800\\u0041"', b'"\\ud800x"', b'"\\ud800\\n"',
    b'"\\ud83d\\ud83d"', b'"\\uD800', b'"\\a"', b"[", b"[1", b"[1,", b"[1,]", b"[,1]", b"[1 2]", b"[1:2]", b"]", b"{",
    b'{"a"', b'{"a":', b'{"a":1', b'{"a":1,', b'{"a":1,}', b"{a:1}", b"{1:1}", b'{"a" 1}', b'{"a":1 "b":2}', b'{,}',
    b'{"a":1,"a":1}', b'{"a":1,"\\u0061":2}', b'{"b":{"a":1,"c":2,"a":3}}', b'[{"x":1,"y":2,"x":1}]', b'{"":1,"":2}',
    b"1 2", b"null null", b"{}{}", b"[] x", b'"a" "b"', b"1\x00", b"\x0c1", b"\xc2\xa01", b"/* */1", b"1//", b"#1",
    b"\xef\xbb\xbf1", b"\xff", b'"\xff"', b'"\xc0\x80"', b'"\xed\xa0\x80"', b'"\xf4\x90\x80\x80"', b'"\xe2\x82"',
    b'"\x80"',
    b'"\xf8\x88\x80\x80\x80"', b'"\xc3"', b'{"\xff":1}', "1".encode("utf-16"), _nested(25, b"1"), _nested(26, b""),
    _nested(1000, b""), b"[" * 3000, b'{"a":' * 25 + b"1" + b"}" * 25, b'[{"a":' * 13 + b"1" + b"}]" * 13,
]


def texts():
    """All seeds, and every seed's prefixes and one-byte deletions: each with this reader's verdict."""
    found = {}
    for text in _SEEDS + _BROKEN:
        found[text] = None
    for text in _SEEDS:
        if len(text) <= 60:
            for i in range(len(text)):
                found[text[:i]] = found[text[:i] + text[i + 1 :]] = None
    for text in found:
        try:
            read(text)
            found[text] = True
        except Refused:
            found[text] = False
    for text in _SEEDS:
        assert found[text], text
    for text in _BROKEN:
        assert not found[text], text
    return found
