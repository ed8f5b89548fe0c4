"""What tests of spoiled links wait for, of desks that are looked at all the time."""

import time

import nodes
from invariants import GOOD

STALE_AFTER = 3
PRINCIPALS = "turkiye", "israel"
# The two ways between them, each as who asks and who answers.
BETWEEN = [("turkiye", "israel"), ("israel", "turkiye")]


def until_good(lookers, subject=None, seconds=20):
    since = time.monotonic()
    nodes.wait_for("clear everywhere", lambda: all(each.latest(subject, since)[0] in GOOD for each in lookers), seconds)
    return time.monotonic() - since


def until_unknown(looker, subject, since, why=None):
    """Silence is found out in time: `staleAfter` from the last answer, which was before the fault, and a look."""
    nodes.wait_for(
        f"{looker.node.party} says unknown",
        lambda: looker.latest(subject, since)[0] == "unknown" and why in (None, *looker.latest(subject, since)[1]),
        STALE_AFTER + 3)
    return time.monotonic() - since
