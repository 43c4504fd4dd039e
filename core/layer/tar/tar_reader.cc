#include "core/layer/tar/tar_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/layer/tar/pax_field.h"
#include "core/layer/tar/pax_records.h"
#include "core/layer/tar/tar_header.h"

namespace hcs::layer {
namespace {

// So that offsets in any archive stay numbers.
constexpr uint64_t kMaxSize = uint64_t{1} << 62;

std::string Printable(std::string_view name) {
  constexpr size_t kMostBytes = 200;
  std::string text = absl::CHexEscape(absl::string_view(name.data(), name.size()));
  if (text.size() > kMostBytes) text = text.substr(0, kMostBytes) + "...";
  return text;
}

bool IsExtension(char type) { return type == 'x' || type == 'g' || type == 'L' || type == 'K'; }

size_t BytesOf(const std::vector<PaxRecord>& records) {
  size_t bytes = 0;
  for (const PaxRecord& record : records) bytes += record.key.size() + record.value.size();
  return bytes;
}

void RemoveSlashesAtEnd(std::string* name) {
  const size_t last = name->find_last_not_of('/');
  if (last != std::string::npos) name->resize(last + 1);
}

}  // namespace

TarReader::Event TarReader::Next() {
  data_ = {};
  switch (state_) {
    case State::kHeader: return NextInHeader();
    case State::kExtension: return NextInExtension();
    case State::kContent: return NextInContent();
    case State::kPadding: return NextInPadding();
    case State::kEnded: input_ = {}; return finished_ ? Event::kEnd : Event::kNeedInput;
    case State::kFailed: return Event::kError;
  }
  return Event::kError;
}

TarReader::Event TarReader::NextInHeader() {
  while (state_ == State::kHeader) {
    if (gathered_.empty() && !entry_begun_) entry_offset_ = position_;
    const std::optional<std::string_view> block = Gather(kTarBlockBytes);
    if (!block) return EndOfInput();
    const std::optional<Event> event = ReadHeader(*block);
    gathered_.clear();
    if (event) return *event;
  }
  return Next();
}

// Nothing: the state says how to go on.
std::optional<TarReader::Event> TarReader::ReadHeader(std::string_view block) {
  if (IsZeroBlock(block)) {
    if (entry_begun_) return Fail("the archive ends between its extended and its own header");
    if (zero_block_seen_) state_ = State::kEnded;
    zero_block_seen_ = true;
    return std::nullopt;
  }
  if (zero_block_seen_) return Fail("a single block of zeros stands before it");
  absl::StatusOr<TarHeader> header = ParseTarHeader(block);
  if (!header.ok()) return Fail(std::string(header.status().message()));
  entry_begun_ = true;
  if (IsExtension(header->type)) {
    const absl::Status begun = BeginExtension(header->type, header->fields.size);
    if (!begun.ok()) return Fail(std::string(begun.message()));
    return std::nullopt;
  }
  entry_ = std::move(header->fields);
  entry_named_ = true;
  absl::Status status = ApplyExtensions();
  if (status.ok()) status = SetType(header->type);
  if (status.ok()) status = CheckEntry();
  if (!status.ok()) return Fail(std::string(status.message()));
  content_left_ = entry_.size;
  padding_left_ = PaddingOf(entry_.size);
  state_ = State::kContent;
  return Event::kEntry;
}

absl::Status TarReader::BeginExtension(char type, uint64_t size) {
  const bool pax = type == 'x' || type == 'g';
  // GNU's long names end with a NUL.
  const size_t limit = pax ? limits_.max_extension_bytes : limits_.max_name_bytes + 1;
  if (size > limit) {
    return absl::InvalidArgumentError(absl::StrCat(pax ? "its PAX header" : "its long name",
                                                   " has ", size, " bytes, more than the limit of ",
                                                   limit));
  }
  const bool twice = (type == 'x' && own_records_) || (type == 'L' && long_name_) ||
                     (type == 'K' && long_link_name_);
  if (twice) return absl::InvalidArgumentError("it has two extended headers of one kind");
  extension_type_ = type;
  extension_size_ = static_cast<size_t>(size);
  state_ = State::kExtension;
  return absl::OkStatus();
}

TarReader::Event TarReader::NextInExtension() {
  const std::optional<std::string_view> body = Gather(extension_size_);
  if (!body) return EndOfInput();
  const absl::Status status = ReadExtension(*body);
  gathered_.clear();
  gathered_.shrink_to_fit();
  if (!status.ok()) return Fail(std::string(status.message()));
  padding_left_ = PaddingOf(extension_size_);
  state_ = State::kPadding;
  return Next();
}

absl::Status TarReader::ReadExtension(std::string_view body) {
  if (extension_type_ == 'L' || extension_type_ == 'K') {
    auto& target = extension_type_ == 'L' ? long_name_ : long_link_name_;
    target = std::string(body.substr(0, body.find('\0')));
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<PaxRecord>> records = ParsePaxRecords(body);
  if (!records.ok()) return records.status();
  if (records->size() > limits_.max_records) {
    return absl::InvalidArgumentError(
        absl::StrCat("its PAX header has more than ", limits_.max_records, " records"));
  }
  if (extension_type_ == 'g') return ReadGlobalRecords(*std::move(records));
  own_records_ = *std::move(records);
  return absl::OkStatus();
}

absl::Status TarReader::ReadGlobalRecords(std::vector<PaxRecord> records) {
  for (PaxRecord& record : records) MergeRecord(std::move(record), &global_records_);
  if (BytesOf(global_records_) > limits_.max_global_bytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("the global PAX records have more than ", limits_.max_global_bytes, " bytes"));
  }
  // A global header is no part of the entry that follows it.
  entry_begun_ = own_records_ || long_name_ || long_link_name_;
  return absl::OkStatus();
}

absl::Status TarReader::ApplyExtensions() {
  if (long_name_) entry_.name = *std::exchange(long_name_, std::nullopt);
  if (long_link_name_) entry_.link_name = *std::exchange(long_link_name_, std::nullopt);
  std::vector<PaxRecord> records = global_records_;
  if (own_records_) {
    for (PaxRecord& record : *own_records_) MergeRecord(std::move(record), &records);
    own_records_.reset();
  }
  if (records.size() > limits_.max_records) {
    return absl::InvalidArgumentError(
        absl::StrCat("it has more than ", limits_.max_records, " PAX records"));
  }
  // The name first, for the messages of the others.
  if (const auto path = RecordOf(records, "path")) entry_.name = *path;
  for (PaxRecord& record : records) {
    if (absl::Status status = ApplyRecord(std::move(record)); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status TarReader::ApplyRecord(PaxRecord record) {
  const absl::StatusOr<bool> is_field = SetPaxField(record, &entry_);
  if (!is_field.ok()) return is_field.status();
  if (!*is_field) entry_.records.push_back(std::move(record));
  return absl::OkStatus();
}

absl::Status TarReader::SetType(char type) {
  switch (type) {
    case '\0':  // V7's file; "7" is contiguous, which no system has.
    case '0':
    case '7':
      // Before ustar, a directory was a file with a '/' at its end.
      entry_.type = entry_.name.ends_with('/') ? TarType::kDirectory : TarType::kFile;
      if (entry_.type == TarType::kDirectory && entry_.size != 0) {
        return absl::InvalidArgumentError("a file's name must not end with '/'");
      }
      break;
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6': entry_.type = static_cast<TarType>(type); break;
    case 'S': return absl::InvalidArgumentError("sparse files (GNU's type S) are not supported");
    case 'M':
    case 'V': return absl::InvalidArgumentError("multi-volume archives are not supported");
    default:
      return absl::InvalidArgumentError(
          absl::StrCat("its type, byte ", static_cast<uint8_t>(type), ", is not one of POSIX"));
  }
  if (entry_.type == TarType::kHardLink && entry_.size != 0) {
    return absl::InvalidArgumentError("a hard link must have no content");
  }
  // POSIX: a directory's size is room that was set aside; the others' have no meaning.
  if (entry_.type != TarType::kFile) entry_.size = 0;
  if (entry_.type == TarType::kDirectory) RemoveSlashesAtEnd(&entry_.name);
  const bool device =
      entry_.type == TarType::kCharacterDevice || entry_.type == TarType::kBlockDevice;
  if (!device) entry_.device_major = entry_.device_minor = 0;
  const bool link = entry_.type == TarType::kHardLink || entry_.type == TarType::kSymbolicLink;
  if (!link) entry_.link_name.clear();
  return absl::OkStatus();
}

absl::Status TarReader::CheckEntry() const {
  const bool link = entry_.type == TarType::kHardLink || entry_.type == TarType::kSymbolicLink;
  if (entry_.name.empty()) return absl::InvalidArgumentError("its name must not be empty");
  if (link && entry_.link_name.empty()) {
    return absl::InvalidArgumentError("a link's target must not be empty");
  }
  if (std::max(entry_.name.size(), entry_.link_name.size()) > limits_.max_name_bytes) {
    return absl::InvalidArgumentError(absl::StrCat("its name or its link's target has more than ",
                                                   limits_.max_name_bytes, " bytes"));
  }
  if (entry_.size > kMaxSize) {
    return absl::InvalidArgumentError(
        absl::StrCat("its size, ", entry_.size, ", must be at most ", kMaxSize));
  }
  return absl::OkStatus();
}

TarReader::Event TarReader::NextInContent() {
  if (content_left_ == 0) {
    state_ = State::kPadding;
    entry_begun_ = entry_named_ = false;
    ++entry_number_;
    return Event::kEntryEnd;
  }
  data_ = Take(content_left_);
  if (data_.empty()) return EndOfInput();
  content_left_ -= data_.size();
  return Event::kData;
}

TarReader::Event TarReader::NextInPadding() {
  padding_left_ -= Take(padding_left_).size();
  if (padding_left_ > 0) return EndOfInput();
  state_ = State::kHeader;
  return NextInHeader();
}

TarReader::Event TarReader::EndOfInput() {
  if (!finished_) return Event::kNeedInput;
  const bool before_padding = state_ == State::kPadding && limits_.end_may_be_missing &&
                              padding_left_ == PaddingOf(entry_.size);
  const bool between =
      (state_ == State::kHeader || before_padding) && gathered_.empty() && !entry_begun_;
  if (between && limits_.end_may_be_missing) {
    state_ = State::kEnded;
    return Event::kEnd;
  }
  return Fail(between ? "the archive is truncated: it must end with two blocks of zeros"
                      : "the archive is truncated in the middle of it");
}

TarReader::Event TarReader::Fail(std::string_view rule) {
  const std::string name = entry_named_ ? absl::StrCat(" ('", Printable(entry_.name), "')") : "";
  error_ = absl::InvalidArgumentError(absl::StrCat("tar entry ", entry_number_, name, ", at byte ",
                                                   entry_offset_, ": ", std::string(rule)));
  state_ = State::kFailed;
  return Event::kError;
}

std::string_view TarReader::Take(uint64_t at_most) {
  const std::string_view taken =
      input_.substr(0, static_cast<size_t>(std::min<uint64_t>(at_most, input_.size())));
  input_.remove_prefix(taken.size());
  position_ += taken.size();
  return taken;
}

// The next `size` bytes: a view, of input_ when they are all there and else of gathered_.
std::optional<std::string_view> TarReader::Gather(size_t size) {
  if (gathered_.empty() && input_.size() >= size) return Take(size);
  gathered_ += Take(size - gathered_.size());
  if (gathered_.size() < size) return std::nullopt;
  return gathered_;
}

}  // namespace hcs::layer
