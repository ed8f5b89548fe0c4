"""schemathesis against a live desk: whatever it makes of the description is answered as the description says."""

import os
import re
import subprocess
import sys
from pathlib import Path

from description import FILE

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "ignored_auth",
)


def run(tally, node, desk, folder):
    """The event stream has checks of its own; signing out would end the run."""
    with tally.group("schemathesis"):
        program = Path(sys.executable).with_name("schemathesis")
        done = subprocess.run(
            [
                program,
                "run",
                str(FILE),
                "--url",
                f"http://127.0.0.1:{node.desk_port}",
                "--header",
                f"Authorization: Bearer {desk.token}",
                "--checks",
                ",".join(CHECKS),
                "--phases",
                "examples,coverage,fuzzing",
                "--max-examples",
                "10",
                "--seed",
                "1",
                "--exclude-operation-id",
                "events",
                "--exclude-operation-id",
                "signOut",
                "--continue-on-failure",
                # A tile's index has slashes, which it takes out of what it puts in a path.
                "--suppress-health-check",
                "filter_too_much",
                "--no-color",
                "--generation-database",
                "none",
                "--request-timeout",
                "60",
            ],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=1200,
            env={**os.environ, "COLUMNS": "160"},
        )
        (folder / "schemathesis.log").write_text(done.stdout + done.stderr)
        # It may have suspended the mechanism, which would stand in the way of what follows.
        desk.post("/api/v1/suspension", {"suspended": False})
        summary = re.findall(r"^.*(?:[0-9]+ generated|test cases|Test cases).*$", done.stdout, re.M)
        print("   " + "; ".join(line.strip() for line in summary))
        tally.check(done.returncode == 0, "schemathesis finds nothing", done.stdout[-12000:] + done.stderr[-2000:])
        tally.equal(desk.get("/healthz").status, 200, "the node is well after it")
