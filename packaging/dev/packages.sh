# Sourced by ./dev: what each command needs from Debian 12, and how it is installed.

build_packages=(
  git ca-certificates g++ cmake ninja-build ccache mold
  libgrpc++-dev protobuf-compiler-grpc protobuf-compiler libprotobuf-dev libabsl-dev
  libasio-dev nlohmann-json3-dev libspdlog-dev libcli11-dev catch2
  libssl-dev zlib1g-dev libzstd-dev libarchive-tools
  python3
)
# What the emulated host isolates containers with, a root file system for its tests, and images of
# it by other people's tools.
test_packages=(runc busybox-static umoci skopeo)
# libclang-rt has libFuzzer and the sanitizers.
fuzz_packages=(clang-16 libclang-rt-16-dev)
lint_packages=(clang-format-16 clang-tidy-16 shellcheck)
tsan_packages=(dpkg-dev)
interop_packages=(jq python3-grpcio python3-protobuf)

# require PACKAGE...: installs those that are missing, as root or through sudo.
require() {
  [[ -z ${HCSD_NO_INSTALL:-} ]] || return 0
  require_debian_12
  local missing=() package
  for package in "$@"; do
    package_is_installed "$package" || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  say "Installing from Debian: ${missing[*]}"
  as_root apt-get -qq update
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq install --yes --no-install-recommends -o Dpkg::Use-Pty=0 "${missing[@]}" >/dev/null
}

package_is_installed() {
  [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

require_debian_12() {
  local id='' version=''
  if [[ -r /etc/os-release ]]; then
    # shellcheck source=/dev/null
    read -r id version < <(. /etc/os-release && echo "${ID:-} ${VERSION_ID:-}")
  fi
  [[ $id == debian && $version == 12 ]] && return 0
  die "this installs Debian 12's packages, and this system is '${id:-unknown} $version'.
docs/building.md lists what is needed; with it in place, set HCSD_NO_INSTALL=1 and try again."
}

as_root() {
  if [[ $(id -u) == 0 ]]; then
    "$@"
  elif have sudo; then
    sudo "$@"
  else
    die "installing needs root, and there is no sudo; as root: apt-get install ${missing[*]}"
  fi
}
