#include "core/emulator/layers/exported_entry.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string_view>
#include <utility>

#include "core/emulator/errno_status.h"
#include "core/emulator/layers/disk_attributes.h"
#include "core/emulator/layers/linux_metadata.h"
#include "core/layer/backup_stream/file_info.h"
#include "core/layer/backup_stream/stream_header.h"

namespace hcs::emulator {
namespace {

using layer::BackupStreamId;
using platform::UniqueFd;

constexpr mode_t kRights = 07777;

bool IsOfTime(const timespec& time, int64_t file_time) {
  const timespec expected = DiskTime(file_time);
  return time.tv_sec == expected.tv_sec && time.tv_nsec == expected.tv_nsec;
}

// A stream of its header and `data`.
std::string Stream(BackupStreamId id, std::string_view data) {
  std::string bytes;
  layer::AppendBackupStreamHeader({.id = id, .size = data.size(), .name = {}}, &bytes);
  return bytes.append(data);
}

std::string ContentHeader(uint64_t size) {
  std::string bytes;
  layer::AppendBackupStreamHeader({.id = BackupStreamId::kData, .size = size, .name = {}}, &bytes);
  return bytes;
}

Status OpenContent(const DiskFile& file, ExportStream* stream) {
  UniqueFd content(
      openat(file.folder, file.name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!content) return ErrnoStatus(errno, file.name);
  stream->SetContent(std::move(content));
  return {};
}

// A file or folder; empty for anything else.
UniqueFd OpenForAttributes(const DiskFile& file) {
  if (!S_ISREG(file.status.st_mode) && !S_ISDIR(file.status.st_mode)) return {};
  return UniqueFd(
      openat(file.folder, file.name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
}

// The data of a stored stream, without its header.
Outcome<std::string> StoredData(const StoredMetadata& metadata, const StreamPiece& piece) {
  std::string bytes(piece.length, '\0');
  if (Status status =
          BufferedFile::Read(metadata.streams, piece.offset, bytes.data(), bytes.size());
      !status.ok()) {
    return status;
  }
  return bytes.size() < layer::kStreamHeaderBytes ? std::string()
                                                  : bytes.substr(layer::kStreamHeaderBytes);
}

// Those that were imported and that the file system cannot hold still count.
LinuxAttributes CurrentAttributes(int file, const LinuxAttributes& imported) {
  LinuxAttributes now = ReadAttributes(file);
  for (const auto& attribute : imported) {
    if (std::ranges::count(now, attribute.first, &LinuxAttributes::value_type::first) > 0) continue;
    if (!MayHaveAttribute(file, attribute.first)) now.push_back(attribute);
  }
  std::ranges::sort(now);
  return now;
}

// What the file's mode, owner and attributes are now, as far as this user could have set
// what was imported: otherwise that still holds.
LinuxMetadata CurrentMetadata(const DiskFile& file, const LinuxMetadata& imported) {
  LinuxMetadata now = imported;
  if (imported.mode && !S_ISLNK(file.status.st_mode)) {
    now.mode = (*imported.mode & ~kRights) | (file.status.st_mode & kRights);
  }
  if (geteuid() != 0) return now;
  if (imported.user) now.user = file.status.st_uid;
  if (imported.group) now.group = file.status.st_gid;
  if (const UniqueFd open_file = OpenForAttributes(file); open_file && imported.mode) {
    now.attributes = CurrentAttributes(open_file.get(), imported.attributes);
  }
  return now;
}

Status AddAttributes(const DiskFile& file, const StoredMetadata& metadata, const StreamPiece& piece,
                     ExportStream* stream) {
  const Outcome<std::string> data = StoredData(metadata, piece);
  if (!data.ok()) return data.failure();
  LinuxMetadata imported = ParseLinuxAttributes(*data);
  std::ranges::sort(imported.attributes);
  const LinuxMetadata now = CurrentMetadata(file, imported);
  if (now == imported) {
    stream->AddStored(metadata.streams, piece.offset, piece.length);
  } else {
    stream->AddBytes(Stream(BackupStreamId::kEaData, WithLinuxAttributes(*data, now)));
  }
  return {};
}

// Adds the pieces; of content, those of `new_size` when it has changed.
Status AddPieces(const DiskFile& file, const StoredMetadata& metadata,
                 std::optional<uint64_t> new_size, ExportStream* stream) {
  bool content_told = !new_size;
  for (const StreamPiece& piece : metadata.record.pieces) {
    const bool content = piece.kind == StreamPiece::Kind::kContent ||
                         piece.kind == StreamPiece::Kind::kContentHeader;
    if (content && new_size) {
      if (std::exchange(content_told, true)) continue;
      stream->AddBytes(ContentHeader(*new_size));
      stream->AddContent(0, *new_size);
    } else if (piece.kind == StreamPiece::Kind::kContent) {
      stream->AddContent(piece.offset, piece.length);
    } else if (piece.kind == StreamPiece::Kind::kAttributes) {
      if (Status status = AddAttributes(file, metadata, piece, stream); !status.ok()) return status;
    } else {
      stream->AddStored(metadata.streams, piece.offset, piece.length);
    }
  }
  if (content_told) return {};
  stream->AddBytes(ContentHeader(*new_size));
  stream->AddContent(0, *new_size);
  return {};
}

bool IsSpecial(mode_t mode) { return !S_ISREG(mode) && !S_ISDIR(mode); }

abi::FILE_BASIC_INFO InfoOf(const struct stat& status) {
  abi::FILE_BASIC_INFO info = {};
  // When it was made is not told by every file system, and an export is an access, too: so
  // that it is the same each time, both are told as the last write.
  info.CreationTime = info.LastAccessTime = info.LastWriteTime = FileTimeOf(status.st_mtim);
  info.ChangeTime = FileTimeOf(status.st_ctim);
  info.FileAttributes =
      S_ISDIR(status.st_mode) ? layer::kAttributeDirectory : layer::kAttributeArchive;
  if (IsSpecial(status.st_mode)) info.FileAttributes |= layer::kAttributeReparsePoint;
  return info;
}

}  // namespace

Status ExportWithMetadata(const DiskFile& file, const StoredMetadata& metadata,
                          ExportedEntry* entry, ExportStream* stream) {
  entry->info = metadata.record.info;
  entry->size = metadata.record.size;
  if (metadata.as_imported && S_ISDIR(file.status.st_mode)) {
    for (const StreamPiece& piece : metadata.record.pieces) {
      stream->AddStored(metadata.streams, piece.offset, piece.length);
    }
    return {};
  }
  const struct stat& status = file.status;
  const bool rewritten = !IsOfTime(status.st_mtim, entry->info.LastWriteTime);
  const bool changed =
      S_ISREG(status.st_mode) && (rewritten || status.st_size != metadata.record.size);
  if (rewritten) {
    entry->info.LastWriteTime = entry->info.LastAccessTime = FileTimeOf(status.st_mtim);
    entry->info.ChangeTime = FileTimeOf(status.st_ctim);
  }
  if (changed) {
    entry->size = status.st_size;
    entry->info.FileAttributes &= ~layer::kAttributeSparseFile;
  }
  if (S_ISREG(status.st_mode) && entry->size > 0) {
    if (Status opened = OpenContent(file, stream); !opened.ok()) return opened;
  }
  return AddPieces(
      file, metadata,
      changed ? std::optional<uint64_t>(static_cast<uint64_t>(entry->size)) : std::nullopt, stream);
}

Status ExportWithout(const DiskFile& file, bool with_linux_metadata, ExportedEntry* entry,
                     ExportStream* stream) {
  const struct stat& status = file.status;
  entry->info = InfoOf(status);
  LinuxMetadata linux_part = {.mode = status.st_mode,
                              .user = status.st_uid,
                              .group = status.st_gid,
                              .device = std::nullopt,
                              .attributes = {}};
  if (S_ISCHR(status.st_mode) || S_ISBLK(status.st_mode)) linux_part.device = status.st_rdev;
  if (const UniqueFd open_file = OpenForAttributes(file); open_file) {
    linux_part.attributes = ReadAttributes(open_file.get());
  }
  if (with_linux_metadata) {
    stream->AddBytes(Stream(BackupStreamId::kEaData, WithLinuxAttributes({}, linux_part)));
  }
  if (S_ISREG(status.st_mode)) {
    entry->size = status.st_size;
    stream->AddBytes(ContentHeader(static_cast<uint64_t>(status.st_size)));
    stream->AddContent(0, static_cast<uint64_t>(status.st_size));
    return OpenContent(file, stream);
  }
  if (!IsSpecial(status.st_mode)) return {};
  SpecialFile special = {.type = status.st_mode & static_cast<mode_t>(S_IFMT), .target = {}};
  if (S_ISLNK(status.st_mode)) {
    std::optional<std::string> target = ReadLink(file.folder, file.name);
    if (!target) return ErrnoStatus(errno, file.name);
    special.target = *std::move(target);
  }
  stream->AddBytes(Stream(BackupStreamId::kReparseData, LinuxReparse(special)));
  return {};
}

}  // namespace hcs::emulator
