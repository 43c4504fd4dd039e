#include "core/emulator/layers/transport_import.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include "core/emulator/errno_status.h"
#include "core/emulator/layers/transport_files.h"
#include "core/emulator/state/state_files.h"
#include "core/layer/backup_stream/file_info.h"
#include "core/layer/backup_stream/little_endian.h"
#include "core/layer/backup_stream/stream_header.h"
#include "core/platform/case_mapping.h"
#include "core/platform/unicode.h"

namespace hcs::emulator {
namespace {

using platform::UniqueFd;

constexpr std::string_view kSuffix = kFolderSuffix;
constexpr off_t kMaxTombstonesBytes = 64 * 1024 * 1024;
constexpr std::u16string_view kRecycleBin = uR"(\FILES\$RECYCLE.BIN)";

Status InvalidData(const std::string& what, const char* rule) {
  return {abi::ERROR_INVALID_DATA, "transport folder: " + what + " " + rule};
}

// The folder, or its metadata.
bool IsRecycleBin(std::u16string_view name) {
  const std::u16string upper = platform::ToUpper(name);
  return upper == kRecycleBin || upper == std::u16string(kRecycleBin) + u".$WCIDIRS$";
}

}  // namespace

Status TransportImport::Run() {
  if (Status status = Enter(nullptr, {}, {}, Zone::kRoot); !status.ok()) return status;
  if (Status status = ImportTombstones(); !status.ok()) return status;
  while (!levels_.empty()) {
    Level& level = levels_.back();
    if (level.next == level.items.size()) {
      levels_.pop_back();
      continue;
    }
    const std::string item = level.items[level.next++];
    if (Status status = ImportItem(item); !status.ok()) return status;
  }
  return {};
}

Status TransportImport::ImportTombstones() {
  struct stat status {};
  const Outcome<UniqueFd> file =
      OpenTransportFile(levels_.back().folder.get(), kTombstonesFile, &status);
  if (!file.ok() && file.failure().code == abi::ERROR_FILE_NOT_FOUND) return {};
  if (!file.ok()) return file.failure();
  if (status.st_size > kMaxTombstonesBytes) return InvalidData(kTombstonesFile, "is too large");
  std::string text(static_cast<size_t>(status.st_size), '\0');
  if (pread(file->get(), text.data(), text.size(), 0) != status.st_size) {
    return ErrnoStatus(errno, kTombstonesFile);
  }
  const Outcome<std::vector<std::u16string>> names = ParseTombstones(text);
  if (!names.ok()) return names.failure();
  for (const std::u16string& name : *names) {
    if (Status removed = import_->Remove(name); !removed.ok()) return removed;
  }
  return {};
}

Status TransportImport::Enter(const Level* above, const std::string& item, std::u16string name,
                              Zone zone) {
  Level level = {std::move(name), zone, {}, {}, 0};
  level.folder = above == nullptr
                     ? UniqueFd(open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC))
                     : OpenStateFolder(above->folder.get(), item);
  if (!level.folder && above == nullptr && errno == ENOENT) {
    return {abi::ERROR_PATH_NOT_FOUND, "there is no folder " + path_};
  }
  if (!level.folder) return ErrnoStatus(errno, above == nullptr ? path_ : item);
  level.items = NamesIn(level.folder.get());
  std::ranges::sort(level.items);
  levels_.push_back(std::move(level));
  return {};
}

