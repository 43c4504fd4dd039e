#include "core/layer/backup_stream/stream_reader.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "core/layer/backup_stream/little_endian.h"

namespace hcs::layer {
namespace {

constexpr size_t kAttributesField = 4;
constexpr size_t kSizeField = 8;
constexpr size_t kNameSizeField = 16;

}  // namespace

std::string BackupStreamError::ToString() const {
  return "backup stream, byte " + std::to_string(offset) + ": " + rule;
}

void BackupStreamReader::Feed(std::string_view piece) {
  assert(input_.empty() && !finished_);
  input_ = piece;
}

void BackupStreamReader::Finish() {
  assert(input_.empty());
  finished_ = true;
}

BackupStreamReader::Event BackupStreamReader::Next() {
  switch (state_) {
    case State::kHeader: return NextInHeader();
    case State::kData: return NextInData();
    case State::kEnded: return Event::kEnd;
    case State::kFailed: break;
  }
  return Event::kError;
}

BackupStreamReader::Event BackupStreamReader::NextInHeader() {
  if (!GatherHeader()) return EndOfInput();
  if (gathered_ == kStreamHeaderBytes) {
    if (!CheckFixedPartOfHeader()) return Event::kError;
    if (!GatherHeader()) return EndOfInput();
  }
  if (!DecodeHeader()) return Event::kError;
  gathered_ = 0;
  needed_ = kStreamHeaderBytes;
  data_told_ = 0;
  state_ = State::kData;
  return Event::kHeader;
}

BackupStreamReader::Event BackupStreamReader::NextInData() {
  if (data_told_ == header_.size) {
    state_ = State::kHeader;
    return Event::kStreamEnd;
  }
  data_ = Take(header_.size - data_told_);
  if (data_.empty()) return EndOfInput();
  data_offset_ = std::exchange(data_told_, data_told_ + data_.size());
  return Event::kData;
}

BackupStreamReader::Event BackupStreamReader::EndOfInput() {
  if (!finished_) return Event::kNeedInput;
  if (state_ == State::kData) {
    return Fail(position_, "the stream's data is cut off after " + std::to_string(data_told_) +
                               " of " + std::to_string(header_.size) + " bytes");
  }
  if (gathered_ > 0) {
    return Fail(position_, "a stream's header is cut off after " + std::to_string(gathered_) +
                               " of at least " + std::to_string(needed_) + " bytes");
  }
  state_ = State::kEnded;
  return Event::kEnd;
}

BackupStreamReader::Event BackupStreamReader::Fail(uint64_t offset, std::string rule) {
  state_ = State::kFailed;
  input_ = {};
  error_ = {offset, std::move(rule)};
  return Event::kError;
}

// True when all bytes that are needed are there.
bool BackupStreamReader::GatherHeader() {
  const std::string_view taken = Take(needed_ - gathered_);
  std::copy(taken.begin(), taken.end(), bytes_.begin() + static_cast<ptrdiff_t>(gathered_));
  gathered_ += taken.size();
  return gathered_ == needed_;
}

// Checks what the fixed part claims before anything is done by it.
bool BackupStreamReader::CheckFixedPartOfHeader() {
  const std::string_view bytes(bytes_.data(), gathered_);
  const auto id = LoadLittleEndian<uint32_t>(bytes, 0);
  const auto name_bytes = LoadLittleEndian<uint32_t>(bytes, kNameSizeField);
  const uint64_t begin = position_ - gathered_;
  if (auto broken = CheckFixedPart(id, LoadLittleEndian<uint64_t>(bytes, kSizeField), name_bytes)) {
    Fail(begin + broken->field_offset, std::move(broken->rule));
    return false;
  }
  const bool sparse = static_cast<BackupStreamId>(id) == BackupStreamId::kSparseBlock;
  if (sparse && !content_seen_) {
    Fail(begin, "a sparse block must follow the data stream that it belongs to");
    return false;
  }
  needed_ += name_bytes + (sparse ? kSparseOffsetBytes : 0);
  return true;
}

bool BackupStreamReader::DecodeHeader() {
  const std::string_view bytes(bytes_.data(), gathered_);
  const size_t name_bytes = LoadLittleEndian<uint32_t>(bytes, kNameSizeField);
  header_.id = static_cast<BackupStreamId>(LoadLittleEndian<uint32_t>(bytes, 0));
  header_.attributes = LoadLittleEndian<uint32_t>(bytes, kAttributesField);
  header_.size = LoadLittleEndian<uint64_t>(bytes, kSizeField);
  header_.name = LoadUtf16(bytes.substr(kStreamHeaderBytes, name_bytes));
  header_.sparse_offset = 0;
  if (header_.id == BackupStreamId::kSparseBlock) {
    header_.size -= kSparseOffsetBytes;
    header_.sparse_offset = LoadLittleEndian<uint64_t>(bytes, kStreamHeaderBytes + name_bytes);
    if (auto rule = CheckSparseRange(header_.sparse_offset, header_.size)) {
      Fail(position_ - kSparseOffsetBytes, *std::move(rule));
      return false;
    }
  }
  content_seen_ |= IsContent(header_.id);
  return true;
}

// The next bytes of the input, no more than `at_most`.
std::string_view BackupStreamReader::Take(uint64_t at_most) {
  const std::string_view taken =
      input_.substr(0, static_cast<size_t>(std::min<uint64_t>(at_most, input_.size())));
  input_.remove_prefix(taken.size());
  position_ += taken.size();
  return taken;
}

}  // namespace hcs::layer
