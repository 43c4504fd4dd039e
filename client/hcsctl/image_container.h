// Containers of images: the sandbox that one writes in, and what the image says of its process.

#ifndef HCS_CLIENT_HCSCTL_IMAGE_CONTAINER_H_
#define HCS_CLIENT_HCSCTL_IMAGE_CONTAINER_H_

#include <CLI/App.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/hcs_client/client.h"
#include "client/hcsctl/process_options.h"
#include "hcs/v1/process_config.pb.h"

namespace hcs::ctl {

// What hcsctl notes on a container: the image's name; the sandbox' folder; the process that
// start starts, and whose environment, user and folder exec takes, as protobuf's JSON.
inline constexpr char kImageLabel[] = "hcsctl.image";
inline constexpr char kSandboxLabel[] = "hcsctl.sandbox";
inline constexpr char kProcessLabel[] = "hcsctl.process";

// What run and create say of the image.
struct ImageOptions {
  std::string name;  // Empty: there is none.
  std::optional<std::string> entrypoint;
};

// IMAGE and --entrypoint. `options` must live until the command line is parsed.
void AddImageOptions(CLI::App& command, ImageOptions& options);

// The process of a container of the image, by docker's rules: `entrypoint`, if it is said,
// takes the place of the image's and does away with its arguments; `command`, if there is any,
// takes the place of those; -e, -u and -w go before what the image says.
// INVALID_ARGUMENT: there is nothing to run.
absl::StatusOr<v1::ProcessConfig> ImageProcessFor(const v1::GetImageResponse& image,
                                                  const std::optional<std::string>& entrypoint,
                                                  const std::vector<std::string>& command,
                                                  ProcessOptions options);

// Makes a sandbox over the image's layers, mounts it, and puts it into the request's document and
// labels. An error leaves none.
absl::Status AddSandbox(const client::Client& client, const v1::GetImageResponse& image,
                        v1::CreateContainerRequest* request);

// Takes back what AddSandbox made for the request, if it did.
absl::Status RemoveSandboxOf(const client::Client& client,
                             const v1::CreateContainerRequest& request);

// Creates the container; an error leaves no sandbox that AddSandbox made for it.
absl::StatusOr<v1::Container> CreateContainer(const client::Client& client,
                                              const v1::CreateContainerRequest& request);

// Adds the process to the request's labels. INVALID_ARGUMENT: it is too long for one.
absl::Status AddProcessLabel(const v1::ProcessConfig& process, v1::CreateContainerRequest* request);

// Nothing, if the container has none, or one that cannot be read.
std::optional<v1::ProcessConfig> LabelledProcess(const v1::Container& container);

// What the container's own process has, and `process` does not say otherwise: environment, user
// and working directory.
void AddDefaults(const v1::Container& container, v1::ProcessConfig* process);

// Unmounts and destroys the sandbox that the labels name, if they do. What has been done
// already is no error.
absl::Status RemoveSandbox(const client::Client& client, const std::string& path);

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_IMAGE_CONTAINER_H_
