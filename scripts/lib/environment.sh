# Makes the project's own virtual environment, .venv, and puts it first in PATH. To be sourced by bash.
# A stamp with the checksum of the packaging files makes a second run start at once.

repository="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cd "$repository"

fail() {
  echo "error: $*" >&2
  exit 1
}

is_usable_python() {
  "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' 2>/dev/null
}

find_python() {
  local candidate
  for candidate in python3.11 python3.12 python3 python; do
    if is_usable_python "$candidate"; then
      echo "$candidate"
      return
    fi
  done
  fail "expected Python 3.11 or 3.12 as python3.11, python3.12, python3 or python; found none"
}

make_environment() {
  local python log=".venv/install.log"
  python="$(find_python)" || exit 1
  echo "Making the environment .venv with $("$python" --version); this takes a minute or two ..."
  if ! is_usable_python .venv/bin/python || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    rm -rf .venv
    "$python" -m venv .venv || fail "$python -m venv failed; on Debian and Ubuntu install python3-venv"
  fi
  .venv/bin/python -m pip install --quiet --disable-pip-version-check -e ".[test]" >"$log" 2>&1 ||
    fail "installation failed, see $repository/$log: $(grep -m 1 -i error "$log" || tail -n 1 "$log")"
}

checksum="$(cat setup.cfg pyproject.toml | cksum)"
if [[ "$(cat .venv/installed 2>/dev/null)" != "$checksum $repository" ]] || ! is_usable_python .venv/bin/python; then
  make_environment
  echo "$checksum $repository" >.venv/installed
fi
export PATH="$repository/.venv/bin:$PATH"
