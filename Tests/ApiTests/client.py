"""A desk as an officer's program sees it."""

import http.client
import json
import time

PASSPHRASE = "four quiet words here"
ADMINISTRATOR = "administrator"
OFFICER = "watch"


class Answer:
    """One answer of a desk, read whole."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def problem(self):
        """The problem's name, or `None` when this is not a problem."""
        if self.headers.get("content-type") != "application/problem+json":
            return None
        return self.json.get("name")

    @property
    def field(self):
        return self.json.get("field")

    def __repr__(self):
        return f"{self.status} {self.body[:200]!r}"


class Desk:
    """One officer's connection to one node's desk."""

    # Called with method, path and answer of every request of every desk.
    observer = None

    def __init__(self, port, token=None):
        self.port = port
        self.token = token
        self.connection = None

    def request(self, method, path, body=None, headers=None, raw=None):
        """Sends `body` as JSON, or `raw` bytes as they are."""
        sent = {"Content-Type": "application/json"} if body is not None or raw is not None else {}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        sent.update(headers or {})
        sent = {name: value for name, value in sent.items() if value is not None}
        data = raw if raw is not None else json.dumps(body).encode() if body is not None else None
        attempt = 0
        while True:
            attempt += 1
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                self.connection.request(method, path, data, sent)
                response = self.connection.getresponse()
                answer = Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
                if response.getheader("Connection", "").lower() == "close":
                    self.close()
                if Desk.observer:
                    Desk.observer(method, path, answer)
                if answer.status != 429:
                    return answer
                # More in a second than an officer may ask.
                time.sleep(0.1)
                attempt = 0
            except TimeoutError:
                # It may have been done: what is slow is not asked for twice.
                self.close()
                raise
            except (http.client.HTTPException, ConnectionError):
                self.close()
                if attempt == 2:
                    raise

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def post(self, path, body=None, **more):
        return self.request("POST", path, body, **more)

    def sign_in(self, officer, passphrase=PASSPHRASE):
        answer = self.post("/api/v1/session", {"officer": officer, "passphrase": passphrase})
        if answer.status == 200:
            self.token = answer.json["token"]
        return answer

    def records(self):
        """Records held, by author. Of this moment: the figures at /metrics may be a second old."""
        status = self.get("/api/v1/status").json
        held = {link["party"]: link["holdsOfTheirs"] for link in status["links"]}
        return {**held, status["party"]["id"]: status["links"][0]["ourSize"]}

    def stated(self):
        """Everything that officers have stated here, as this desk sees it. What nodes write by themselves, such as a
        link that changed, is not part of it, and comes when it comes."""
        notices = self.get("/api/v1/notices?state=all&limit=5000").json["notices"]
        conflicts = self.get("/api/v1/conflicts?state=all").json["conflicts"]
        return (
            [(n["id"], n["version"], n["ended"], n["readBacks"]) for n in notices],
            [(c["id"], c["positions"]) for c in conflicts],
            self.get("/api/v1/status").json["suspended"],
        )

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None
