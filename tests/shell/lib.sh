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
  bin=$1
  unix_target=unix://$work/hcsd.sock
  "$bin/hcsd" --host emulated --state "$work/state" --listen "$unix_target" \
    --listen tcp://127.0.0.1:0 </dev/null >"$work/hcsd.out" 2>"$work/hcsd.log" &
  daemon_pid=$!
  # Ready, or gone: it prints one line once it serves.
  until grep -q '^hcsd ready: ' "$work/hcsd.out"; do
    kill -0 "$daemon_pid" 2>/dev/null || { cat "$work/hcsd.log" >&2; exit 1; }
    sleep 0.05
  done
  tcp_target=$(grep -oE '127\.0\.0\.1:[0-9]+' "$work/hcsd.out")
}

# Ends the containers that a check left, and the daemon.
finish() {
  if [[ -n $daemon_pid ]]; then
    end_containers || true
    kill -TERM "$daemon_pid" 2>/dev/null || true
    wait "$daemon_pid" 2>/dev/null || true
  fi
  rm -rf "$work"
}

end_containers() {
  "$bin/hcsctl" --address "$unix_target" ps --quiet |
    xargs --no-run-if-empty "$bin/hcsctl" --address "$unix_target" rm --force >/dev/null
}
