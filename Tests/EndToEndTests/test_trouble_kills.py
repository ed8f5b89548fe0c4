"""Nodes that are killed while their links, clocks and disks fail as well: nothing that was answered for is lost, nothing forks,
nobody is told more than came through, and when all is healed both hold the same. `test_kill.py --trouble` goes on for longer."""

import os
import random

import trouble_kills

KILLS = int(os.environ.get("PARLEY_TROUBLED_KILLS", "3"))


def test_nothing_is_lost_or_false_when_everything_fails_at_once(tmp_path):
    seed = int(os.environ.get("PARLEY_SEED") or random.SystemRandom().randrange(1 << 32))
    print(f"PARLEY_SEED={seed}")
    with trouble_kills.Troubled(tmp_path, seed) as mechanism:
        while mechanism.kills < KILLS or len(mechanism.done) < 3:
            mechanism.kill_one()
    mechanism.compare_stores()
    print(mechanism.report(), flush=True)
    # Without work, without trouble or without a clear it would prove nothing.
    assert mechanism.answered >= 2 * mechanism.kills and mechanism.not_stored > 0 and mechanism.maker.made
    assert all("clear" in counts for counts in mechanism.answers)
