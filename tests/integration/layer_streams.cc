#include "tests/integration/layer_streams.h"

#include <catch2/catch.hpp>
#include <utility>

#include "core/layer/backup_stream/file_info.h"
#include "core/layer/backup_stream/stream_header.h"
#include "core/layer/compression/compressor.h"
#include "core/layer/compression/sha256.h"
#include "core/layer/ea_data.h"
#include "core/layer/reparse_buffer.h"
#include "core/layer/windows_tar/windows_tar_writer.h"

namespace hcs::integration {
namespace {

using layer::BackupStreamId;
using layer::LayerEntry;
using layer::MakeDirectory;
using layer::MakeFile;
using layer::WholeEntry;

std::string Stream(BackupStreamId id, std::string_view data, std::u16string name = {}) {
  std::string bytes;
  const auto rule = layer::AppendBackupStreamHeader(
      {.id = id, .size = data.size(), .name = std::move(name)}, &bytes);
  REQUIRE_FALSE(rule);
  return bytes.append(data);
}

// In the order in which a tar's reader gives them.
std::string EveryStream(std::string_view content) {
  const auto attributes = layer::BuildEaData({{0, "HCSD.TEST", "value"}});
  REQUIRE(attributes.ok());
  return Stream(BackupStreamId::kSecurityData, "a security descriptor") +
         Stream(BackupStreamId::kEaData, *attributes) +
         Stream(BackupStreamId::kObjectId, std::string(64, 'o')) +
         Stream(BackupStreamId::kData, content) +
         Stream(BackupStreamId::kAlternateData, "internet", u":zone:$DATA");
}

WholeEntry SymbolicLink(std::string name) {
  const auto buffer = layer::BuildReparseBuffer(
      layer::ReparseLink{layer::kSymbolicLinkTag, u"target", u"target", true});
  REQUIRE(buffer.ok());
  return MakeFile(std::move(name), Stream(BackupStreamId::kReparseData, *buffer), 0,
                  layer::kAttributeArchive | layer::kAttributeReparsePoint);
}

v1::LayerEntry MessageOf(const LayerEntry& entry) {
  v1::LayerEntry message;
  message.set_kind(static_cast<v1::LayerEntryKind>(static_cast<int>(entry.kind) + 1));
  message.set_name(entry.name);
  message.set_link_target(entry.link_target);
  message.set_creation_time(entry.basic_info.CreationTime);
  message.set_last_access_time(entry.basic_info.LastAccessTime);
  message.set_last_write_time(entry.basic_info.LastWriteTime);
  message.set_change_time(entry.basic_info.ChangeTime);
  message.set_attributes(entry.basic_info.FileAttributes);
  message.set_size(entry.size);
  return message;
}

WholeEntry EntryOf(const v1::LayerEntry& message) {
  WholeEntry whole;
  whole.entry.kind = static_cast<LayerEntry::Kind>(message.kind() - 1);
  whole.entry.name = message.name();
  whole.entry.link_target = message.link_target();
  whole.entry.basic_info = {message.creation_time(),   message.last_access_time(),
                            message.last_write_time(), message.change_time(),
                            message.attributes(),      0};
  whole.entry.size = message.size();
  return whole;
}

}  // namespace

std::vector<WholeEntry> TarEntries() {
  std::string large(3'000'000, '\0');
  for (size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * i >> 7);
  return {MakeDirectory("Files"),
          MakeDirectory("Files\\Windows"),
          MakeFile("Files\\Windows\\every", EveryStream("content"), 7, 0x23),
          MakeFile("Files\\Windows\\large", large),
          MakeFile("Files\\empty", "", 0),
          SymbolicLink("Files\\link"),
          MakeFile("Files\\\xC3\xBCn\xC3\xAF", "unicode"),
          MakeDirectory("Hives"),
          MakeFile("Hives\\System_Base", "a hive")};
}

std::vector<WholeEntry> EntriesOverParent() {
  return {MakeDirectory("Files"),
          MakeFile("Files\\new", "new"),
          layer::MakeLink("Files\\other", "Files\\new"),
          layer::MakeLink("Files\\parents", "Files\\empty"),
          MakeDirectory("Files\\Windows"),
          layer::MakeRemoved("Files\\Windows\\large")};
}

std::string TarOf(const std::vector<WholeEntry>& entries) {
  std::string tar;
  layer::WindowsTarWriter writer([&tar](std::string_view bytes) {
    tar += bytes;
    return absl::OkStatus();
  });
  const absl::Status written = layer::WriteAll(entries, &writer);
  CHECK(written.message() == "");
  REQUIRE(writer.Commit().ok());
  return tar;
}

std::string Compressed(const std::string& raw, layer::Compression compression) {
  layer::Compressor compressor(compression);
  std::string bytes;
  compressor.Append(raw, &bytes);
  compressor.Finish(&bytes);
  return bytes;
}

std::string DigestOf(std::string_view bytes) {
  layer::Sha256 digest;
  digest.Update(bytes);
  return digest.Digest();
}

v1::ImportLayerSpec TarSpec(const Layers& layers, const std::string& id) {
  auto spec = layers.Named<v1::ImportLayerSpec>(id);
  spec.set_format(v1::LAYER_FORMAT_TAR);
  return spec;
}

v1::ImportLayerSpec EntriesSpec(const Layers& layers, const std::string& id) {
  auto spec = layers.Named<v1::ImportLayerSpec>(id);
  spec.set_format(v1::LAYER_FORMAT_ENTRIES);
  return spec;
}

v1::ImportLayerRequest SpecMessage(const v1::ImportLayerSpec& spec) {
  v1::ImportLayerRequest message;
  *message.mutable_spec() = spec;
  return message;
}

v1::ImportLayerRequest TarMessage(std::string bytes) {
  v1::ImportLayerRequest message;
  message.set_tar(std::move(bytes));
  return message;
}

v1::ImportLayerRequest DoneMessage() {
  v1::ImportLayerRequest message;
  message.mutable_done();
  return message;
}

v1::ImportLayerRequest EntryMessage(const WholeEntry& whole) {
  v1::ImportLayerRequest message;
  v1::LayerPart* part = message.mutable_content()->add_parts();
  *part->mutable_entry() = MessageOf(whole.entry);
  part->set_stream(whole.stream);
  return message;
}

Imported Send(Layers& layers, const std::vector<v1::ImportLayerRequest>& messages) {
  Imported imported;
  Call call;
  const auto writer = layers.stub().ImportLayer(call.context(), &imported.response);
  for (const auto& message : messages) {
    if (!writer->Write(message)) break;
  }
  writer->WritesDone();
  imported.status = writer->Finish();
  return imported;
}

Imported ImportTar(Layers& layers, const v1::ImportLayerSpec& spec, std::string_view tar,
                   size_t piece) {
  std::vector<v1::ImportLayerRequest> messages{SpecMessage(spec)};
  for (; !tar.empty(); tar.remove_prefix(std::min(piece, tar.size()))) {
    messages.push_back(TarMessage(std::string(tar.substr(0, piece))));
  }
  messages.push_back(DoneMessage());
  return Send(layers, messages);
}

// A stream's first half comes with its entry, the second with the next.
Imported ImportEntries(Layers& layers, const v1::ImportLayerSpec& spec,
                       const std::vector<WholeEntry>& entries) {
  std::vector<v1::ImportLayerRequest> messages{SpecMessage(spec)};
  std::string rest;
  for (const WholeEntry& whole : entries) {
    v1::ImportLayerRequest message;
    if (!rest.empty()) message.mutable_content()->add_parts()->set_stream(rest);
    v1::LayerPart* part = message.mutable_content()->add_parts();
    *part->mutable_entry() = MessageOf(whole.entry);
    part->set_stream(whole.stream.substr(0, whole.stream.size() / 2));
    rest = whole.stream.substr(whole.stream.size() / 2);
    messages.push_back(std::move(message));
  }
  v1::ImportLayerRequest last;
  last.mutable_content()->add_parts()->set_stream(rest);
  messages.push_back(std::move(last));
  messages.push_back(DoneMessage());
  return Send(layers, messages);
}

v1::ExportLayerRequest ExportRequest(const Layers& layers, const std::string& id,
                                     v1::LayerFormat format) {
  auto request = layers.Named<v1::ExportLayerRequest>(id);
  request.set_format(format);
  return request;
}

Exported Export(Layers& layers, const v1::ExportLayerRequest& request) {
  Exported exported;
  Call call;
  const auto reader = layers.stub().ExportLayer(call.context(), request);
  for (v1::ExportLayerResponse message; reader->Read(&message);) {
    exported.disordered |= exported.summaries != 0;
    exported.tar += message.tar();
    for (const v1::LayerPart& part : message.content().parts()) {
      if (part.has_entry()) exported.entries.push_back(EntryOf(part.entry()));
      exported.entries.back().stream += part.stream();
    }
    if (!message.has_summary()) continue;
    ++exported.summaries;
    exported.summary = message.summary();
  }
  exported.status = reader->Finish();
  return exported;
}

void CheckNothingLeft(Layers& layers) {
  CHECK(layers.Names().empty());
  CHECK(layers.Scratch().empty());
}

bool Mentions(const grpc::Status& status, const std::string& text) {
  if (status.error_message().find(text) != std::string::npos) return true;
  WARN(status.error_message());
  return false;
}

}  // namespace hcs::integration
