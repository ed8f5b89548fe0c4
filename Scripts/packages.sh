# Sourced by Scripts/setup and Scripts/setup-test.

say() { printf '%s\n' "$*" >&2; }

# Installs those of the named Debian packages that are missing. Asks the package lists only then.
require_packages() {
  if ! command -v dpkg-query >/dev/null 2>&1; then
    say "This set-up knows Debian 12. Install what corresponds to these by hand: $*"
    return 1
  fi
  local missing=() package
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0

  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
      say "Missing Debian packages, and neither root nor sudo to install them with. As root:"
      say "  apt-get update && apt-get install ${missing[*]}"
      return 1
    fi
    as_root=(sudo)
  fi
  say "Installing Debian packages: ${missing[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 update >&2
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
    install --no-install-recommends "${missing[@]}" >&2
}

# Makes the virtual environment in .setup/venv, once. Debian's own interpreter, so that every machine has the same.
require_venv() {
  [ -x .setup/venv/bin/pip ] && return 0
  rm -rf .setup/venv
  /usr/bin/python3 -m venv .setup/venv
}

# pip of that environment, quiet, without asking for a newer self.
venv_pip() { PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore .setup/venv/bin/python -m pip "$@"; }
