#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "client/hcsctl/commands.h"
#include "client/hcsctl/container_options.h"
#include "client/hcsctl/document_file.h"
#include "client/hcsctl/json_output.h"

namespace hcs::ctl {
namespace {

struct CreateOptions {
  ContainerOptions container;
  std::string document;
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

absl::StatusOr<int> Create(const CreateOptions& options, const Invocation& invocation) {
  auto request = RequestFor(options);
  if (!request.ok()) return request.status();
  const auto client = invocation.Connect();
  if (!client.ok()) return client.status();
  const auto container = client->containers().Create(*std::move(request));
  if (!container.ok()) return container.status();
  std::cout << (invocation.json ? ToJson(*container) : container->id()) << '\n';
  return 0;
}

}  // namespace

void AddCreateCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand("create", "Create a container, and print its id");
  auto options = std::make_shared<CreateOptions>();
  AddContainerOptions(*command, options->container);
  command
      ->add_option("--document", options->document,
                   "The host's own document, schema 1 or 2, from a file or stdin")
      ->type_name("FILE|-");
  for (const char* name : {"--owner", "--memory", "--cpus"}) {
    options->typed.push_back(command->get_option(name));
  }
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return Create(*options, invocation); };
  });
}

}  // namespace hcs::ctl
