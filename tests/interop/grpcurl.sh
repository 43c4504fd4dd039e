# Sourced by run: a container's life driven by grpcurl, which knows the contract only through the
# daemon's reflection.

# check_grpcurl NAME TARGET [GRPCURL-FLAG]
check_grpcurl() {
  local name=$1 id=interop-$1
  target=$2
  flags=(-plaintext -max-time 60 "${@:3}")
  step "$name: reflection lists the services" lists_services
  step "$name: health is SERVING" answers grpc.health.v1.Health/Check '{}' '.status == "SERVING"'
  step "$name: host info" answers hcs.v1.HostService/GetHostInfo '{}' '.host_kind == "emulated"'
  step "$name: create, fields by the host's names" answers hcs.v1.ContainerService/CreateContainer \
    "{\"id\": \"$id\", \"config\": {\"Owner\": \"interop\", \"MemoryMaximumInMB\": 256}}" \
    '.container.state == "CONTAINER_STATE_CREATED" and .container.owner == "interop"'
  step "$name: create again is ALREADY_EXISTS" refuses hcs.v1.ContainerService/CreateContainer \
    "{\"id\": \"$id\", \"config\": {\"owner\": \"interop\"}}" AlreadyExists
  step "$name: start" answers hcs.v1.ContainerService/StartContainer "{\"id\": \"$id\"}" \
    '.container.state == "CONTAINER_STATE_RUNNING"'
  step "$name: list by owner" answers hcs.v1.ContainerService/ListContainers \
    "{\"filter\": {\"owner\": \"interop\", \"id_prefix\": \"$id\"}}" \
    "[.containers[].id] == [\"$id\"]"
  step "$name: exec with stdin, both streams and the exit code" execs "$id"
  step "$name: statistics" answers hcs.v1.ContainerService/GetContainerStatistics \
    "{\"id\": \"$id\"}" '.statistics.Processor.TotalRuntime100ns | tonumber > 0'
  step "$name: events from the journal" answers_stream hcs.v1.EventService/WatchEvents \
    "{\"after_sequence\": 1, \"no_follow\": true, \"filter\": {\"container_ids\": [\"$id\"]}}" \
    'map(.event.type // empty) | index("EVENT_TYPE_CONTAINER_STARTED") and index("EVENT_TYPE_PROCESS_EXITED")'
  step "$name: an unknown container is NOT_FOUND" refuses hcs.v1.ContainerService/GetContainer \
    '{"id": "no-such"}' NotFound
  step "$name: terminate" answers hcs.v1.ContainerService/TerminateContainer "{\"id\": \"$id\"}" \
    ".container.id == \"$id\""
  step "$name: wait" answers hcs.v1.ContainerService/WaitContainer \
    "{\"id\": \"$id\", \"timeout\": \"30s\"}" '.exit.time != null'
  step "$name: close" answers hcs.v1.ContainerService/CloseContainer "{\"id\": \"$id\"}" '. == {}'
}

call() { grpcurl "${flags[@]}" "$@"; }

lists_services() {
  local service
  call "$target" list | tee "$work/services"
  for service in ContainerService ProcessService EventService HostService; do
    grep -qx "hcs.v1.$service" "$work/services" || return 1
  done
}

# answers METHOD REQUEST CONDITION: the answer fulfils jq's condition.
answers() {
  local answer
  answer=$(call -d "$2" "$target" "$1") || { echo "$answer"; return 1; }
  echo "$answer"
  jq --exit-status "$3" <<<"$answer"
}

# The same for a stream: the condition is on the array of its messages.
answers_stream() {
  local answer
  answer=$(call -d "$2" "$target" "$1") || { echo "$answer"; return 1; }
  echo "$answer"
  jq --slurp --exit-status "$3" <<<"$answer"
}

# refuses METHOD REQUEST CODE
refuses() {
  local answer
  ! answer=$(call -d "$2" "$target" "$1" 2>&1) || { echo "it succeeded: $answer"; return 1; }
  echo "$answer"
  grep -q "Code: $3" <<<"$answer"
}

# execs CONTAINER: one Exec stream whose process reads stdin, writes both streams, exits with 7.
execs() {
  local command='cmd /c "cat & echo to-stderr 1>&2 & exit 7"' answer
  answer=$(jq --null-input --compact-output --arg id "$1" --arg command "$command" '
      {start: {container_id: $id, config: {CommandLine: $command, CreateStdInPipe: true,
               CreateStdOutPipe: true, CreateStdErrPipe: true}}},
      {stdin: ("over the wire\n" | @base64)},
      {close_stdin: {}}' |
    call -d @ "$target" hcs.v1.ProcessService/Exec) || { echo "$answer"; return 1; }
  echo "$answer"
  jq --slurp --exit-status '
    def text(stream): map(.[stream] // empty | @base64d) | add;
    (first | has("started")) and (last.exited.exit_code == 7)
    and (text("stdout") == "over the wire\n") and (text("stderr") | startswith("to-stderr"))
    ' <<<"$answer"
}
