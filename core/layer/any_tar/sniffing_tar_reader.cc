#include "core/layer/any_tar/sniffing_tar_reader.h"

#include <algorithm>
#include <utility>

#include "core/layer/any_tar/layer_tar_format.h"

namespace hcs::layer {
namespace {

// Room for the extended headers that may stand before the first member.
size_t MaxStart(const TarLimits& limits) {
  return 4 * std::max(limits.max_extension_bytes, limits.max_name_bytes);
}

}  // namespace

void SniffingTarReader::Feed(std::string_view piece) {
  if (found_) return found_->Feed(piece);
  start_ += piece;
  // The caller's own memory: start_ may move.
  probe_.Feed(piece);
}

void SniffingTarReader::Finish() {
  if (found_) return found_->Finish();
  finished_ = true;
  probe_.Finish();
}

SniffingTarReader::Event SniffingTarReader::Next() {
  if (!found_) return error_.ok() ? Probe() : Event::kError;
  const Event event = found_->Next();
  if (event != Event::kNeedInput) return event;
  start_.clear();
  start_.shrink_to_fit();
  if (!std::exchange(finish_waits_, false)) return event;
  found_->Finish();
  return found_->Next();
}

SniffingTarReader::Event SniffingTarReader::Probe() {
  switch (probe_.Next()) {
    case TarReader::Event::kNeedInput:
      if (start_.size() <= MaxStart(options_.limits)) return Event::kNeedInput;
      error_ = absl::InvalidArgumentError(
          "the archive has too much in extended headers before its first entry");
      return Event::kError;
    // An archive without an entry is a layer without one, of either system.
    case TarReader::Event::kEnd:
    case TarReader::Event::kEntry: return Found();
    case TarReader::Event::kError: error_ = probe_.error(); return Event::kError;
    // Not before an entry.
    case TarReader::Event::kData:
    case TarReader::Event::kEntryEnd: break;
  }
  error_ = absl::InternalError("the archive has content before its first entry");
  return Event::kError;
}

SniffingTarReader::Event SniffingTarReader::Found() {
  found_ = MakeLayerTarReader(FormatOfFirstMember(probe_.entry().name), options_);
  finish_waits_ = finished_;
  found_->Feed(start_);
  return Next();
}

}  // namespace hcs::layer
