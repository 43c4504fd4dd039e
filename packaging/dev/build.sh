# Sourced by ./dev: configuring and building a preset of CMakePresets.json.

# build_preset PRESET [TARGET...]
build_preset() {
  local preset=$1 targets=()
  shift
  (($# == 0)) || targets=(--target "$@")
  require "${build_packages[@]}"
  say "Building preset '$preset' in build/$preset with $jobs jobs"
  cmake --preset "$preset" >"$(log_of "$preset")" || { cat "$(log_of "$preset")"; return 1; }
  timed "build of $preset" cmake --build --preset "$preset" --parallel "$jobs" "${targets[@]}"
}

# The configure step's output is shown only when it fails.
log_of() {
  mkdir -p "build/$1"
  echo "build/$1/configure.log"
}
