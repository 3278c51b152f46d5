# Makes a virtual environment of the project and puts it first in PATH. To be sourced by bash.
# `environment` names it: .venv, the default, as setup.cfg says; .venv-newest, with the newest TensorFlow.
# A stamp with the checksum of the packaging files makes a second run start at once.

repository="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cd "$repository"
environment="${environment:-.venv}"

fail() {
  echo "error: $*" >&2
  exit 1
}

is_usable_python() {
  "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null
}

# 3.11 and 3.12 first: setup.cfg gives them the TensorFlow that the published results were made with.
find_python() {
  local candidate
  for candidate in python3.11 python3.12 python3.13 python3 python; do
    if is_usable_python "$candidate"; then
      echo "$candidate"
      return
    fi
  done
  fail "expected Python 3.11, 3.12 or 3.13 as python3.11, python3.12, python3.13, python3 or python; found none"
}

# pip writes the project's metadata into the repository: one environment at a time, where both are made at once.
alone() {
  if command -v flock >/dev/null; then
    flock "$repository/setup.cfg" "$@"
  else
    "$@"
  fi
}

install_project() {
  local pip=("$environment/bin/python" -m pip --quiet --disable-pip-version-check)
  if [[ "$environment" == .venv-newest ]]; then
    "$environment/bin/python" scripts/lib/newest_requirements.py setup.cfg >"$environment/requirements.txt"
    "${pip[@]}" install --upgrade -r "$environment/requirements.txt" && alone "${pip[@]}" install --no-deps -e .
  else
    alone "${pip[@]}" install -e ".[test]"
  fi
}

make_environment() {
  local python log="$environment/install.log"
  python="$(find_python)" || exit 1
  echo "Making the environment $environment with $("$python" --version); this takes two to three minutes ..."
  if ! is_usable_python "$environment/bin/python" ||
    ! "$environment/bin/python" -m pip --version >/dev/null 2>&1; then
    rm -rf "$environment"
    "$python" -m venv "$environment" || fail "$python -m venv failed; on Debian and Ubuntu install python3-venv"
  fi
  install_project >"$log" 2>&1 ||
    fail "installation failed, see $repository/$log: $(grep -m 1 -i error "$log" || tail -n 1 "$log")"
}

checksum="$(cat setup.cfg pyproject.toml | cksum)"
# What is newest is asked again in every week.
[[ "$environment" != .venv-newest ]] || checksum+=" $(date +%G-W%V)"
if [[ "$(cat "$environment/installed" 2>/dev/null)" != "$checksum $repository" ]] ||
  ! is_usable_python "$environment/bin/python"; then
  make_environment
  echo "$checksum $repository" >"$environment/installed"
fi
export PATH="$repository/$environment/bin:$PATH"
