#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/hcsctl/archive_file.h"
#include "client/hcsctl/commands.h"
#include "client/hcsctl/image_text.h"
#include "client/hcsctl/image_transfer.h"
#include "client/hcsctl/json_output.h"
#include "client/hcsctl/table.h"
#include "client/hcsctl/text.h"

namespace hcs::ctl {
namespace {

struct ImportOptions {
  std::string file;
  std::vector<std::string> names;
  std::string platform;
};

absl::StatusOr<v1::ImportImageStart> StartFor(const ImportOptions& options) {
  v1::ImportImageStart start;
  for (const std::string& name : options.names) start.add_references(name);
  if (options.platform.empty()) return start;
  auto platform = ParsePlatform(options.platform);
  if (!platform.ok()) return platform.status();
  *start.mutable_platform() = *std::move(platform);
  return start;
}

absl::StatusOr<int> Import(const ImportOptions& options, const Invocation& invocation) {
  const auto start = StartFor(options);
  if (!start.ok()) return start.status();
  const auto client = invocation.Connect();
  if (!client.ok()) return client.status();
  const auto result = ImportArchive(*client, *start, options.file);
  if (!result.ok()) return result.status();
  if (invocation.json) {
    std::cout << ToJson(*result) << '\n';
    return 0;
  }
  for (const v1::Image& image : result->images()) std::cout << ImageName(image) << '\n';
  return 0;
}

void AddImportCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand(
      "import",
      "Import the images of an archive (an OCI layout or docker save's), print their names");
  auto options = std::make_shared<ImportOptions>();
  command->add_option("FILE", options->file, "The tar, compressed or not; - is stdin")->required();
  command->add_option("--tag", options->names, "A name, instead of the archive's; may repeat")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command
      ->add_option("--platform", options->platform,
                   "Which of several images, as linux/amd64 or windows:10.0.17763/amd64")
      ->type_name("OS/ARCH");
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return Import(*options, invocation); };
  });
}

// A row for each name; newest first.
std::string ImagesText(std::vector<v1::Image> images) {
  std::sort(images.begin(), images.end(), [](const v1::Image& one, const v1::Image& other) {
    return one.import_time().seconds() > other.import_time().seconds();
  });
  Table table({"IMAGE", "ID", "PLATFORM", "IMPORTED", "LAYERS", "SIZE"});
  for (const v1::Image& image : images) {
    std::vector<std::string> names(image.references().begin(), image.references().end());
    if (names.empty()) names.emplace_back("<none>");
    for (const std::string& name : names) {
      table.AddRow({FamiliarName(name), ShortId(image.id()), PlatformText(image.platform()),
                    AgeText(image.import_time()), absl::StrCat(image.layers_size()),
                    BytesText(image.size_bytes())});
    }
  }
  return table.Text();
}

struct ListOptions {
  bool quiet = false;
  bool names = false;
};

void PrintNames(const std::vector<v1::Image>& images) {
  for (const v1::Image& image : images) {
    for (const std::string& name : image.references()) std::cout << FamiliarName(name) << '\n';
  }
}

void PrintIds(const std::vector<v1::Image>& images) {
  for (const v1::Image& image : images) std::cout << image.id() << '\n';
}

std::string ImagesJson(const std::vector<v1::Image>& images) {
  std::vector<std::string> elements;
  elements.reserve(images.size());
  for (const v1::Image& image : images) elements.push_back(ToJson(image));
  return JsonArray(elements);
}

absl::StatusOr<int> List(const ListOptions& options, const Invocation& invocation) {
  const auto client = invocation.Connect();
  if (!client.ok()) return client.status();
  const auto images = client->images().List();
  if (!images.ok()) return images.status();
  if (options.names) {
    PrintNames(*images);
  } else if (options.quiet) {
    PrintIds(*images);
  } else if (invocation.json) {
    std::cout << ImagesJson(*images) << '\n';
  } else {
    std::cout << ImagesText(*images);
  }
  return 0;
}

void AddListCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand("ls", "List the images");
  auto options = std::make_shared<ListOptions>();
  command->add_flag("-q,--quiet", options->quiet, "Print ids alone");
  command->add_flag("--names", options->names, "Print names alone");
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return List(*options, invocation); };
  });
}

