#!/usr/bin/env bash
# What `make test` samples, in full: 1,000 kills, and a fault at every file operation. Takes about an hour.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
swift build --build-tests
PARLEY_KILLS="${PARLEY_KILLS:-1000}" swift test --skip-build --disable-xctest --filter KillTests
python3 Tests/StorageSQLiteTests/strace_faults.py --full
