# Sourced by ./dev: the tests under AddressSanitizer with UndefinedBehaviorSanitizer, and core's
# tests under ThreadSanitizer.

# sanitize [address|thread]
sanitize() {
  case ${1:-all} in
    address) sanitize_address ;;
    thread) sanitize_thread ;;
    all) sanitize_address; sanitize_thread ;;
    *) die "sanitize takes address or thread, not '$1'" ;;
  esac
}

sanitize_address() {
  build_preset asan
  say "Tests under AddressSanitizer and UndefinedBehaviorSanitizer"
  # A small quarantine, for the tests that measure a process' memory.
  local quarantine=quarantine_size_mb=4:thread_local_quarantine_size_kb=64
  export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1:$quarantine
  export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
  ctest_folder build/asan
}

# ThreadSanitizer sees only the code that it instruments, and Protobuf's messages are laid out
# otherwise under it: so both libraries that core synchronises or speaks with are built for it.
sanitize_thread() {
  require "${build_packages[@]}" "${tsan_packages[@]}"
  HCSD_TSAN_PREFIX=$cache_folder/tsan-libraries-$(tsan_recipe_key)
  export HCSD_TSAN_PREFIX
  [[ -d $HCSD_TSAN_PREFIX ]] || timed "Abseil and Protobuf for ThreadSanitizer" \
    packaging/dev/build-tsan-libraries "$HCSD_TSAN_PREFIX"
  # CMake remembers where it found the libraries before.
  grep -qsF "$HCSD_TSAN_PREFIX/" build/tsan/CMakeCache.txt || rm -rf build/tsan
  local options=halt_on_error=1:second_deadlock_stack=1:die_after_fork=0
  export TSAN_OPTIONS=$options:suppressions=$PWD/packaging/dev/tsan.supp
  build_preset tsan
  say "Core's tests under ThreadSanitizer"
  ctest_folder build/tsan
}

# The instrumented libraries are built again when their recipe or the compiler changes.
tsan_recipe_key() {
  { cat packaging/dev/build-tsan-libraries; c++ --version | head -1; } | sha256sum | cut -c 1-12
}
