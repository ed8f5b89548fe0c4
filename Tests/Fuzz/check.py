"""Lets libFuzzer loose on every parser that a peer or a user reaches: it must refuse what it cannot read, and read back
what it wrote as the same.

    check.py                          every target for ten seconds, two at a time
    check.py --executions 1000000     every target for so many executions, built optimised; what was found new is kept
    check.py --target note            one target; may be given several times
    check.py --list                   the targets
    check.py --input FILE --target T  one input, such as one that crashed

Fails at a crash, a broken property, a hang, or memory that grows. The input is made smaller and printed.
"""

import argparse
import base64
import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

sys.dont_write_bytecode = True
from build import Build  # noqa: E402

# By the clock, which says little on a busy machine; HANG_S counts in processor time.
TIMEOUT_S = 30
HANG_S = 10
RSS_LIMIT_MB = 2_048
# What one target may grow by after its first tenth, beside the inputs that it keeps.
GROWTH_MB = 400
MINIMISE_S = 30

ENVIRONMENT = {
    "SWIFT_BACKTRACE": "enable=no",
    "ASAN_OPTIONS": "detect_leaks=0:quarantine_size_mb=8:detect_stack_use_after_return=0:malloc_context_size=0",
}
STATUS = re.compile(r"^#(\d+)\s+(\w+)\s+.*?cov: (\d+) ft: (\d+) corp: (\d+)/(\S+).*?rss: (\d+)Mb", re.M)


@dataclass
class Outcome:
    target: str
    executions: int = 0
    seconds: float = 0
    coverage: int = 0
    features: int = 0
    corpus: int = 0
    peak_mb: int = 0
    wrong: list[str] = field(default_factory=list)


