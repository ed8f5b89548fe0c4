"""What every request with a body refuses, and the count of commands that a node has journalled."""

import json

from client import Desk
from harness import kinds_of

NOT_JSON = {
    "unexpectedEnd": [b"", b"{", b'{"a":'],
    "wrongType": [b"[]", b"null", b'"text"'],
    "duplicateKey": [b'{"a":1,"a":2}'],
    "trailingBytes": [b"{}{}"],
    "notUTF8": [b'{"a":"\xff"}'],
    "unexpectedByte": [b"{a:1}"],
}


class Counted:
    """A desk that remembers which of its commands were taken."""

    def __init__(self, desk):
        self.desk = desk
        # The paths, in order.
        self.taken = []

    def get(self, path):
        return self.desk.get(f"/api/v1/{path}")

    def post(self, path, body=None, **more):
        answer = self.desk.post(f"/api/v1/{path}", body, **more)
        if 200 <= answer.status < 300:
            self.taken.append(path)
        return answer


def table(tally, desk, path, right, wrong=(), optional=()):
    """Everything that is wrong with the body of one request, and `wrong`: (changes, status, name, field), where a
    change to `None` leaves the field out. `right` is never sent as it is."""
    count = 0

    def refused(answer, status, name, what, field=None):
        nonlocal count
        count += 1
        right_answer = (answer.status, answer.problem) == (status, name) and (field is None or answer.field == field)
        tally.check(right_answer, f"{path}: {status} {name} {field or ''}: {what}", repr(answer))

    for name, bodies in NOT_JSON.items():
        for raw in bodies:
            refused(desk.post(path, raw=raw), 400, name, raw)
    for type in ("text/plain", "application/x-www-form-urlencoded", None):
        answer = desk.post(path, raw=json.dumps(right).encode(), headers={"Content-Type": type})
        refused(answer, 415, "notJSON", type)
    refused(desk.post(path, {**right, "surplus": 1}), 400, "unknownField", "a field too many", "surplus")
    for field in right:
        if field not in optional:
            refused(desk.post(path, {k: v for k, v in right.items() if k != field}), 400, "missing", f"without {field}", field)
            refused(desk.post(path, {**right, field: None}), 400, "missing", f"{field} null", field)
    for changes, status, name, *field in wrong:
        body = {k: v for k, v in {**right, **changes}.items() if v is not None}
        refused(desk.post(path, body), status, name, json.dumps(changes)[:120], *field)
    tally.check(count >= 10, f"{path}: at least ten inputs", str(count))


def commands(node, *kinds):
    """How many commands of these kinds a stopped node has journalled."""
    return sum(kind in kinds for kind in kinds_of(node.journal()))


def unobserved(desk, method, path, body=None):
    """A request that the description does not name, such as another spelling of a path."""
    observer, Desk.observer = Desk.observer, None
    try:
        return desk.request(method, path, body)
    finally:
        Desk.observer = observer
