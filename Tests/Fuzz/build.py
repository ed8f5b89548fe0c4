"""Builds the fuzzer: our own modules anew with libFuzzer's and the address sanitizer's instruments, on top of the
dependencies as `swift build` left them, so that none of those is built twice.

What each module is compiled with is taken from the build plan that `swift build` wrote.
"""

import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PLAIN = ROOT / ".build" / "debug"
# Our modules that are instrumented, with the folders of those that do not stand in `Sources`.
MODULES = {
    name: ROOT / "Sources" / name
    for name in [
        "Kernel", "Geodesy", "Separation", "JointLog", "Records", "Evidence", "PrivateCheck", "Mechanism", "Storage",
        "StorageSQLite", "Notation", "NodeRuntime", "NodeHTTP", "Simulation",
    ]
} | {"EvidenceSamples": ROOT / "Tests" / "EvidenceSamples"}
# Readers of the command that stand in no module of their own are compiled with the targets.
COMMAND = ROOT / "Sources" / "parley"
COMMAND_FILES = [
    "Scenario/Scenario.swift", "Scenario/Scenario+reading.swift", "Scenario/Scenario+checking.swift",
    "Scenario/ScenarioTime.swift", "Scenario/JSONPattern.swift", "Shared/CommandFailure.swift", "Shared/ExitStatus.swift",
    "Shared/Terminal.swift", "Shared/JSONValue+Reading.swift",
]
TARGETS = ROOT / "Tests" / "Fuzz" / "Targets"
FUZZER = "Fuzzer"
# In one flag: of several the compiler takes the last.
SANITIZERS = ["-sanitize=fuzzer,address"]
# Where a run spends its time; optimising the rest takes longer than it saves.
HOT = {"Kernel", "Geodesy", "Separation", "JointLog", "Records", "Evidence", "PrivateCheck", "Mechanism", "Notation",
       FUZZER}


def plan() -> dict[str, list[str]]:
    """The commands of the build plan by their names."""
    commands: dict[str, list[str]] = {}
    name = ""
    with open(ROOT / ".build" / "debug.yaml", encoding="utf-8") as file:
        for line in file:
            if found := re.match(r'  "([^"]+)":$', line):
                name = found.group(1)
            elif name and line.startswith("    args: ["):
                commands[name] = json.loads(line[10:])
    return commands


def command(commands: dict[str, list[str]], module: str, ending: str) -> list[str]:
    for name, arguments in commands.items():
        if re.fullmatch(rf"C\.{module}-[^-]+-[^-]+-[^-]+-([^-]+-)?debug\.{ending}", name):
            return arguments
    raise SystemExit(f"the build plan has no {module}{ending}: run `swift build --build-tests` first")


def flags(arguments: list[str], modules: Path) -> list[str]:
    """What of a module's command is about the module, and not about where its products go."""
    alone = {
        "-emit-dependencies", "-emit-module", "-parse-as-library", "-incremental", "-c", "-enable-batch-mode",
        "-serialize-diagnostics", "-Onone", "-O", "-wmo", "-disable-batch-mode", "-parseable-output", "-emit-objc-header",
        "-g",
    }
    paired = {
        "-emit-module-path", "-output-file-map", "-index-store-path", "-module-cache-path", "-emit-objc-header-path",
        "-module-name", "-o", "-num-threads", "-assert-config",
    }
    kept: list[str] = []
    rest = iter(arguments[1:])
    for argument in rest:
        if argument in ("-Xcc", "-Xfrontend"):
            kept += [argument, next(rest)]
        elif argument in paired:
            next(rest)
        elif argument in alone or argument.startswith(("@", "-j")):
            continue
        elif argument == "-I":
            # Our own products stand before the plain ones.
            kept += ["-I", str(modules), "-I", next(rest)]
        else:
            kept.append(argument)
    return kept


