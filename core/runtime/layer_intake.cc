#include "core/runtime/layer_intake.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/document/invalid_field.h"
#include "core/layer/any_tar/layer_tar_format.h"
#include "core/runtime/layer_chain.h"
#include "core/runtime/layer_messages.h"
#include "core/runtime/layer_requests.h"
#include "core/runtime/layer_view.h"
#include "core/runtime/services.h"

namespace hcs::runtime {
namespace {

absl::Status CheckExpectations(const v1::ImportLayerSpec& spec) {
  absl::Status valid = CheckDigest("expected_digest", spec.expected_digest());
  if (valid.ok()) valid = CheckDigest("expected_diff_id", spec.expected_diff_id());
  if (!valid.ok()) return valid;
  if (spec.format() != v1::LAYER_FORMAT_ENTRIES) return absl::OkStatus();
  if (!spec.expected_digest().empty()) {
    return document::InvalidField("expected_digest", "must not be set: entries have none");
  }
  if (!spec.expected_diff_id().empty()) {
    return document::InvalidField("expected_diff_id", "must not be set: entries have none");
  }
  return absl::OkStatus();
}

std::unique_ptr<layer::LayerTarReader> ReaderOf(const WantedLayer& import) {
  return layer::MakeLayerTarReader(TarFormatOf(import.spec.format()),
                                   {.limits = {}, .has_parents = !import.parents.empty()});
}

// Of entries it is for the host to say.
layer::NameCase CaseOf(v1::LayerFormat format) {
  return format == v1::LAYER_FORMAT_TAR ? layer::NameCase::kIgnored : layer::NameCase::kCounts;
}

bool SameParents(const v1::LayerInfo& known, const std::vector<std::string>& parents) {
  return std::equal(
      known.parents().begin(), known.parents().end(), parents.begin(), parents.end(),
      [](const std::string& a, const std::string& b) { return LayerKey(a) == LayerKey(b); });
}

// By the diff id if one is expected: the same tar may have come compressed otherwise.
bool SameContent(const v1::LayerInfo& known, const v1::ImportLayerSpec& spec) {
  if (!spec.expected_diff_id().empty()) return known.diff_id() == spec.expected_diff_id();
  return !spec.expected_digest().empty() && known.digest() == spec.expected_digest();
}

v1::Event EventOf(const WantedLayer& import) {
  v1::Event event;
  event.set_layer_path(import.layer.path());
  event.mutable_layer_progress()->set_operation("ImportLayer");
  if (import.spec.has_total_bytes()) {
    event.mutable_layer_progress()->set_total_bytes(import.spec.total_bytes());
  }
  return event;
}

absl::Status Compare(const char* what, const std::string& expected, const std::string& found) {
  if (expected.empty() || expected == found) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("the tar that was sent has the ", what, " ", found,
                                          ", not the expected ", expected));
}

}  // namespace

absl::StatusOr<WantedLayer> WantedLayer::From(const v1::ImportLayerSpec& spec) {
  auto layer = AddressIn(spec);
  if (!layer.ok()) return layer.status();
  auto parents = CheckedParents(spec.parents(), 0);
  if (!parents.ok()) return parents.status();
  absl::Status valid = CheckLayerFormat(spec.format());
  if (valid.ok()) valid = CheckExpectations(spec);
  if (!valid.ok()) return valid;
  return WantedLayer{*std::move(layer), *std::move(parents), spec};
}

absl::StatusOr<std::optional<v1::ImportLayerResponse>> FindImported(Services& services,
                                                                    const WantedLayer& wanted) {
  const auto known = services.layer_ledger->Find(wanted.layer.path());
  if (!known || !SameContent(*known, wanted.spec) || !SameParents(*known, wanted.parents)) {
    return std::nullopt;
  }
  auto layer = LayerView(services).Describe(wanted.layer, {.size = false, .users = false});
  if (absl::IsNotFound(layer.status())) return std::nullopt;
  if (!layer.ok()) return layer.status();
  v1::ImportLayerResponse response;
  response.set_already_present(true);
  *response.mutable_layer() = *std::move(layer);
  return response;
}

