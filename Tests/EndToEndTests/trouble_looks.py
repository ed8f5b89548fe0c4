"""What tests of spoiled links wait for, of desks that are looked at all the time."""

import time

import nodes
from invariants import GOOD

STALE_AFTER = 3
PRINCIPALS = "turkiye", "israel"
# The two ways between them, each as who asks and who answers.
BETWEEN = [("turkiye", "israel"), ("israel", "turkiye")]


def until_good(lookers, subject=None, seconds=90):
    since = time.monotonic()
    nodes.wait_for("clear everywhere", lambda: all(each.latest(subject, since)[0] in GOOD for each in lookers), seconds)
    return time.monotonic() - since


def until_unknown(looker, subject, since, why=None):
    """Silence is found out. That nothing is clear for longer than `staleAfter` from the last answer is held against each
    look by its checker; how long a look takes is the machine's matter."""
    nodes.wait_for(
        f"{looker.node.party} says unknown",
        lambda: looker.latest(subject, since)[0] == "unknown" and why in (None, *looker.latest(subject, since)[1]),
        STALE_AFTER + 60)
    return time.monotonic() - since