absl::StatusOr<int> Inspect(const std::string& name, const Invocation& invocation) {
  const auto client = invocation.Connect();
  if (!client.ok()) return client.status();
  const auto image = client->images().Get(name);
  if (!image.ok()) return image.status();
  std::string json = ToJson(image->image());
  json = WithMember(json, "configuration", image->raw_configuration());
  json = WithMember(json, "manifest", image->raw_manifest());
  std::cout << (invocation.json ? json : Indented(json)) << '\n';
  return 0;
}

void AddInspectCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand(
      "inspect", "Print all that is known of an image, as JSON, with its own documents");
  auto name = std::make_shared<std::string>();
  command->add_option("IMAGE", *name, "A name, an id, or the id's first digits")->required();
  command->callback([name, &invocation] {
    invocation.action = [name, &invocation] { return Inspect(*name, invocation); };
  });
}

struct ExportOptions {
  std::vector<std::string> images;
  std::string file;
};

void AddExportCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand(
      "export", "Write images into an archive, which docker, podman and skopeo read");
  auto options = std::make_shared<ExportOptions>();
  command->add_option("IMAGE", options->images, "The images")->required();
  command->add_option("-o,--output", options->file, "The archive; stdout without it")
      ->type_name("FILE");
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation]() -> absl::StatusOr<int> {
      const auto client = invocation.Connect();
      if (!client.ok()) return client.status();
      const absl::Status exported = ExportArchive(*client, options->images, options->file);
      if (!exported.ok()) return exported;
      return 0;
    };
  });
}

struct RemoveOptions {
  std::vector<std::string> images;
  bool force = false;
};

void PrintRemoved(const v1::RemoveImageResponse& removed) {
  for (const std::string& name : removed.untagged_references()) {
    std::cout << "untagged: " << FamiliarName(name) << '\n';
  }
  if (!removed.removed_id().empty()) std::cout << "removed: " << removed.removed_id() << '\n';
}

// Failures are told as they come, and do not spare the rest.
absl::StatusOr<int> Remove(const RemoveOptions& options, const Invocation& invocation) {
  const auto client = invocation.Connect();
  if (!client.ok()) return client.status();
  int exit_code = 0;
  for (const std::string& image : options.images) {
    const auto removed = client->images().Remove(image, options.force);
    if (!removed.ok()) {
      PrintError(invocation, removed.status());
      exit_code = 1;
    } else if (invocation.json) {
      std::cout << ToJson(*removed) << '\n';
    } else {
      PrintRemoved(*removed);
    }
  }
  return exit_code;
}

void AddRemoveCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* command =
      app.add_subcommand("rm", "Take names from images, and remove those that have no more");
  auto options = std::make_shared<RemoveOptions>();
  command->add_option("IMAGE", options->images, "Names or ids")->required();
  command->add_flag("-f,--force", options->force, "Remove what an id names, with all its names");
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return Remove(*options, invocation); };
  });
}

struct TagOptions {
  std::string image;
  std::string name;
};

absl::StatusOr<int> Tag(const TagOptions& options, const Invocation& invocation) {
  const auto client = invocation.Connect();
  if (!client.ok()) return client.status();
  const auto image = client->images().Tag(options.image, options.name);
  if (!image.ok()) return image.status();
  if (invocation.json) std::cout << ToJson(*image) << '\n';
  return 0;
}

void AddTagCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand("tag", "Give an image another name");
  auto options = std::make_shared<TagOptions>();
  command->add_option("IMAGE", options->image, "A name or id that it has")->required();
  command->add_option("NAME", options->name, "The new one")->required();
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return Tag(*options, invocation); };
  });
}

}  // namespace

void AddImageCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* image = app.add_subcommand("image", "Images: what containers are made of");
  image->require_subcommand(1);
  AddImportCommand(*image, invocation);
  AddListCommand(*image, invocation);
  AddInspectCommand(*image, invocation);
  AddExportCommand(*image, invocation);
  AddRemoveCommand(*image, invocation);
  AddTagCommand(*image, invocation);
}

}  // namespace hcs::ctl
