#include "client/hcsctl/container_removal.h"

#include "absl/strings/str_cat.h"
#include "client/hcsctl/image_container.h"

namespace hcs::ctl {
namespace {

// A host that has accepted to terminate a container is done long before.
constexpr absl::Duration kTerminationLimit = absl::Seconds(60);

absl::Status OkIf(bool (*expected)(const absl::Status&), absl::Status status) {
  return expected(status) ? absl::OkStatus() : status;
}

}  // namespace

absl::Status StopContainer(const client::Client& client, const std::string& id,
                           absl::Duration patience) {
  const absl::Status shutdown = client.containers().Shutdown(id).status();
  if (client::IsInvalidState(shutdown)) return TerminateContainer(client, id);
  if (!shutdown.ok()) return OkIf(client::IsAlreadyStopped, shutdown);
  const auto exit = client.containers().Wait(id, patience);
  if (!exit.ok()) return exit.status();
  return exit->has_value() ? absl::OkStatus() : TerminateContainer(client, id);
}

absl::Status TerminateContainer(const client::Client& client, const std::string& id) {
  const absl::Status terminated = client.containers().Terminate(id).status();
  if (!terminated.ok()) return OkIf(client::IsAlreadyStopped, terminated);
  const auto exit = client.containers().Wait(id, kTerminationLimit);
  if (!exit.ok()) return exit.status();
  if (exit->has_value()) return absl::OkStatus();
  return absl::DeadlineExceededError(absl::StrCat(id, " was terminated and has not exited within ",
                                                  absl::FormatDuration(kTerminationLimit)));
}

absl::Status RemoveContainer(const client::Client& client, const std::string& id) {
  const auto container = client.containers().Get(id);
  if (!container.ok()) return OkIf(client::IsNotExist, container.status());
  absl::Status status = OkIf(client::IsNotExist, TerminateContainer(client, id));
  if (!status.ok()) return status;
  // Before the container, whose labels name it, so that a failure can be tried again.
  const auto sandbox = container->labels().find(kSandboxLabel);
  if (sandbox != container->labels().end()) status = RemoveSandbox(client, sandbox->second);
  if (!status.ok()) return status;
  return OkIf(client::IsNotExist, client.containers().Close(id));
}

}  // namespace hcs::ctl
