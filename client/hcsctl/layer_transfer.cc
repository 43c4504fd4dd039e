#include "client/hcsctl/layer_transfer.h"

#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "client/hcsctl/archive_file.h"
#include "client/hcsctl/json_output.h"
#include "client/hcsctl/layer_options.h"
#include "client/hcsctl/layer_text.h"
#include "client/hcsctl/progress_bar.h"

namespace hcs::ctl {
namespace {

struct ImportOptions {
  std::string file;
  bool linux_layer = false;
  std::string digest;
  std::string diff_id;
};

v1::LayerFormat TarFormat(bool linux_layer) {
  return linux_layer ? v1::LAYER_FORMAT_LINUX_TAR : v1::LAYER_FORMAT_TAR;
}

absl::StatusOr<v1::ImportLayerResponse> SendArchive(const client::Client& client,
                                                    v1::ImportLayerSpec spec,
                                                    const std::string& file) {
  auto archive = ArchiveReader::Open(file);
  if (!archive.ok()) return archive.status();
  if (const auto size = (*archive)->size()) spec.set_total_bytes(static_cast<int64_t>(*size));
  ProgressBar bar;
  bar.Begin(absl::StrCat("importing ", spec.id()), (*archive)->size());
  uint64_t sent = 0;
  return client.layers().Import(spec, client::Layers::Source([&]() -> absl::StatusOr<std::string> {
                                  bar.Update(sent);
                                  auto piece = (*archive)->Next();
                                  if (piece.ok()) sent += piece->size();
                                  return piece;
                                }));
}

absl::StatusOr<int> Import(const ImportOptions& options, const LayerOptions& layer,
                           const std::vector<std::string>& parents, const Invocation& invocation) {
  const auto client = invocation.Connect();
  if (!client.ok()) return client.status();
  const client::LayerName name = layer.name();
  v1::ImportLayerSpec spec;
  spec.set_home_folder(name.home_folder);
  spec.set_id(name.id);
  spec.set_format(TarFormat(options.linux_layer));
  spec.set_expected_digest(options.digest);
  spec.set_expected_diff_id(options.diff_id);
  for (std::string& path : layer.PathsOf(parents)) *spec.add_parents() = std::move(path);
  const auto response = SendArchive(*client, std::move(spec), options.file);
  if (!response.ok()) return response.status();
  std::cout << (invocation.json ? ToJson(*response) : ImportText(*response)) << '\n';
  return 0;
}

struct ExportOptions {
  std::string file;
  bool linux_layer = false;
  std::string compression = "none";
  int level = 0;
};

absl::StatusOr<v1::ExportLayerSummary> TakeArchive(const client::Client& client,
                                                   const v1::ExportLayerRequest& request,
                                                   const std::string& file) {
  auto archive = ArchiveWriter::Open(file);
  if (!archive.ok()) return archive.status();
  ProgressBar bar;
  bar.Begin(absl::StrCat("exporting ", request.id()), std::nullopt);
  const auto stream = client.layers().Export(request);
  std::optional<v1::ExportLayerSummary> summary;
  uint64_t taken = 0;
  for (v1::ExportLayerResponse message; stream->Next(&message);) {
    if (message.has_summary()) summary = message.summary();
    if (absl::Status written = (*archive)->Write(message.tar()); !written.ok()) return written;
    bar.Update(taken += message.tar().size());
  }
  if (absl::Status end = stream->Finish(); !end.ok()) return end;
  if (!summary) return absl::DataLossError("the daemon ended the export without a summary");
  if (absl::Status whole = (*archive)->Commit(); !whole.ok()) return whole;
  return *std::move(summary);
}

// What goes to stdout is the tar: the summary is for stderr then.
absl::StatusOr<int> Export(const ExportOptions& options, const LayerOptions& layer,
                           const std::vector<std::string>& parents, const Invocation& invocation) {
  const auto client = invocation.Connect();
  if (!client.ok()) return client.status();
  const client::LayerName name = layer.name();
  v1::ExportLayerRequest request;
  request.set_home_folder(name.home_folder);
  request.set_id(name.id);
  request.set_format(TarFormat(options.linux_layer));
  request.set_compression(options.compression == "gzip"   ? v1::LAYER_COMPRESSION_GZIP
                          : options.compression == "zstd" ? v1::LAYER_COMPRESSION_ZSTD
                                                          : v1::LAYER_COMPRESSION_NONE);
  request.set_compression_level(options.level);
  for (std::string& path : layer.PathsOf(parents)) *request.add_parents() = std::move(path);
  const auto summary = TakeArchive(*client, request, options.file);
  if (!summary.ok()) return summary.status();
  const bool to_stdout = options.file.empty() || options.file == "-";
  (to_stdout ? std::cerr : std::cout)
      << (invocation.json ? ToJson(*summary) : ExportText(name.id, *summary)) << '\n';
  return 0;
}

}  // namespace

void AddLayerImportCommand(CLI::App& layer, Invocation& invocation) {
  CLI::App* command = layer.add_subcommand(
      "import", "Make a layer of a tar, compressed by gzip or zstd or not at all");
  auto options = std::make_shared<ImportOptions>();
  command->add_option("FILE", options->file, "The tar; - is stdin")->required();
  const auto named = AddLayerOptions(*command);
  const auto parents = AddParentOption(*command, /*required=*/false);
  command->add_flag("--linux", options->linux_layer, "It is a Linux image's layer");
  command->add_option("--digest", options->digest, "What the file's SHA-256 must be")
      ->type_name("sha256:HEX");
  command->add_option("--diff-id", options->diff_id, "The same of the tar itself, not compressed")
      ->type_name("sha256:HEX");
  command->callback([options, named, parents, &invocation] {
    invocation.action = [options, named, parents, &invocation] {
      return Import(*options, *named, *parents, invocation);
    };
  });
}

void AddLayerExportCommand(CLI::App& layer, Invocation& invocation) {
  CLI::App* command = layer.add_subcommand(
      "export", "Write a layer as a tar: of a sandbox, what differs from its parents");
  auto options = std::make_shared<ExportOptions>();
  const auto named = AddLayerOptions(*command);
  const auto parents = AddParentOption(*command, /*required=*/false);
  command->add_option("-o,--output", options->file, "The file; stdout without it")
      ->type_name("FILE");
  command->add_flag("--linux", options->linux_layer, "As a Linux image's layer");
  command->add_option("-c,--compress", options->compression, "none, gzip or zstd")
      ->check(CLI::IsMember({"none", "gzip", "zstd"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  command->add_option("--level", options->level, "gzip: 1 to 9; zstd: 1 to 19")
      ->type_name("NUMBER");
  command->callback([options, named, parents, &invocation] {
    invocation.action = [options, named, parents, &invocation] {
      return Export(*options, *named, *parents, invocation);
    };
  });
}

}  // namespace hcs::ctl
