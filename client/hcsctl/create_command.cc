#include <iostream>
#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "client/hcsctl/commands.h"
#include "client/hcsctl/container_options.h"
#include "client/hcsctl/document_file.h"
#include "client/hcsctl/image_container.h"
#include "client/hcsctl/json_output.h"
#include "client/hcsctl/process_options.h"

namespace hcs::ctl {
namespace {

struct CreateOptions {
  ContainerOptions container;
  ProcessOptions process;
  std::string document;
  ImageOptions image;
  // Options that a document says for itself.
  std::vector<const CLI::Option*> typed;
};

absl::StatusOr<v1::CreateContainerRequest> RequestFor(const CreateOptions& options) {
  auto request = CreateRequestFor(options.container);
  if (!request.ok() || options.document.empty()) return request;
  for (const CLI::Option* option : options.typed) {
    if (option->count() > 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("create: ", option->get_name(),
                       " is a field of the document; with --document, write it there"));
    }
  }
  auto document = ReadDocument("create", options.document);
  if (!document.ok()) return document.status();
  request->set_raw_document(*std::move(document));
  return request;
}

absl::Status CheckCreate(const CreateOptions& options, const Invocation& invocation) {
  if (!options.image.name.empty()) {
    if (options.document.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError("create: --document and an image exclude each other");
  }
  if (!invocation.words && !options.image.entrypoint) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "create: without an image there is no command to keep; exec runs one");
}

// The sandbox, and the process that start will start.
absl::Status AddImage(const client::Client& client, const CreateOptions& options,
                      const std::vector<std::string>& command,
                      v1::CreateContainerRequest* request) {
  const auto image = client.images().Get(options.image.name);
  if (!image.ok()) return image.status();
  const auto process = ImageProcessFor(*image, options.image.entrypoint, command, options.process);
  if (!process.ok()) return process.status();
  const absl::Status kept = AddProcessLabel(*process, request);
  if (!kept.ok()) return kept;
  return AddSandbox(client, *image, request);
}

absl::StatusOr<int> Create(const CreateOptions& options, const Invocation& invocation) {
  const absl::Status valid = CheckCreate(options, invocation);
  if (!valid.ok()) return valid;
  auto request = RequestFor(options);
  if (!request.ok()) return request.status();
  const auto client = invocation.Connect();
  if (!client.ok()) return client.status();
  if (!options.image.name.empty()) {
    const absl::Status added = AddImage(
        *client, options, invocation.words.value_or(std::vector<std::string>()), &*request);
    if (!added.ok()) return added;
  }
  const auto container = CreateContainer(*client, *request);
  if (!container.ok()) return container.status();
  std::cout << (invocation.json ? ToJson(*container) : container->id()) << '\n';
  return 0;
}

}  // namespace

void AddCreateCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand(
      "create",
      "Create a container, and print its id: create [OPTIONS] [IMAGE [COMMAND...]]; start runs "
      "the command");
  auto options = std::make_shared<CreateOptions>();
  AddContainerOptions(*command, options->container);
  command
      ->add_option("--document", options->document,
                   "The host's own document, schema 1 or 2, from a file or stdin")
      ->type_name("FILE|-");
  AddProcessOptions(*command, options->process);
  AddImageOptions(*command, options->image);
  for (const char* name : {"--owner", "--memory", "--cpus"}) {
    options->typed.push_back(command->get_option(name));
  }
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return Create(*options, invocation); };
  });
}

}  // namespace hcs::ctl
