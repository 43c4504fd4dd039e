# Sourced by ./dev: the fuzz targets of tests/fuzz under libFuzzer, with both sanitizers.
#
# A run begins with the target's own seeds and with what earlier runs found worth keeping
# (build/fuzz/corpus/TARGET). An input that breaks something is kept in build/fuzz/findings/TARGET.

# fuzz [TARGET...]: each for HCSD_FUZZ_SECONDS, as many at a time as there are processors.
fuzz() {
  require "${fuzz_packages[@]}"
  build_preset fuzz
  run_fuzz_targets "${HCSD_FUZZ_SECONDS:-60}" "$@"
}

fuzz_targets() { find build/fuzz/targets -name 'fuzz_*' -printf '%f\n' | sed 's/^fuzz_//' | sort; }

# run_fuzz_targets SECONDS [TARGET...]
run_fuzz_targets() {
  local seconds=$1 targets
  shift
  targets=("$@")
  (($#)) || mapfile -t targets < <(fuzz_targets)
  say "Fuzzing ${targets[*]}: $seconds s each, $jobs at a time"
  # No dump of memory is wanted of what aborts; a stack with names is.
  local symbolizer
  symbolizer=$(compgen -c llvm-symbolizer | sort -V | tail -1 || true)
  [[ -z $symbolizer ]] || ASAN_SYMBOLIZER_PATH=$(command -v "$symbolizer")
  export ASAN_SYMBOLIZER_PATH=${ASAN_SYMBOLIZER_PATH:-}
  export ASAN_OPTIONS=detect_stack_use_after_return=1:disable_coredump=1
  export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
  export -f fuzz_target
  timed "fuzzing" xargs --max-procs="$jobs" -I '{}' bash -c "fuzz_target {} $seconds" \
    < <(printf '%s\n' "${targets[@]}") || true
  fuzz_table "${targets[@]}"
}

# fuzz_target NAME SECONDS: its output is in build/fuzz/logs/NAME.
fuzz_target() {
  local name=$1 seconds=$2 program=build/fuzz/targets/fuzz_$1 scratch
  local seeds=build/fuzz/seeds/$name corpus=build/fuzz/corpus/$name
  local findings=build/fuzz/findings/$name log=build/fuzz/logs/$name
  mkdir -p "$seeds" "$corpus" "$findings" build/fuzz/logs
  rm -f "$seeds"/*
  # Folders are made in memory where there is room for that.
  scratch=$(TMPDIR=$([[ -w /dev/shm ]] && echo /dev/shm) mktemp -d -t hcsd-fuzz.XXXXXX)
  "$program" --write-seeds="$seeds"
  TMPDIR=$scratch "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
    -print_final_stats=1 -artifact_prefix="$findings/" "$corpus" "$seeds" >"$log" 2>&1 ||
    echo "fuzz_$name found something"
  rm -rf "$scratch"
}

# fuzz_table TARGET...: fails, with the places to look at, when a target found something.
fuzz_table() {
  local name log found failed=0
  printf '%-20s %12s %8s %10s %9s\n' target executions seconds per\ second findings
  for name in "$@"; do
    log=build/fuzz/logs/$name
    found=0
    # libFuzzer ends at its first finding.
    grep -q '^stat::number_of_executed_units' "$log" && ! grep -q 'SUMMARY:' "$log" || found=1
    printf '%-20s %12s %8s %10s %9s\n' "$name" "$(fuzz_number number_of_executed_units "$log")" \
      "$(sed -nE 's/^Done [0-9]+ runs in ([0-9]+) second.*/\1/p' "$log")" \
      "$(fuzz_number average_exec_per_sec "$log")" "$found"
    ((found == 0)) || failed=1
    ((found == 0)) || sed -n '/broken promise\|ERROR:\|SUMMARY:\|Test unit written/p' "$log"
  done
  ((failed == 0)) || die "the fuzzer found something: build/fuzz/findings; run one again with
build/fuzz/targets/fuzz_TARGET FILE, or fuzz_replay_TARGET FILE of another preset under a debugger"
}

fuzz_number() { sed -nE "s/^stat::$1: +([0-9]+)/\1/p" "$2"; }