class Fuzzer:
    def __init__(self, program: Path, folder: Path):
        self.program = program
        self.folder = folder
        self.lock = threading.Lock()
        # Where targets keep files: in memory, where the machine has that.
        place = "/dev/shm" if os.path.isdir("/dev/shm") else None
        self.memory = tempfile.TemporaryDirectory(prefix="parley-fuzz-", dir=place)

    def environment(self, target: str) -> dict[str, str]:
        return {**os.environ, **ENVIRONMENT, "PARLEY_FUZZ_MEMORY": self.memory.name, "PARLEY_FUZZ_TARGET": target}

    def seeds(self) -> dict[str, int]:
        """Writes every target's seeds and dictionary; gives the targets with their longest inputs."""
        seeds = self.folder / "seeds"
        shutil.rmtree(seeds, ignore_errors=True)
        run = subprocess.run(
            [self.program], env={**self.environment(""), "PARLEY_FUZZ_SEEDS": str(seeds)}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        if run.returncode != 0:
            raise SystemExit(f"no seeds:\n{run.stdout[-2000:]}{run.stderr[-4000:]}")
        return {name: int(longest) for name, longest in (line.split() for line in run.stdout.splitlines())}

    def run(self, target: str, longest: int, seconds: int, executions: int, seed: int) -> Outcome:
        outcome = Outcome(target)
        crashes = self.folder / "crashes" / target
        shutil.rmtree(crashes, ignore_errors=True)
        crashes.mkdir(parents=True)
        # Short runs begin with the seeds alone, each time the same; long ones go on where the last one stopped.
        corpus = self.folder / ("corpus" if executions else "short") / target
        if not executions:
            shutil.rmtree(corpus, ignore_errors=True)
        corpus.mkdir(parents=True, exist_ok=True)
        seeds = self.folder / "seeds" / target
        words = self.folder / "seeds" / f"{target}.dict"
        arguments = [
            f"-max_len={longest}", f"-timeout={TIMEOUT_S}", f"-rss_limit_mb={RSS_LIMIT_MB}", f"-seed={seed}",
            f"-artifact_prefix={crashes}/", "-print_final_stats=1", "-detect_leaks=0", "-len_control=20", "-reload=0",
            *([f"-dict={words}"] if words.stat().st_size else []), *([f"-runs={executions}"] if executions else []),
            *([f"-max_total_time={seconds}"] if seconds else []), str(corpus), str(seeds),
        ]
        log = self.folder / "logs" / f"{target}.log"
        log.parent.mkdir(exist_ok=True)
        began = time.monotonic()
        with log.open("w") as file:
            run = subprocess.run(
                [self.program, *arguments], env=self.environment(target), stdin=subprocess.DEVNULL, stdout=file,
                stderr=subprocess.STDOUT, cwd=self.folder,
            )
        outcome.seconds = time.monotonic() - began
        said = log.read_text(errors="replace")
        self.read(said, outcome)
        found = sorted(path for path in crashes.iterdir() if not path.name.startswith("slow-unit-"))
        slow = [path for path in found if path.name.startswith("timeout-") and not self.hangs(target, path)]
        for path in slow:
            print(f"{target}: the machine was busy, and {path.name} is no hang", flush=True)
        for path in found:
            if path in slow:
                continue
            outcome.wrong.append(self.report(target, path, said))
        if run.returncode != 0 and not found:
            outcome.wrong.append(f"{target} ended with {run.returncode}: {said[-3000:]}")
        return outcome

    @staticmethod
    def read(said: str, outcome: Outcome) -> None:
        for name in ("number_of_executed_units", "peak_rss_mb"):
            if match := re.search(rf"stat::{name}:\s+(\d+)", said):
                setattr(outcome, {"number_of_executed_units": "executions", "peak_rss_mb": "peak_mb"}[name], int(match.group(1)))
        lines = STATUS.findall(said)
        if not lines:
            return
        executions, _, coverage, features, corpus, size, _ = lines[-1]
        outcome.executions = max(outcome.executions, int(executions))
        outcome.coverage, outcome.features, outcome.corpus = int(coverage), int(features), int(corpus)
        unit = {"b": 1 / 1_048_576, "Kb": 1 / 1_024, "Mb": 1.0}
        parts = re.fullmatch(r"(\d+)(\w+)", size)
        kept = int(parts.group(1)) * unit.get(parts.group(2), 1.0) if parts else 0
        early = next(int(line[6]) for line in lines if int(line[0]) >= outcome.executions // 10 or line is lines[-1])
        if outcome.peak_mb - early > GROWTH_MB + 4 * kept:
            outcome.wrong.append(f"{outcome.target} grew from {early} MB to {outcome.peak_mb} MB")

    def hangs(self, target: str, path: Path) -> bool:
        """Whether the input takes long by itself, however busy the machine is."""
        with subprocess.Popen(
            [self.program, f"-timeout={TIMEOUT_S * 10}", str(path)], env=self.environment(target), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder,
        ) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        return process.returncode != 0 or usage.ru_utime + usage.ru_stime > HANG_S

    def report(self, target: str, path: Path, said: str) -> str:
        """A finding: what was said of it, and its input as small as it could be made."""
        smallest = path
        if path.name.startswith("crash-"):
            least = path.with_name(f"least-{path.name}")
            subprocess.run(
                [
                    self.program, "-minimize_crash=1", f"-max_total_time={MINIMISE_S}", f"-exact_artifact_path={least}",
                    f"-timeout={TIMEOUT_S}", str(path),
                ],
                env=self.environment(target), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                cwd=self.folder,
            )
            if least.exists() and least.stat().st_size <= path.stat().st_size:
                smallest = least
        why = [line for line in said.splitlines() if re.search(r"PROPERTY|Fatal error|ERROR:|^ +#[0-9]+ .*/(Sources/[A-Z]|Targets/)", line)]
        return "\n".join(
            [f"{target}: {path.name}", *why[:16], f"input, {smallest.stat().st_size} bytes, base64:",
             base64.b64encode(smallest.read_bytes()).decode()]
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, help="for each target; 10 unless --executions is given")
    parser.add_argument("--executions", type=int, default=0, help="of each target; builds optimised")
    parser.add_argument("--target", action="append", default=[], help="only this one")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), help="targets at a time")
    parser.add_argument("--seed", type=int, default=1, help="of libFuzzer's choices")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--input", help="run one input and nothing else")
    options = parser.parse_args()

    build = Build(optimised=options.executions > 0, jobs=os.cpu_count() or 1)
    began = time.monotonic()
    fuzzer = Fuzzer(build.run(), build.folder)
    built = time.monotonic() - began
    guard = (build.folder / "lock").open("w")
    try:
        fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        parser.error("another run is under way in this folder")
    targets = fuzzer.seeds()
    if options.list:
        print("\n".join(targets))
        return 0
    for name in options.target:
        if name not in targets:
            parser.error(f"no target {name}")
    chosen = options.target or list(targets)
    if options.input:
        return subprocess.run(
            [fuzzer.program, os.path.abspath(options.input)], env=fuzzer.environment(chosen[0]), stdin=subprocess.DEVNULL
        ).returncode
    seconds = options.seconds if options.seconds is not None else (0 if options.executions else 10)
    print(f"{'target':<14} {'executions':>11} {'per s':>7} {'inputs':>7} {'edges':>7} {'features':>9} {'MB':>5}", flush=True)

    def one(name: str) -> Outcome:
        outcome = fuzzer.run(name, targets[name], seconds, options.executions, options.seed)
        with fuzzer.lock:
            print(
                f"{outcome.target:<14} {outcome.executions:>11} {outcome.executions / max(outcome.seconds, 0.001):>7.0f} "
                f"{outcome.corpus:>7} {outcome.coverage:>7} {outcome.features:>9} {outcome.peak_mb:>5}"
                + ("  FAILED" if outcome.wrong else ""),
                flush=True,
            )
        return outcome

    with ThreadPoolExecutor(options.jobs) as pool:
        outcomes = list(pool.map(one, chosen))
    # A target that reads nothing finds nothing.
    idle = [f"{outcome.target} ran {outcome.executions} inputs only" for outcome in outcomes
            if outcome.executions < 10 and not outcome.wrong]
    wrong = [text for outcome in outcomes for text in outcome.wrong] + idle
    for text in wrong:
        print(f"\n{text}")
    total = sum(outcome.executions for outcome in outcomes)
    print(f"\n{total} executions of {len(outcomes)} targets; built in {built:.0f} s; {'FAILED' if wrong else 'nothing found'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
