"""Other people's software on our evidence bundles: builds the independent verifier from Debian's Go packages, lets it
check sample bundles of every shape, and demands that it refuses every change of them.

    check.py                              the sample bundles
    check.py BUNDLE MECHANISM [SEED]      one bundle; SEED is the exporter's node key, hexadecimal
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PROGRAMS = ROOT / ".build" / "debug"
# Where golang-golang-x-mod-dev puts its sources.
GO_PACKAGES = "/usr/share/gocode"


def build(folder: Path) -> Path:
    """The verifier, built outside modules: nothing is fetched."""
    go = shutil.which("go")
    if go is None:
        sys.exit("no Go compiler: run Scripts/setup-test")
    program = folder / "verifier"
    environment = dict(
        os.environ, GO111MODULE="off", GOPATH=GO_PACKAGES, GOFLAGS="", GOCACHE=str(ROOT / ".setup" / "go"), CGO_ENABLED="0"
    )
    sources = sorted(str(path) for path in HERE.glob("*.go"))
    subprocess.run([go, "build", "-o", str(program), *sources], check=True, env=environment)
    return program


def audit(bundle: Path, mechanism: str) -> list[str]:
    """What our own checker says: it must accept the bundle, and nothing but this bundle of this mechanism."""
    program = str(PROGRAMS / "parley-audit")
    wrong = []
    for arguments, expected in [
        ([bundle, "--mechanism", mechanism], 0),
        ([bundle, "--mechanism", mechanism, "--json"], 0),
        ([bundle, "--mechanism", mechanism[::-1]], 1),
        ([__file__], 1),
        ([bundle, "--mechanism", "abc"], 2),
        ([bundle / "none"], 2),
    ]:
        run = subprocess.run([program, *map(str, arguments)], capture_output=True)
        if run.returncode != expected:
            wrong.append(f"parley-audit {' '.join(map(str, arguments))}: {run.returncode}, not {expected}")
    return wrong


def check(verifier: Path, bundle: Path, mechanism: str, seed: str | None) -> list[str]:
    print(f"\n{bundle.name}", flush=True)
    wrong = audit(bundle, mechanism)
    run = subprocess.run([str(verifier), "mutate", str(bundle), mechanism, *([seed] if seed else [])])
    if run.returncode != 0:
        wrong.append(f"{bundle.name}: the independent verifier disagrees")
    refused = subprocess.run([str(verifier), "verify", str(bundle), mechanism[::-1]], capture_output=True)
    if refused.returncode != 1:
        wrong.append(f"{bundle.name}: the independent verifier takes it for another mechanism's")
    return wrong


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        verifier = build(folder)
        if len(sys.argv) in (3, 4):
            bundles = [(Path(sys.argv[1]), sys.argv[2], sys.argv[3] if len(sys.argv) == 4 else None)]
        else:
            listed = subprocess.run(
                [str(PROGRAMS / "BundleWriter"), temporary], check=True, capture_output=True, text=True
            )
            bundles = [(folder / name, mechanism, seed) for name, mechanism, seed in map(str.split, listed.stdout.splitlines())]
        wrong = [line for bundle in bundles for line in check(verifier, *bundle)]
    for line in wrong:
        print(line)
    if wrong or not bundles:
        sys.exit(1)
    print(f"\n{len(bundles)} bundles hold, and every change of them is refused.")


if __name__ == "__main__":
    main()
