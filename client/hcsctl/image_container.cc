#include "client/hcsctl/image_container.h"

#include <CLI/CLI.hpp>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/hcsctl/image_text.h"
#include "google/protobuf/util/json_util.h"

namespace hcs::ctl {
namespace {

// As CreateContainerRequest.labels says.
constexpr size_t kLongestLabel = 4096;

using Words = std::vector<std::string>;

bool IsWindows(const v1::GetImageResponse& image) {
  return image.image().platform().os() == "windows";
}

// The layers' folders, nearest first.
std::vector<std::string> ParentsOf(const v1::Image& image) {
  std::vector<std::string> parents;
  for (auto layer = image.layers().rbegin(); layer != image.layers().rend(); ++layer) {
    parents.push_back(layer->path());
  }
  return parents;
}

// Those of the image, but for what the user names again.
Words MergedEnvironment(const v1::ImageExecution& image, const Words& own) {
  Words merged;
  for (const std::string& entry : image.env()) {
    if (absl::StrContains(entry, '=')) merged.push_back(entry);
  }
  merged.insert(merged.end(), own.begin(), own.end());
  return merged;
}

// Mounts it and asks where.
absl::StatusOr<std::string> Mount(const client::Layers& layers, const client::LayerName& sandbox,
                                  const std::vector<std::string>& parents) {
  absl::Status status = layers.Activate(sandbox).status();
  if (status.ok()) status = layers.Prepare(sandbox, parents).status();
  if (!status.ok()) return status;
  return layers.GetMountPath(sandbox);
}

absl::Status AddLayers(const client::Layers& layers, const std::vector<std::string>& parents,
                       v1::ContainerConfig* config) {
  for (const std::string& parent : parents) {
    const auto guid = layers.NameToGuid(parent.substr(parent.find_last_of("/\\") + 1));
    if (!guid.ok()) return guid.status();
    v1::Layer& layer = *config->add_layers();
    layer.set_id(*guid);
    layer.set_path(parent);
  }
  return absl::OkStatus();
}

absl::Status Mounted(const client::Client& client, const client::LayerName& sandbox,
                     const std::vector<std::string>& parents, v1::CreateContainerRequest* request) {
  const auto volume = Mount(client.layers(), sandbox, parents);
  if (!volume.ok()) return volume.status();
  v1::ContainerConfig& config = *request->mutable_config();
  config.set_volume_path(*volume);
  config.set_layer_folder_path(sandbox.id);
  return AddLayers(client.layers(), parents, &config);
}

// Of an undoing: what is not there, or not in that state, is undone.
absl::Status UnlessUndone(const absl::Status& status) {
  const bool undone =
      client::IsNotExist(status) || absl::IsNotFound(status) || absl::IsFailedPrecondition(status);
  return undone ? absl::OkStatus() : status;
}

}  // namespace

void AddImageOptions(CLI::App& command, ImageOptions& options) {
  command
      .add_option("--entrypoint", options.entrypoint,
                  "The program, instead of the image's entrypoint and command")
      ->type_name("PROGRAM");
  command.add_option("IMAGE", options.name, "What to make the container of; a COMMAND follows");
}

absl::StatusOr<v1::ProcessConfig> ImageProcessFor(const v1::GetImageResponse& image,
                                                  const std::optional<std::string>& entrypoint,
                                                  const Words& command, ProcessOptions options) {
  const v1::ImageExecution& execution = image.configuration().config();
  Words words(execution.entrypoint().begin(), execution.entrypoint().end());
  if (entrypoint) words = entrypoint->empty() ? Words() : Words{*entrypoint};
  if (!command.empty()) {
    words.insert(words.end(), command.begin(), command.end());
  } else if (!entrypoint) {
    words.insert(words.end(), execution.cmd().begin(), execution.cmd().end());
  }
  if (words.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("image ", ImageName(image.image()),
                     " does not say what to run: write a command after its name"));
  }
  options.environment = MergedEnvironment(execution, options.environment);
  if (options.user.empty()) options.user = execution.user();
  if (options.working_directory.empty()) options.working_directory = execution.working_dir();
  auto config = ProcessConfigFor(options, words);
  if (!config.ok()) return config;
  const bool ours = !command.empty() || entrypoint;
  if (IsWindows(image) && execution.args_escaped() && !ours) {
    config->set_command_line(absl::StrJoin(words, " "));
  } else if (!IsWindows(image)) {
    // Linux' programs take words.
    config->clear_command_line();
    config->mutable_command_args()->Assign(words.begin(), words.end());
  }
  return config;
}

