# Sourced by ./dev: the daemon that `./dev up` starts on the emulated host.

# One for each clone, in the user's state folder; short, since a Unix socket's path has a limit.
state_home=${XDG_STATE_HOME:-${HOME:-/root}/.local/state}
state_folder=$state_home/hcsd/$(cksum <<<"$PWD" | cut -d ' ' -f 1)
host_address=unix://$state_folder/hcsd.sock
bin_folder=$PWD/build/linux/bin

hcsctl() { "$bin_folder/hcsctl" --address "$host_address" "$@"; }

host_is_up() { [[ -x $bin_folder/hcsctl ]] && hcsctl host info >/dev/null 2>&1; }

host_up() {
  build_preset linux
  if host_is_up; then
    say "hcsd is up already at $host_address"
  else
    timed "start-up" host_start
  fi
  host_tour
}

host_start() {
  say "Starting hcsd on the emulated host at $host_address"
  mkdir -p "$state_folder"
  setsid "$bin_folder/hcsd" --host emulated --state "$state_folder" --listen "$host_address" \
    </dev/null >"$state_folder/hcsd.log" 2>&1 &
  echo $! >"$state_folder/hcsd.pid"
  until_true 30 grep -q '^hcsd ready: ' "$state_folder/hcsd.log" && return 0
  cat "$state_folder/hcsd.log" >&2
  die "hcsd did not come up; its log is above"
}

# What a newcomer sees: a container that says hello, one that stays, and its statistics.
host_tour() {
  say "A container that runs one command and goes: hcsctl run --rm -- cmd /c ..."
  hcsctl run --rm -- cmd /c "echo hello from a container"
  say "A container that stays, 'demo', and its statistics: hcsctl stats --no-stream"
  if ! hcsctl inspect demo >/dev/null 2>&1; then
    hcsctl create --name demo >/dev/null
    hcsctl start demo >/dev/null
    hcsctl exec -d demo -- sleep infinity >/dev/null
  fi
  hcsctl stats --no-stream
  say "Try next"
  cat <<TEXT
  export PATH=$bin_folder:\$PATH HCSD_ADDRESS=$host_address
  hcsctl ps
  hcsctl exec -it demo -- bash
  hcsctl events
  ./dev down
TEXT
}

# Ends the containers and the daemon; what they left is removed with the state folder.
host_down() {
  if ! host_is_up; then
    echo "hcsd is not up at $host_address"
    return 0
  fi
  local id pid
  pid=$(<"$state_folder/hcsd.pid")
  hcsctl ps --quiet | while read -r id; do hcsctl rm --force "$id" </dev/null >/dev/null; done
  kill -TERM "$pid"
  until_true 30 process_is_gone "$pid" || die "hcsd ($pid) did not stop within 30 s"
  rm -rf "$state_folder"
  echo "hcsd and its containers are gone"
}

process_is_gone() { ! kill -0 "$1" 2>/dev/null; }
