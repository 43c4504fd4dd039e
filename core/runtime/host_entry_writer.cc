#include "core/runtime/host_entry_writer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/layer/layer_name.h"

namespace hcs::runtime {

using layer::LayerEntry;
using layer::NameKind;

absl::Status HostEntryWriter::Keep(absl::Status status) {
  if (!status.ok()) failure_ = status;
  return status;
}

absl::Status HostEntryWriter::Add(const LayerEntry& entry) {
  if (!failure_.ok()) return failure_;
  if (absl::Status status = EndEntry(); !status.ok()) return Keep(status);
  return Keep(AddEntry(entry));
}

absl::Status HostEntryWriter::Write(std::string_view piece) {
  if (!failure_.ok()) return failure_;
  if (!stream_) return Keep(absl::FailedPreconditionError("no file was added to write to"));
  if (absl::Status status = stream_->Feed(piece); !status.ok()) return Keep(status);
  return Keep(import_->Write(piece));
}

absl::Status HostEntryWriter::Commit() {
  if (!failure_.ok()) return failure_;
  if (absl::Status status = EndEntry(); !status.ok()) return Keep(status);
  if (absl::Status status = import_->End(); !status.ok()) return Keep(status);
  failure_ = absl::FailedPreconditionError("the layer has been committed");
  return absl::OkStatus();
}

absl::Status HostEntryWriter::EndEntry() {
  if (!stream_) return absl::OkStatus();
  absl::Status whole = stream_->Finish();
  stream_.reset();
  return whole;
}

absl::Status HostEntryWriter::AddEntry(const LayerEntry& entry) {
  if (absl::Status status = layer::CheckLayerName(entry.name); !status.ok()) return status;
  if (entry.kind == LayerEntry::Kind::kLink) return AddLink(entry);
  if (absl::Status status = outline_.Add(entry); !status.ok()) return status;
  if (entry.kind == LayerEntry::Kind::kRemoved) return Told(entry, import_->Remove(entry.name));
  stream_.emplace(entry.name);
  return Told(entry, import_->Add(entry.name, entry.basic_info));
}

// The host does not say which entry it means; and what is there already is the name, not the
// layer.
absl::Status HostEntryWriter::Told(const LayerEntry& entry, absl::Status status) const {
  if (status.ok()) return status;
  if (absl::IsAlreadyExists(status)) {
    return layer::InvalidName(entry.name, "must not be there twice, names without regard to case");
  }
  absl::Status named(status.code(),
                     absl::StrCat(status.message(), ": ", layer::QuotedName(entry.name)));
  status.ForEachPayload([&named](absl::string_view url, const absl::Cord& payload) {
    named.SetPayload(url, payload);
  });
  return named;
}

// The host is told nothing of it.
absl::Status HostEntryWriter::AddLink(const LayerEntry& entry) {
  if (absl::Status status = layer::CheckLayerName(entry.link_target); !status.ok()) return status;
  const bool own = outline_.Find(entry.link_target) == NameKind::kFile;
  if (absl::Status status = outline_.Add(entry); !status.ok()) return status;
  int parent = -1;
  if (!own) {
    const auto found = targets_.Find(entry.link_target);
    if (!found.ok()) return found.status();
    parent = *found;
  }
  if (!own && parent < 0) {
    return layer::InvalidName(
        entry.name,
        absl::StrCat("invalid hard link in layer: ", layer::QuotedName(entry.link_target),
                     " is neither in the layer so far nor in a parent"));
  }
  links_.push_back({entry.name, entry.link_target, parent});
  return absl::OkStatus();
}

}  // namespace hcs::runtime