absl::Status AddSandbox(const client::Client& client, const v1::GetImageResponse& image,
                        v1::CreateContainerRequest* request) {
  const char separator = absl::StrContains(image.sandbox_folder(), '/') ? '/' : '\\';
  const client::LayerName sandbox{
      "", absl::StrCat(image.sandbox_folder(), std::string(1, separator), request->id())};
  const std::vector<std::string> parents = ParentsOf(image.image());
  const absl::Status created = client.layers().CreateSandbox(sandbox, parents).status();
  if (!created.ok()) return created;
  const absl::Status mounted = Mounted(client, sandbox, parents, request);
  if (!mounted.ok()) {
    RemoveSandbox(client, sandbox.id).IgnoreError();  // The first error is the one to tell.
    return mounted;
  }
  (*request->mutable_labels())[kImageLabel] = ImageName(image.image());
  (*request->mutable_labels())[kSandboxLabel] = sandbox.id;
  return absl::OkStatus();
}

absl::Status RemoveSandboxOf(const client::Client& client,
                             const v1::CreateContainerRequest& request) {
  const auto sandbox = request.labels().find(kSandboxLabel);
  return sandbox == request.labels().end() ? absl::OkStatus()
                                           : RemoveSandbox(client, sandbox->second);
}

absl::StatusOr<v1::Container> CreateContainer(const client::Client& client,
                                              const v1::CreateContainerRequest& request) {
  auto container = client.containers().Create(request);
  // The first error is the one to tell.
  if (!container.ok()) RemoveSandboxOf(client, request).IgnoreError();
  return container;
}

absl::Status AddProcessLabel(const v1::ProcessConfig& process,
                             v1::CreateContainerRequest* request) {
  std::string json;
  const auto printed = google::protobuf::util::MessageToJsonString(process, &json);
  if (!printed.ok() || json.size() > kLongestLabel) {
    return absl::InvalidArgumentError(
        absl::StrCat("the command and its environment are too long to be kept with the container (",
                     json.size(), " bytes of ", kLongestLabel, ")"));
  }
  (*request->mutable_labels())[kProcessLabel] = std::move(json);
  return absl::OkStatus();
}

std::optional<v1::ProcessConfig> LabelledProcess(const v1::Container& container) {
  const auto label = container.labels().find(kProcessLabel);
  v1::ProcessConfig process;
  if (label == container.labels().end() ||
      !google::protobuf::util::JsonStringToMessage(label->second, &process).ok()) {
    return std::nullopt;
  }
  return process;
}

void AddDefaults(const v1::Container& container, v1::ProcessConfig* process) {
  const auto own = LabelledProcess(container);
  if (!own) return;
  // A variable that is there already stays.
  process->mutable_environment()->insert(own->environment().begin(), own->environment().end());
  if (process->user().empty() && own->has_user()) process->set_user(own->user());
  if (process->working_directory().empty() && own->has_working_directory()) {
    process->set_working_directory(own->working_directory());
  }
}

absl::Status RemoveSandbox(const client::Client& client, const std::string& path) {
  const client::LayerName sandbox{"", path};
  absl::Status status = UnlessUndone(client.layers().Unprepare(sandbox).status());
  if (status.ok()) status = UnlessUndone(client.layers().Deactivate(sandbox).status());
  if (!status.ok()) return status;
  const absl::Status destroyed = client.layers().Destroy(sandbox);
  return absl::IsNotFound(destroyed) ? absl::OkStatus() : destroyed;
}

}  // namespace hcs::ctl
