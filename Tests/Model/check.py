"""Searches the models in docs/model exhaustively with Spin: each must hold as it is, each planted defect must break the
property that docs/model/README.md names, each state that ought to be reachable must be reached, and the names that tie a
model to the code must still stand there.

    check.py                 everything
    check.py stop            the models whose name begins so
    check.py stop MUTATE_X   one defect of it, with the trail that Spin finds
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MODELS = ROOT / "docs" / "model"
SOURCES = ROOT / "Sources"
MEGABYTES = 1000
DEPTH = 200_000


@dataclass(frozen=True)
class Table:
    """A table of README: the heading above it, and its rows of cells."""

    heading: str
    rows: list[list[str]]


@dataclass(frozen=True)
class Run:
    model: str
    bounds: str
    defect: str | None = None
    # An ltl formula of the model; none: the demands after each step.
    formula: str | None = None
    # What has to break; none: nothing may.
    breaks: str | None = None

    @property
    def name(self) -> str:
        return " ".join(part for part in [self.model, self.bounds, self.formula, self.defect] if part)


@dataclass(frozen=True)
class Outcome:
    broken: str | None
    states: int
    seconds: float
    megabytes: float
    trouble: str | None = None


def tables(text: str) -> list[Table]:
    found, heading, rows = [], "", []
    for line in [*text.splitlines(), ""]:
        if line.startswith("#"):
            heading = line.lstrip("# ").strip()
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip()[1:-1].split("|")])
        elif rows:
            found.append(Table(heading, rows[2:]))
            rows = []
    return found


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def lost_names(readme: str) -> list[str]:
    """Rows of the tables of names whose file or whose name in it is gone."""
    lost, count = [], 0
    for table in tables(readme):
        if not table.heading.startswith("Names"):
            continue
        for row in table.rows:
            paths, names = quoted(row[1]), quoted(row[2])
            if not paths or not names:
                lost.append(f"{row[0]}: names no file or nothing in it")
            texts = []
            for path in paths:
                if not (SOURCES / path).is_file():
                    lost.append(f"{row[0]}: there is no Sources/{path}")
                else:
                    texts.append((SOURCES / path).read_text())
            for name in names:
                count += 1
                if texts and not any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for text in texts):
                    lost.append(f"{row[0]}: `{name}` stands no more in {', '.join(paths)}")
    if count == 0:
        lost.append("README has no table of names")
    return lost


def plan(readme: str) -> tuple[list[Run], list[str]]:
    """What README says has to be searched, and what it and the models do not agree on."""
    runs, wrong, told = [], [], {}
    for table in tables(readme):
        if not table.heading.startswith("Searches"):
            continue
        for row in table.rows:
            model, bounds, formula = quoted(row[0])[0], " ".join(quoted(row[1])), (quoted(row[2]) or [None])[0]
            runs.append(Run(model, bounds, formula=formula))
    for table in tables(readme):
        if not table.heading.startswith("Defects") and not table.heading.startswith("Reached"):
            continue
        for row in table.rows:
            defect, model, bounds = quoted(row[0])[0], quoted(row[1])[0], " ".join(quoted(row[1])[1:])
            breaks = quoted(row[3])[0] if table.heading.startswith("Defects") else "REACHED"
            formulas = {run.formula for run in runs if run.model == model and run.formula}
            runs.append(Run(model, bounds, defect, breaks if breaks in formulas else None, breaks))
            told.setdefault(model, set()).add(defect)
    for path in sorted(MODELS.glob("*.pml")):
        text = path.read_text()
        planted = set(re.findall(r"\b(?:MUTATE|REACH)_\w+", text))
        for name in sorted(planted ^ told.get(path.stem, set())):
            wrong.append(f"{name} stands in {path.name} or in README, and not in both")
        broken = {run.breaks for run in runs if run.model == path.stem and run.defect}
        for name in properties(text).values():
            if name not in broken:
                wrong.append(f"no defect in {path.name} breaks {name}")
        for name in re.findall(r"^ltl (\w+)", text, re.M):
            if name not in broken or not any(r.formula == name and not r.defect for r in runs if r.model == path.stem):
                wrong.append(f"{name} of {path.name} is not searched, or no defect breaks it")
        if not any(run.model == path.stem and not run.defect for run in runs):
            wrong.append(f"{path.name} is not searched")
    return runs, wrong


def properties(text: str) -> dict[str, str]:
    """The names of a model's demands by their numbers."""
    names = set(re.findall(r"\bdemand\((\w+),", text))
    return {number: name for name, number in re.findall(r"^#define (\w+) (\d+)$", text, re.M) if name in names}


