#!/usr/bin/env python3
"""Fails or kills the crash writer at each file operation that it asks of the kernel, then checks its store.

A first run under strace lists the operations on the store's files. Then, for the k-th of each kind, a run in which that
call reports an error without being carried out, and one in which the process is killed on entering it: before its
effect, and so after the effect of the one before. After each run the store must open, verify, and hold all that was
acknowledged. Errors after the effect, and lost writes, are tried on the faulty disk in memory, which strace cannot do.

By default as many operations as fit a test run, spread evenly; --full tries every one.
"""
import argparse
import collections
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
KINDS = "openat,pwrite64,write,fdatasync,fsync,ftruncate,fallocate,unlink,unlinkat,rename,renameat,renameat2"
CALL = re.compile(r"^(\d+) +(\w+)\((.*)$")
COMMITS = 14

Operation = collections.namedtuple("Operation", "kind number")


def write(program, folder, seed, *strace):
    """Runs the writer, under strace when asked. Returns its exit code and what it acknowledged."""
    command = [program, "write", str(folder), str(seed), str(COMMITS)]
    if strace:
        command = ["strace", "-f", "-y", *strace, *command]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=120)
    return done.returncode, done.stdout


def check(program, folder, acknowledged):
    done = subprocess.run([program, "check", str(folder)], input=acknowledged, capture_output=True, timeout=120)
    return done.returncode, (done.stdout + done.stderr).decode(errors="replace").strip()


def operations(program, scratch, seed):
    """Every operation on the store's files, as its kind and its number among all calls of that kind."""
    folder = scratch / "counted"
    folder.mkdir()
    log = scratch / "calls"
    code, _ = write(program, folder, seed, "-o", str(log), "-e", f"trace={KINDS}")
    if code != 0:
        return []
    found, counts, threads = [], collections.Counter(), set()
    for line in log.read_text(errors="replace").splitlines():
        match = CALL.match(line)
        if not match:
            continue
        thread, kind, rest = match.groups()
        # strace counts calls for each thread; the store's are all made by one.
        counts[thread, kind] += 1
        if str(folder) in rest:
            threads.add(thread)
            found.append(Operation(kind, counts[thread, kind]))
    assert len(threads) == 1, f"the store worked on several threads: {threads}"
    shutil.rmtree(folder)
    return found


def spread(items, count):
    """`count` of the items, evenly, the first and the last among them."""
    if count >= len(items):
        return items
    return [items[round(i * (len(items) - 1) / (count - 1))] for i in range(count)] if count > 1 else items[:1]


def chosen(found, runs):
    """Few of the frequent kinds, all of the rare ones."""
    kinds = collections.defaultdict(list)
    for operation in found:
        kinds[operation.kind].append(operation)
    share = max(1, runs // len(kinds)) if runs else None
    picked = []
    for kind, items in sorted(kinds.items(), key=lambda pair: len(pair[1])):
        picked += items if share is None else spread(items, share)
    return picked


def faults(operation):
    yield "EIO", f"inject={operation.kind}:error=EIO:when={operation.number}"
    if operation.kind in ("pwrite64", "openat", "ftruncate"):
        yield "ENOSPC", f"inject={operation.kind}:error=ENOSPC:when={operation.number}"
    yield "SIGKILL", f"inject={operation.kind}:signal=SIGKILL:when={operation.number}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=str(ROOT / ".build/debug/crash-writer"))
    parser.add_argument("--operations", type=int, default=90, help="how many to try, of all kinds together")
    parser.add_argument("--full", action="store_true", help="try every one")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    if not pathlib.Path(options.program).exists():
        sys.exit(f"{options.program} is not there: run `swift build --build-tests` first")
    probe = ["strace", "-o", "/dev/null", "-e", "inject=getppid:error=EIO:when=1", "true"]
    if not shutil.which("strace") or subprocess.run(probe, capture_output=True).returncode != 0:
        print("skipped: strace is missing or may not trace here")
        return

    bad, tally = [], collections.Counter()
    with tempfile.TemporaryDirectory(prefix="parley-strace-") as name:
        scratch = pathlib.Path(name)
        found = operations(options.program, scratch, options.seed)
        counts = collections.Counter(operation.kind for operation in found)
        if len(found) < 200 or counts["fdatasync"] < COMMITS:
            sys.exit(f"too few operations to try: {dict(counts)}")
        picked = chosen(found, None if options.full else options.operations)
        for operation in picked:
            for fault, injection in faults(operation):
                folder = scratch / "store"
                folder.mkdir()
                code, acknowledged = write(
                    options.program, folder, options.seed, "-o", "/dev/null", "-e", f"trace={operation.kind}", "-e", injection)
                tally["runs"] += 1
                tally[fault, "felt" if code != 0 else "borne"] += 1
                tally["acknowledged"] += acknowledged.count(b"ack ")
                verdict, said = check(options.program, folder, acknowledged)
                if verdict != 0:
                    bad.append(f"{operation.kind} {operation.number} {fault}: {said}")
                shutil.rmtree(folder)
    if tally["SIGKILL", "borne"]:
        bad.append(f"{tally['SIGKILL', 'borne']} processes were not killed")
    if not tally["EIO", "felt"]:
        bad.append("no error was felt")
    felt = ", ".join(f"{fault} felt {tally[fault, 'felt']} borne {tally[fault, 'borne']}" for fault in ("EIO", "ENOSPC", "SIGKILL"))
    print(f"{len(picked)} of {len(found)} operations {dict(counts)}, {tally['runs']} runs, {tally['acknowledged']} commits acknowledged; {felt}")
    if bad:
        print("\n".join(bad))
        sys.exit(1)


if __name__ == "__main__":
    main()
