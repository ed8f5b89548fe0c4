"""`parley fold`: what a file of events leads to depends on the file alone."""

import hashlib

from nodes import REFUSED, parley


def test_two_processes_with_different_hash_seeds_replay_one_event_file_to_equal_bytes(tmp_path):
    events = tmp_path / "events"
    events.write_text(parley("fold", "--sample", 7, timeout=120).stdout)
    # Swift seeds its hashing anew in every process unless told not to, so each run has another seed.
    results = {hashlib.sha256(parley("fold", "--events", events, timeout=300).stdout.encode()).hexdigest()
               for _ in range(3)}
    assert len(results) == 1


def test_a_replay_shows_records_states_and_answers_and_depends_on_every_event(tmp_path):
    events = tmp_path / "events"
    lines = parley("fold", "--sample", 7, timeout=120).stdout.splitlines(keepends=True)
    events.write_text("".join(lines))
    whole = parley("fold", "--events", events, timeout=300).stdout
    kinds = {line.split()[0] for line in whole.splitlines() if line}
    assert {"node", "record", "state", "assurance"} <= kinds
    events.write_text("".join(lines[:-1]))
    shorter = parley("fold", "--events", events, expect=None, timeout=300)
    assert shorter.returncode == REFUSED or shorter.stdout != whole
