# Sourced by ./dev: formatting, clang-tidy, include rules, shell scripts.

lint() {
  require "${build_packages[@]}" "${lint_packages[@]}"
  local failed=()
  say "Format";                timed "format" check_format || failed+=(format)
  say "Rooms";                 timed "rooms" packaging/dev/check-rooms || failed+=(rooms)
  say "Shell";                 timed "shell" check_shell || failed+=(shell)
  say "Test names";            timed "test names" check_test_names || failed+=(test-names)
  say "clang-tidy";            timed "clang-tidy" check_tidy || failed+=(clang-tidy)
  ((${#failed[@]} == 0)) || die "lint found something in: ${failed[*]}"
  echo "lint is clean"
}

check_format() { cpp_files | xargs clang-format-16 --dry-run --Werror; }

format_sources() {
  require "${lint_packages[@]}"
  cpp_files | xargs clang-format-16 -i
}

# CTest's lists are separated by semicolons: a test with one in its name is never run.
check_test_names() {
  ! git grep --untracked -nE 'TEST_CASE\(".*;.*"' -- 'tests/*.cc'
}

# ./dev with the parts that it sources, then every other script.
check_shell() {
  local scripts
  mapfile -t scripts < <(git grep --untracked -lE '^#!.*[/ ](ba)?sh$' -- . ':!*.md' | sort)
  shellcheck --external-sources --check-sourced dev || return 1
  shellcheck --external-sources "${scripts[@]}"
}

# The sources include headers that protoc makes.
check_tidy() {
  build_preset linux hcs_proto_sources || return 1
  packaging/dev/tidy --jobs "$jobs" --stamps "$cache_folder/tidy" build/linux
}
