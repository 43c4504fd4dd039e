# Sourced by ./dev: the tests of preset linux, README's own commands, the fuzz targets.

# run_tests [CTEST-ARGUMENT...]: with arguments, only the tests that ctest picks by them.
run_tests() {
  require "${test_packages[@]}"
  build_preset linux
  say "Tests"
  ctest_folder build/linux "$@"
  (($# == 0)) || return 0
  say "README's commands"
  tests/shell/readme build/linux/bin
  fuzz
}

# ctest_folder BUILD-FOLDER [CTEST-ARGUMENT...]: prints what fails, ctest's summary and the
# slowest tests.
ctest_folder() {
  local folder=$1 log=$1/ctest.log status=0
  shift
  ctest --test-dir "$folder" --parallel "$jobs" --output-on-failure --no-tests=error "$@" |
    tee "$log" | grep -vE '^ +Start +[0-9]+:' || status=$?
  echo "The slowest:"
  grep -oE 'Test +#.*sec' "$log" | sed -E 's/^Test +#[0-9]+: (.*) \.+.* ([0-9.]+) sec/\2 s  \1/' |
    sort -rn | sed -n '1,5s/^/  /p'
  return $status
}