LayerIntake::LayerIntake(Services& services, WantedLayer import,
                         std::unique_ptr<LayerContentWriter> writer)
    : services_(services),
      import_(std::move(import)),
      writer_(std::move(writer)),
      progress_(services, EventOf(import_)) {
  if (import_.spec.format() != v1::LAYER_FORMAT_ENTRIES) {
    tar_.emplace(ReaderOf(import_), writer_.get());
  }
}

absl::StatusOr<std::unique_ptr<LayerIntake>> LayerIntake::Begin(Services& services,
                                                                WantedLayer import) {
  auto writer = LayerContentWriter::Begin(services, import.layer, import.parents,
                                          CaseOf(import.spec.format()));
  if (!writer.ok()) return writer.status();
  return std::unique_ptr<LayerIntake>(
      new LayerIntake(services, std::move(import), *std::move(writer)));
}

absl::Status LayerIntake::Take(v1::ImportLayerRequest* message) {
  absl::Status status;
  switch (message->message_case()) {
    case v1::ImportLayerRequest::kTar:
      if (!tar_) return document::InvalidField("tar", "must not be sent: the format is ENTRIES");
      status = tar_->Feed(message->tar());
      progress_.Note(tar_->bytes().compressed_bytes(), tar_->entries());
      return status;
    case v1::ImportLayerRequest::kContent:
      if (tar_) return document::InvalidField("content", "must not be sent: the format is a tar");
      status = TakeContent(message->mutable_content());
      progress_.Note(stream_bytes_, entries_);
      return status;
    case v1::ImportLayerRequest::kSpec:
      return document::InvalidField("spec", "must be sent once, and first");
    default: return document::InvalidField("message", "must be set");
  }
}

absl::Status LayerIntake::TakeContent(v1::LayerContent* content) {
  for (v1::LayerPart& part : *content->mutable_parts()) {
    if (part.has_entry()) {
      const auto entry = FromMessage(std::move(*part.mutable_entry()));
      if (!entry.ok()) return entry.status();
      if (absl::Status added = writer_->Add(*entry); !added.ok()) return added;
      ++entries_;
    } else if (entries_ == 0) {
      return document::InvalidField("content.parts[0].entry", "must be set in the first part");
    }
    if (part.stream().empty()) continue;
    if (absl::Status written = writer_->Write(part.stream()); !written.ok()) return written;
    stream_bytes_ += part.stream().size();
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::ImportLayerResponse> LayerIntake::Finish() {
  v1::ImportLayerResponse response;
  if (tar_) {
    if (absl::Status finished = FinishTar(&response); !finished.ok()) return finished;
  } else {
    response.set_bytes(static_cast<int64_t>(stream_bytes_));
    response.set_raw_bytes(response.bytes());
    response.set_entries(static_cast<int64_t>(entries_));
  }
  if (absl::Status committed = writer_->Commit(); !committed.ok()) return committed;
  auto layer = LayerView(services_).Describe(import_.layer, {.size = false, .users = false});
  if (!layer.ok()) return layer.status();
  *response.mutable_layer() = *std::move(layer);
  return response;
}

absl::Status LayerIntake::FinishTar(v1::ImportLayerResponse* response) {
  if (absl::Status whole = tar_->Finish(); !whole.ok()) return whole;
  if (absl::Status as_expected = CheckDigests(); !as_expected.ok()) return as_expected;
  const layer::Decompressor& bytes = tar_->bytes();
  response->set_digest(bytes.CompressedDigest());
  response->set_diff_id(bytes.RawDigest());
  response->set_compression(ToMessage(bytes.compression()));
  response->set_bytes(static_cast<int64_t>(bytes.compressed_bytes()));
  response->set_raw_bytes(static_cast<int64_t>(bytes.raw_bytes()));
  response->set_entries(static_cast<int64_t>(tar_->entries()));
  writer_->SetDigests({response->digest(), response->diff_id()});
  return absl::OkStatus();
}

absl::Status LayerIntake::CheckDigests() const {
  absl::Status same =
      Compare("digest", import_.spec.expected_digest(), tar_->bytes().CompressedDigest());
  if (!same.ok()) return same;
  return Compare("diff id", import_.spec.expected_diff_id(), tar_->bytes().RawDigest());
}

}  // namespace hcs::runtime
