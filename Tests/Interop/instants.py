"""Instants by Python's own calendar: microseconds since 1970 of RFC 3339 texts, and texts that are refused."""
import datetime
import random
import re

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def text(moment):
    return moment.strftime("%m-%dT%H:%M:%S.").join([f"{moment.year:04}-", f"{moment.microsecond:06}Z"])


def microseconds(moment):
    return (moment - EPOCH) // datetime.timedelta(microseconds=1)


def valid():
    utc = datetime.timezone.utc
    days = [(1, 1, 1), (9999, 12, 31), (1970, 1, 1), (1969, 12, 31), (2000, 2, 29), (1900, 2, 28), (1900, 3, 1),
            (2024, 2, 29), (2100, 2, 28), (2100, 3, 1), (2026, 11, 22), (1600, 2, 29), (4, 2, 29), (400, 12, 31)]
    moments = [datetime.datetime(*day, tzinfo=utc) for day in days]
    moments += [datetime.datetime(*day, 23, 59, 59, 999999, tzinfo=utc) for day in days]
    source = random.Random(3339)
    span = microseconds(datetime.datetime(9999, 12, 31, tzinfo=utc)) - microseconds(moments[0])
    start = moments[0]
    for _ in range(400):
        moments.append(start + datetime.timedelta(microseconds=source.randrange(span)))
    return [[text(moment), microseconds(moment)] for moment in moments]


# Fewer fractional digits are read, never written.
SHORT = [
    ["2026-11-22T19:17:00Z", "2026-11-22T19:17:00.000000Z"],
    ["2026-11-22T19:17:00.5Z", "2026-11-22T19:17:00.500000Z"],
    ["2026-11-22T19:17:00.05Z", "2026-11-22T19:17:00.050000Z"],
    ["2026-11-22T19:17:00.123Z", "2026-11-22T19:17:00.123000Z"],
    ["2026-11-22T19:17:00.1234Z", "2026-11-22T19:17:00.123400Z"],
    ["2026-11-22T19:17:00.00001Z", "2026-11-22T19:17:00.000010Z"],
]

MALFORMED = [
    "", "Z", "2026-11-22", "2026-11-22T19:17Z", "2026-11-22T19:17:00", "2026-11-22T19:17:00z", "2026-11-22t19:17:00Z",
    "2026-11-22 19:17:00Z", "2026-11-22T19:17:00+00:00", "2026-11-22T19:17:00.000000+00:00", "2026-11-22T19:17:00.Z",
    "2026-11-22T19:17:00.0000000Z", "2026-11-22T19:17:00,5Z", "2026-11-22T19:17:60Z", "2016-12-31T23:59:60Z",
    "2026-11-22T24:00:00Z", "2026-11-22T19:60:00Z", "2026-11-22T99:17:00Z", "2026-00-22T19:17:00Z",
    "2026-13-22T19:17:00Z", "2026-11-00T19:17:00Z", "2026-11-31T19:17:00Z", "2026-02-29T19:17:00Z",
    "1900-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "0000-01-01T00:00:00Z", "-001-01-01T00:00:00Z",
    "+2026-11-22T19:17:00Z", "12026-11-22T19:17:00Z", "2026-1-22T19:17:00Z", "26-11-22T19:17:00Z",
    "2026/11/22T19:17:00Z", "2026-11-22T19.17.00Z", "2026-11-22T19:17:00ZZ", " 2026-11-22T19:17:00Z",
    "2026-11-22T19:17:00Z ", "2026-11-22T19:17:00Z\n", "2026-11-22T1９:17:00Z", "２０２６-11-22T19:17:00Z",
    "2026-11-22T19:17:00.-5Z", "2026-11-22T19:17:00.+5Z", "2026-11-22T19:17:00. 5Z", "2026-11-22T+9:17:00Z",
    "2026-11-22T19:-7:00Z", "20261122T191700Z", "2026-W47-7T19:17:00Z", "2026-326T19:17:00Z", "now",
]

FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z")


def is_read(candidate):
    if not FORM.fullmatch(candidate):
        return False
    try:
        datetime.datetime.strptime(candidate.split(".")[0].rstrip("Z"), "%Y-%m-%dT%H:%M:%S")
    except ValueError:
        return False
    # Python's strptime knows second 60 and 61; this form has no leap second.
    return int(candidate[17:19]) < 60


def vectors():
    assert not any(is_read(candidate) for candidate in MALFORMED)
    rows = valid()
    assert all(is_read(row[0]) for row in rows + SHORT)
    return {"valid": rows, "short": SHORT, "malformed": MALFORMED}