class Build:
    """One configuration, in a folder of its own below `.build`."""

    def __init__(self, optimised: bool, jobs: int):
        self.optimised = optimised
        self.folder = ROOT / ".build" / ("fuzz-optimised" if optimised else "fuzz")
        self.modules = self.folder / "Modules"
        self.jobs = jobs
        self.commands = plan()
        self.program = self.folder / "fuzzer"

    def sources(self, module: str) -> list[Path]:
        if module == FUZZER:
            files = sorted(TARGETS.rglob("*.swift"))
            return files + [COMMAND / name for name in COMMAND_FILES if (COMMAND / name).exists()]
        files = sorted(MODULES[module].rglob("*.swift"))
        accessor = PLAIN / f"{module}.build" / "DerivedSources" / "resource_bundle_accessor.swift"
        return files + ([accessor] if accessor.exists() else [])

    def imports(self, files: list[Path]) -> set[str]:
        found: set[str] = set()
        for file in files:
            text = file.read_text(encoding="utf-8")
            found |= set(re.findall(r"^(?:@testable |public |internal |package )*import (?:\w+ )?(\w+)", text, re.M))
        return found & set(MODULES)

    def compile(self, module: str, key: str) -> bool:
        """Compiles a module unless its products are of these very sources and flags."""
        stamp = self.folder / f"{module}.stamp"
        if stamp.exists() and stamp.read_text() == key:
            return False
        stamp.unlink(missing_ok=True)
        place = self.folder / f"{module}.build"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        arguments = self.arguments(module)
        run = subprocess.run(
            [*arguments, *map(str, self.sources(module))], cwd=place, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        if run.returncode != 0:
            raise SystemExit(f"{module} does not compile:\n{run.stdout[-6000:]}")
        stamp.write_text(key)
        return True

    def arguments(self, module: str) -> list[str]:
        of = "parley" if module == FUZZER else module
        planned = command(self.commands, of, "module")
        kept = flags(planned, self.modules)
        if module == FUZZER:
            kept = self.without_entry_point(kept)
        speed = (
            ["-O", "-wmo", "-assert-config", "Debug", "-num-threads", "2"] if self.optimised and module in HOT
            else ["-Onone", "-enable-batch-mode", f"-j{self.jobs}"]
        )
        return [
            planned[0], "-module-name", module, "-emit-module", "-emit-module-path",
            str(self.modules / f"{module}.swiftmodule"), "-parse-as-library", "-c", "-gline-tables-only", "-module-cache-path",
            str(self.folder / "ModuleCache"), *kept, *speed, *SANITIZERS,
        ]

    @staticmethod
    def without_entry_point(kept: list[str]) -> list[str]:
        """The command's own main function is not ours."""
        result: list[str] = []
        rest = iter(kept)
        for flag in rest:
            if flag == "-Xfrontend":
                value = next(rest)
                if value == "-entry-point-function-name":
                    next(rest), next(rest)
                    continue
                result += [flag, value]
            else:
                result.append(flag)
        return result

    def run(self) -> Path:
        if not (ROOT / ".build" / "debug.yaml").exists():
            subprocess.run(["swift", "build", "--build-tests"], cwd=ROOT, check=True)
            self.commands = plan()
        self.modules.mkdir(parents=True, exist_ok=True)
        keys: dict[str, str] = {}
        waiting = {module: self.imports(self.sources(module)) - {module} for module in [*MODULES, FUZZER]}
        changed = False
        # One after the other: each keeps all cores busy by itself.
        while waiting:
            module = next(name for name in waiting if waiting[name] <= set(keys))
            digest = hashlib.sha256(json.dumps(self.arguments(module)).encode())
            for file in self.sources(module):
                digest.update(str(file).encode() + b"\0" + file.read_bytes())
            for other in sorted(waiting.pop(module)):
                digest.update(keys[other].encode())
            keys[module] = digest.hexdigest()
            if self.compile(module, keys[module]):
                changed = True
                print(f"built {module}", flush=True)
        if changed or not self.program.exists():
            self.link()
        return self.program

    def link(self) -> None:
        planned = command(self.commands, "parley", "exe")
        own = {f"{module}.build" for module in MODULES} | {"parley.build"}
        # One object a line, quoted where its name needs it.
        listed = (PLAIN / "parley.product" / "Objects.LinkFileList").read_text().splitlines()
        objects = [line for line in listed if line and not own & set(Path(line.strip("'\"")).parts)]
        for module in [*MODULES, FUZZER]:
            for path in sorted((self.folder / f"{module}.build").glob("*.o")):
                objects.append(shlex.quote(str(path)))
        response = self.folder / "objects"
        response.write_text("\n".join(objects) + "\n")
        # In its place only when it is whole: a run may be under way.
        fresh = self.program.with_suffix(".new")
        libraries = [flag for flag in planned[1:] if flag.startswith(("-l", "-L"))]
        search = [planned[i + 1] for i, flag in enumerate(planned) if flag == "-L"]
        subprocess.run(
            [
                planned[0], "-emit-executable", "-use-ld=lld", "-o", str(fresh), f"@{response}",
                *[flag for flag in libraries if flag != "-L"], *[f"-L{place}" for place in search], *SANITIZERS,
            ],
            check=True,
        )
        fresh.replace(self.program)
        # Resources are found beside the program.
        for bundle in PLAIN.glob("parley_*.resources"):
            link = self.folder / bundle.name
            if not link.exists():
                link.symlink_to(bundle)
