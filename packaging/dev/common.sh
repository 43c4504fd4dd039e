# Sourced by ./dev: messages, timing and the places that its commands share.

jobs=${HCSD_JOBS:-$(nproc)}
cache_folder=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/hcsd

say() { printf '\n==> %s\n' "$*"; }

die() {
  printf 'dev: %s\n' "$*" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# timed NAME COMMAND...: runs it, then prints how long it took.
timed() {
  local name=$1 start=$SECONDS status=0
  shift
  "$@" || status=$?
  printf -- '--- %s: %d s\n' "$name" $((SECONDS - start))
  return $status
}

# until_true SECONDS COMMAND...: polls the command until it succeeds; fails after SECONDS.
until_true() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || return 1
    sleep 0.05
  done
}

# The C++ files of this project, new ones that are not yet in git included.
cpp_files() {
  git ls-files --cached --others --exclude-standard -- '*.cc' '*.h' | sort -u |
    while read -r file; do [[ ! -e $file ]] || echo "$file"; done
}