Status TransportImport::ImportItem(const std::string& item) {
  const Level& level = levels_.back();
  const std::optional<std::u16string> own = platform::Utf8ToUtf16Strict(item);
  if (!own) return InvalidData(item, "is not UTF-8");
  const std::u16string name = level.name + u"\\" + *own;
  struct stat status {};
  if (fstatat(level.folder.get(), item.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    return ErrnoStatus(errno, item);
  }
  const bool is_folder = S_ISDIR(status.st_mode);
  if (!is_folder && !S_ISREG(status.st_mode)) {
    return InvalidData(item, "is neither a file nor a folder");
  }
  if (IsRecycleBin(name)) return {};
  switch (level.zone) {
    case Zone::kRoot: return ImportInRoot(item, name);
    case Zone::kFiles: return ImportInFiles(item, name, is_folder);
    case Zone::kUtilityVm:
      if (item != "Files" || !is_folder) return InvalidData(item, "has no place in UtilityVM");
      return ImportPlain(item, name, is_folder);
    case Zone::kPlain: return ImportPlain(item, name, is_folder);
  }
  return {};
}

Status TransportImport::ImportInRoot(const std::string& item, const std::u16string& name) {
  if (item == kTombstonesFile) return {};
  if (item != "Files" && item != "Hives" && item != "UtilityVM") {
    return InvalidData(item, "has no place in it");
  }
  if (Status status = ImportPlain(item, name, /*is_folder=*/true); !status.ok()) return status;
  if (item == "Files") levels_.back().zone = Zone::kFiles;
  if (item == "UtilityVM") levels_.back().zone = Zone::kUtilityVm;
  return {};
}

Status TransportImport::ImportInFiles(const std::string& item, const std::u16string& name,
                                      bool is_folder) {
  if (is_folder) {
    if (Status status = ImportStored(item + kFolderSuffix, name, true); !status.ok()) {
      if (status.code != abi::ERROR_FILE_NOT_FOUND) return status;
      return InvalidData(item, "has no metadata beside it");
    }
    return Enter(&levels_.back(), item, name, Zone::kFiles);
  }
  if (!item.ends_with(kSuffix)) return ImportStored(item, name, false);
  const std::string folder = item.substr(0, item.size() - kSuffix.size());
  const std::vector<std::string>& items = levels_.back().items;
  struct stat status {};
  if (std::ranges::binary_search(items, folder) &&
      fstatat(levels_.back().folder.get(), folder.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
      S_ISDIR(status.st_mode)) {
    return {};  // It is read with the folder.
  }
  return ImportStored(item, name.substr(0, name.size() - kSuffix.size()), true);
}

// A file of attributes and backup stream.
Status TransportImport::ImportStored(const std::string& file, const std::u16string& name,
                                     bool is_folder) {
  struct stat status {};
  const Outcome<UniqueFd> opened = OpenTransportFile(levels_.back().folder.get(), file, &status);
  if (!opened.ok()) return opened.failure();
  std::string header(kTransportHeaderBytes, '\0');
  if (pread(opened->get(), header.data(), header.size(), 0) !=
      static_cast<ssize_t>(header.size())) {
    return InvalidData(file, "is shorter than its attributes");
  }
  abi::FILE_BASIC_INFO info = InfoOfTransportFile(opened->get(), status);
  info.FileAttributes = layer::LoadLittleEndian<uint32_t>(header, 0);
  if (((info.FileAttributes & layer::kAttributeDirectory) != 0) != is_folder) {
    return InvalidData(file, "is of another kind than its attributes say");
  }
  if (Status added = import_->Add(name, info); !added.ok()) return added;
  return CopyStream(opened->get(), kTransportHeaderBytes);
}

// A file or folder as the machine has it.
Status TransportImport::ImportPlain(const std::string& item, const std::u16string& name,
                                    bool is_folder) {
  if (is_folder) {
    if (Status status = Enter(&levels_.back(), item, name, Zone::kPlain); !status.ok()) {
      return status;
    }
    struct stat found {};
    const int folder = levels_.back().folder.get();
    if (fstat(folder, &found) != 0) return ErrnoStatus(errno, item);
    return import_->Add(name, InfoOfTransportFile(folder, found));
  }
  struct stat found {};
  const Outcome<UniqueFd> file = OpenTransportFile(levels_.back().folder.get(), item, &found);
  if (!file.ok()) return file.failure();
  if (Status status = import_->Add(name, InfoOfTransportFile(file->get(), found)); !status.ok()) {
    return status;
  }
  if (found.st_size == 0) return {};
  std::string header;
  layer::AppendBackupStreamHeader({.size = static_cast<uint64_t>(found.st_size), .name = {}},
                                  &header);
  if (Status status = import_->Write(header); !status.ok()) return status;
  return CopyStream(file->get(), 0);
}

Status TransportImport::CopyStream(int file, uint64_t offset) {
  for (;;) {
    const ssize_t count = pread(file, buffer_.data(), buffer_.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return ErrnoStatus(errno, "reading the transport folder");
    if (count == 0) return {};
    offset += static_cast<uint64_t>(count);
    const std::string_view piece(buffer_.data(), static_cast<size_t>(count));
    if (Status status = import_->Write(piece); !status.ok()) return status;
  }
}

}  // namespace hcs::emulator
