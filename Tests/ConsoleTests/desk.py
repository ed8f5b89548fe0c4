"""A desk's API, as far as the console's tests need it: the other side that files what this console then shows."""
import json
import ssl
import urllib.error
import urllib.request


class Desk:
    def __init__(self, url, officer, passphrase):
        self.url = url.rstrip("/")
        self.officer, self.passphrase = officer, passphrase
        # The node's certificate is its own; the tests are of the console, not of the certificate.
        self._tls = ssl._create_unverified_context() if url.startswith("https") else None
        self._token = None
        self._token = self.call("POST", "session", {"officer": officer, "passphrase": passphrase})["token"]

    def call(self, method, path, body=None):
        request = urllib.request.Request(f"{self.url}/api/v1/{path}", method=method)
        request.add_header("X-Parley", "1")
        if self._token:
            request.add_header("Authorization", f"Bearer {self._token}")
        data = None
        if body is not None:
            request.add_header("Content-Type", "application/json")
            data = json.dumps(body).encode()
        with urllib.request.urlopen(request, data, timeout=60, context=self._tls) as response:
            return json.loads(response.read() or b"null")

    def has(self, path):
        """Whether there is such a thing here by now."""
        try:
            self.call("GET", path)
        except urllib.error.HTTPError as problem:
            if problem.code != 404:
                raise
            return False
        return True

    def file(self, kind, position, radius_m, lower_ft, upper_ft, start, end, remarks):
        """Files a circle with altitudes in feet above mean sea level; returns the notice."""
        altitude = lambda value: {"value": value, "unit": "feet", "datum": "amsl"}
        volume = {
            "footprint": {"type": "Point", "coordinates": position, "radiusM": radius_m},
            "altitude": {"lower": altitude(lower_ft), "upper": altitude(upper_ft)},
            "start": start, "end": end,
        }
        fields = {"mode": "real", "kind": kind, "volumes": [volume], "contact": "Test cell", "remarks": remarks}
        return self.call("POST", "notices", fields)["notice"]
