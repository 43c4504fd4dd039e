# Sourced by run: stubs that buf generates for Python, and a client that uses them.

check_python_client() {
  step "buf generates Python stubs" generate_stubs
  # Debian's own Python, which has Debian's grpc.
  step "python: create, start, exec, terminate" env PYTHONPATH="$work/build/gen/python" \
    /usr/bin/python3 tests/interop/python_client.py "$unix_target"
}

# proto/buf.gen.yaml's output folder, ../build/gen/python, seen from a folder of this run.
generate_stubs() { mkdir -p "$work/proto" && (cd proto && buf generate --output "$work/proto"); }
