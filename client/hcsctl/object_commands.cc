#include "client/hcsctl/object_commands.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/hcsctl/for_each.h"
#include "client/hcsctl/text.h"

namespace hcs::ctl {

void AddObjectCommand(CLI::App& group, Invocation& invocation, const std::string& name,
                      const std::string& description, const std::string& argument,
                      Describe describe) {
  CLI::App* command = group.add_subcommand(name, description);
  auto object = std::make_shared<std::string>();
  command->add_option(argument, *object, "By name or id")->required();
  command->callback([object, describe = std::move(describe), &invocation] {
    invocation.action = [object, describe, &invocation]() -> absl::StatusOr<int> {
      const auto client = invocation.Connect();
      if (!client.ok()) return client.status();
      const auto json = describe(*client, *object);
      if (!json.ok()) return json.status();
      std::cout << (invocation.json ? *json : Indented(*json)) << '\n';
      return 0;
    };
  });
}

void AddRemoval(CLI::App& group, Invocation& invocation, const std::string& objects,
                const std::string& force_description, Remove remove) {
  struct Options {
    std::vector<std::string> names;
    bool force = false;
  };
  CLI::App* command = group.add_subcommand("rm", absl::StrCat("Delete ", objects));
  auto options = std::make_shared<Options>();
  command->add_option("NAME", options->names, "By name or id")->required();
  command->add_flag("-f,--force", options->force, force_description);
  command->callback([options, remove = std::move(remove), &invocation] {
    invocation.action = [options, remove, &invocation] {
      return DoForEach(options->names, invocation,
                       [&](const client::Client& client, const std::string& name) {
                         const auto cut = remove(client, name, options->force);
                         if (!cut.ok()) return cut.status();
                         for (const v1::NetworkUser& user : *cut) {
                           PrintNotice(Printable(absl::StrCat("cut off ", UserText(user))));
                         }
                         return absl::OkStatus();
                       });
    };
  });
}

void AddDocumentOption(CLI::App& command, std::string& path) {
  CLI::Option* document =
      command
          .add_option("--document", path,
                      "HNS' own document, from a file or stdin, instead of everything else")
          ->type_name("FILE|-");
  for (CLI::Option* other : command.get_options()) {
    if (other != document && other != command.get_help_ptr()) document->excludes(other);
  }
}

absl::StatusOr<int> PrintStatistics(const Invocation& invocation, const Statistics& statistics) {
  const auto client = invocation.Connect();
  if (!client.ok()) return client.status();
  const auto all = statistics(*client);
  if (!all.ok()) return all.status();
  if (!invocation.json) {
    std::cout << EndpointStatisticsText(*all);
    return 0;
  }
  std::vector<v1::NetworkStats> messages;
  for (const NamedStatistics& one : *all) messages.push_back(one.statistics);
  std::cout << ArrayOf(messages) << '\n';
  return 0;
}

}  // namespace hcs::ctl
