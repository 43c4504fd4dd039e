# Sourced by ./dev: other people's tools against the real daemon. They come from registries other
# than Debian's, into the cache folder, and so are no part of `./dev test`.

# The newest grpcurl that Debian 12's Go 1.19 builds.
grpcurl_version=v1.8.9
buf_version=1.75.0

interop() {
  build_preset linux
  require "${interop_packages[@]}"
  install_grpcurl
  install_buf
  say "Interoperability"
  PATH=$(grpcurl_folder):$(buf_folder)/node_modules/.bin:$PATH \
    timed "interop" tests/interop/run build/linux/bin
}

grpcurl_folder() { echo "$cache_folder/grpcurl-$grpcurl_version"; }
buf_folder() { echo "$cache_folder/buf-$buf_version"; }

install_grpcurl() {
  [[ -x $(grpcurl_folder)/grpcurl ]] && return 0
  have go || require golang-go
  say "Installing grpcurl $grpcurl_version, a Go module"
  GOBIN=$(grpcurl_folder) GOFLAGS=-buildvcs=false \
    go install "github.com/fullstorydev/grpcurl/cmd/grpcurl@$grpcurl_version"
}

install_buf() {
  [[ -x $(buf_folder)/node_modules/.bin/buf ]] && return 0
  have npm || require npm
  say "Installing buf $buf_version from npm"
  npm install --silent --no-save --no-audit --no-fund --ignore-scripts \
    --prefix "$(buf_folder)" "@bufbuild/buf@$buf_version"
}
