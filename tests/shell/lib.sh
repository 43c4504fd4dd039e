# Sourced by the checks in shell: counted steps, and a daemon of their own.

passed=0
failed=0
work=$(mktemp -d)
daemon_pid=''
trap finish EXIT

# step NAME COMMAND...: runs the command quietly; shows its output when it fails.
step() {
  local name=$1
  shift
  if "$@" >"$work/step.log" 2>&1; then
    passed=$((passed + 1))
    echo "PASS $name"
  else
    failed=$((failed + 1))
    echo "FAIL $name"
    sed 's/^/     /' "$work/step.log"
  fi
}

# Starts hcsd on a Unix socket and a loopback TCP port that the system picks: `unix_target` and
# `tcp_target` are grpcurl's and Python's names of them.
start_daemon() {
  local bin=$1
  unix_target=unix://$work/hcsd.sock
  "$bin/hcsd" --host emulated --state "$work/state" --listen "$unix_target" \
    --listen tcp://127.0.0.1:0 </dev/null >"$work/hcsd.log" 2>&1 &
  daemon_pid=$!
  local tries
  for ((tries = 0; tries < 600; tries++)); do
    tcp_target=$(grep -oE 'tcp://127\.0\.0\.1:[1-9][0-9]*' "$work/hcsd.log" | head -1) || true
    tcp_target=${tcp_target#tcp://}
    [[ -S $work/hcsd.sock && -n $tcp_target ]] && return 0
    kill -0 "$daemon_pid" 2>/dev/null || break
    sleep 0.05
  done
  cat "$work/hcsd.log" >&2
  echo "hcsd did not come up" >&2
  exit 1
}

finish() {
  if [[ -n $daemon_pid ]]; then
    kill -TERM "$daemon_pid" 2>/dev/null || true
    wait "$daemon_pid" 2>/dev/null || true
  fi
  rm -rf "$work"
}