def search(run: Run, folder: Path, keep_trail: bool = False) -> Outcome:
    source = MODELS / f"{run.model}.pml"
    text = source.read_text()
    begun = time.monotonic()
    options = [f"-D{bound}" for bound in run.bounds.split()] + ([f"-D{run.defect}"] if run.defect else [])
    # A defect is found soon, and compiling takes longer. Without an ltl formula breadth first where a defect is planted: the shortest trail, and soon.
    breadth = run.defect is not None and run.formula is None
    kind = [] if run.formula else ["-DSAFETY", "-DNOCLAIM", *(["-DBFS"] if breadth else [])]
    steps = [
        ["spin", *options, "-a", str(source)],
        ["gcc", "-O0" if run.defect else "-O1", "-w", f"-DMEMLIM={MEGABYTES}", "-DNOREDUCE", "-DNFAIR=3", *kind, "-o", "pan", "pan.c"],
        ["./pan", f"-m{DEPTH}", "-w22", "-n", *(["-a", "-f", "-N", run.formula] if run.formula else [])],
    ]
    for command in steps:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        out = done.stdout + done.stderr
        if command[0] != "./pan" and done.returncode != 0:
            return Outcome(None, 0, 0, 0, f"{command[0]}: {out.strip()[:300]}")
    seconds = time.monotonic() - begun
    errors, states = re.search(r"errors: (\d+)", out), re.search(r"(\d+) states, stored", out)
    memory = re.search(r"([\d.]+)\s+total actual memory usage", out)
    if not errors or not states:
        return Outcome(None, 0, seconds, 0, f"pan: {out.strip()[-300:]}")
    broken, trouble = None, None
    if int(errors[1]):
        broken = what_broke(out, text, run)
        if broken is None:
            trouble = "pan stops for another reason: " + "; ".join(re.findall(r"^pan:\d+: .*", out, re.M))
    elif "Search not completed" in out or "max search depth" in out or "hash array" in out or "BITSTATE" in out:
        trouble = "the search was cut short"
    if keep_trail:
        trail = subprocess.run(["spin", *options, "-t", "-p", "-g", str(source)], cwd=folder, capture_output=True, text=True)
        print(trail.stdout)
    return Outcome(broken, int(states[1]), seconds, float(memory[1]) if memory else 0, trouble)


def what_broke(out: str, text: str, run: Run) -> str | None:
    demand = re.search(r"assertion violated\s*\((\d+)&&", out)
    if demand:
        return properties(text).get(demand[1])
    if "acceptance cycle" in out or ("assertion violated" in out and "_spin_nvr" in out):
        return run.formula
    return None


def judge(run: Run, keep_trail: bool = False) -> tuple[bool, str]:
    folder = Path(tempfile.mkdtemp(prefix="parley-model-"))
    try:
        outcome = search(run, folder, keep_trail)
    finally:
        shutil.rmtree(folder)
    if outcome.trouble:
        return False, f"{run.name}: {outcome.trouble}"
    measured = f"{outcome.states:,} states, {outcome.megabytes:.0f} MB, {outcome.seconds:.1f} s"
    if outcome.broken == run.breaks:
        said = "holds" if run.breaks is None else "is reached" if run.breaks == "REACHED" else f"breaks {run.breaks}, as it must"
        return True, f"{run.name}: {said} ({measured})"
    return False, f"{run.name}: {outcome.broken or 'nothing'} broke, {run.breaks or 'nothing'} must ({measured})"


def main(arguments: list[str]) -> int:
    for program in ["spin", "gcc"]:
        if shutil.which(program) is None:
            sys.exit(f"no {program}: run Scripts/setup-test")
    readme = (MODELS / "README.md").read_text()
    runs, wrong = plan(readme)
    if arguments:
        runs = [run for run in runs if run.model.startswith(arguments[0])]
        runs = [run for run in runs if len(arguments) < 2 or run.defect == arguments[1]]
        if not runs:
            sys.exit("no such search")
    else:
        lost = lost_names(readme)
        print("names of the models in Sources: " + ("all there" if not lost else f"{len(lost)} lost"), flush=True)
        wrong += lost
    with ThreadPoolExecutor(max(1, min(2, os.cpu_count() or 1))) as pool:
        for is_right, line in pool.map(lambda run: judge(run, len(arguments) > 1), runs):
            print(("" if is_right else "WRONG  ") + line, flush=True)
            if not is_right:
                wrong.append(line)
    for line in wrong:
        print(f"wrong: {line}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
