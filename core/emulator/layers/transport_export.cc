#include "core/emulator/layers/transport_export.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <string_view>

#include "core/emulator/errno_status.h"
#include "core/emulator/layers/file_content.h"
#include "core/emulator/layers/transport_files.h"
#include "core/emulator/state/state_files.h"
#include "core/layer/backup_stream/file_info.h"
#include "core/layer/backup_stream/little_endian.h"
#include "core/layer/backup_stream/stream_reader.h"
#include "core/platform/case_mapping.h"
#include "core/platform/unicode.h"

namespace hcs::emulator {
namespace {

using layer::BackupStreamReader;
using platform::UniqueFd;

constexpr size_t kBufferBytes = 256 * 1024;
constexpr mode_t kFolderMode = 0700;
constexpr mode_t kFileMode = 0600;
constexpr mode_t kReadOnlyMode = 0400;

bool IsBelowFiles(std::u16string_view name) {
  return platform::ToUpper(name).starts_with(uR"(\FILES\)");
}

bool IsFolder(const ExportedEntry& entry) {
  return (entry.info.FileAttributes & layer::kAttributeDirectory) != 0;
}

// A folder that leads elsewhere is its metadata alone, so that nothing lands there.
bool LeadsElsewhere(const ExportedEntry& entry) {
  return (entry.info.FileAttributes & layer::kAttributeReparsePoint) != 0;
}

Outcome<UniqueFd> CreateFile(int folder, const std::string& name) {
  UniqueFd file(openat(folder, name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kFileMode));
  return file ? Outcome<UniqueFd>(std::move(file)) : ErrnoStatus(errno, name);
}

Status WriteTransport(int file, uint64_t offset, std::string_view bytes) {
  return WriteAt(file, offset, bytes, "writing the transport folder");
}

// Takes the content out of a backup stream that comes in pieces, and leaves the rest.
class ContentWriter {
 public:
  explicit ContentWriter(int file) : file_(file) {}

  // The layer's own streams are whole: what is broken has been refused when it came.
  Status Write(std::string_view piece) {
    reader_.Feed(piece);
    for (;;) {
      switch (reader_.Next()) {
        case BackupStreamReader::Event::kHeader:
          content_ = (reader_.header().id == layer::BackupStreamId::kData && !seen_) ||
                     (reader_.header().id == layer::BackupStreamId::kSparseBlock && content_);
          seen_ = seen_ || content_;
          if (content_) end_ = reader_.header().sparse_offset + reader_.header().size;
          break;
        case BackupStreamReader::Event::kData: {
          const uint64_t offset = reader_.header().sparse_offset + reader_.data_offset();
          if (!content_) break;
          if (Status status = WriteTransport(file_, offset, reader_.data()); !status.ok())
            return status;
          break;
        }
        case BackupStreamReader::Event::kStreamEnd: break;
        default: return {};
      }
    }
  }

  Status Finish() const {
    return ftruncate(file_, static_cast<off_t>(end_)) == 0 ? Status()
                                                           : ErrnoStatus(errno, "a file's size");
  }

 private:
  int file_;
  BackupStreamReader reader_;
  bool content_ = false;
  bool seen_ = false;
  uint64_t end_ = 0;
};

}  // namespace

Outcome<std::unique_ptr<TransportExport>> TransportExport::Into(const std::string& folder) {
  if (mkdir(folder.c_str(), kFolderMode) != 0 && errno != EEXIST) {
    if (errno == ENOENT) return Status{abi::ERROR_PATH_NOT_FOUND, "no folder for " + folder};
    return ErrnoStatus(errno, folder);
  }
  UniqueFd root = OpenStateFolder(AT_FDCWD, folder);
  if (!root) return ErrnoStatus(errno, folder);
  if (!NamesIn(root.get()).empty()) {
    return Status{abi::ERROR_DIR_NOT_EMPTY, folder + " is not empty"};
  }
  return std::unique_ptr<TransportExport>(new TransportExport(folder, std::move(root)));
}

TransportExport::TransportExport(std::string path, UniqueFd root)
    : path_(std::move(path)),
      root_(std::move(root)),
      open_folder_(root_.get()),
      buffer_(kBufferBytes, '\0'),
      tombstones_(TombstonesHeader()) {
  folders_[u""] = "";
}

TransportExport::~TransportExport() {
  if (whole_) return;
  std::error_code error;
  for (const std::string& name : NamesIn(root_.get())) {
    std::filesystem::remove_all(path_ + "/" + name, error);
  }
}

Status TransportExport::Run(LayerExport* layer) {
  ExportedEntry entry;
  for (;;) {
    const Outcome<bool> more = layer->Next(&entry);
    if (!more.ok()) return more.failure();
    if (!*more) break;
    if (Status status = ExportEntry(layer, entry); !status.ok()) return status;
  }
  if (Status status = WriteTombstones(); !status.ok()) return status;
  if (Status status = SetFolderTimes(); !status.ok()) return status;
  whole_ = true;
  return {};
}

Status TransportExport::ExportEntry(LayerExport* layer, const ExportedEntry& entry) {
  if (entry.deleted) {
    // What a utility VM lacks is not there; it has no parent's tree below it.
    if (IsBelowFiles(entry.name)) tombstones_ += TombstoneLine(entry.name);
    return {};
  }
  const size_t separator = entry.name.rfind(u'\\');
  const Outcome<std::string> parent = FolderOf(entry.name.substr(0, separator));
  if (!parent.ok()) return parent.failure();
  const std::string name = platform::Utf16ToUtf8(entry.name.substr(separator + 1));
  const bool stored = IsBelowFiles(entry.name);
  if (IsFolder(entry) && !(stored && LeadsElsewhere(entry))) {
    Status status = MakeFolder(JoinPath(*parent, name), entry.name);
    if (!status.ok()) return status;
  }
  const int folder = open_folder_.Open(*parent);
  if (folder < 0) return ErrnoStatus(errno, *parent);
  return stored ? ExportStored(layer, entry, folder, name)
                : ExportPlain(layer, entry, folder, name);
}

Status TransportExport::ExportStored(LayerExport* layer, const ExportedEntry& entry, int folder,
                                     const std::string& name) {
  Outcome<UniqueFd> file = CreateFile(folder, IsFolder(entry) ? name + kFolderSuffix : name);
  if (!file.ok()) return file.failure();
  std::string header;
  layer::AppendLittleEndian<uint32_t>(entry.info.FileAttributes, &header);
  header.resize(kTransportHeaderBytes);
  std::copy(header.begin(), header.end(), buffer_.begin());
  size_t filled = header.size();
  for (uint64_t offset = 0;;) {
    const Outcome<size_t> count = layer->Read(buffer_.data() + filled, buffer_.size() - filled);
    if (!count.ok()) return count.failure();
    filled += *count;
    if (Status status = WriteTransport(file->get(), offset, {buffer_.data(), filled});
        !status.ok()) {
      return status;
    }
    offset += filled;
    filled = 0;
    if (*count == 0) break;
  }
  const int error = SetTransportTimes(file->get(), entry.info);
  return error == 0 ? Status() : ErrnoStatus(error, name);
}

Status TransportExport::ExportPlain(LayerExport* layer, const ExportedEntry& entry, int folder,
                                    const std::string& name) {
  if (IsFolder(entry)) {
    plain_folders_.emplace_back(folders_[entry.name], entry.info);
    return {};
  }
  Outcome<UniqueFd> file = CreateFile(folder, name);
  if (!file.ok()) return file.failure();
  ContentWriter content(file->get());
  for (;;) {
    const Outcome<size_t> count = layer->Read(buffer_.data(), buffer_.size());
    if (!count.ok()) return count.failure();
    if (*count == 0) break;
    if (Status status = content.Write({buffer_.data(), *count}); !status.ok()) return status;
  }
  if (Status status = content.Finish(); !status.ok()) return status;
  int error = SetTransportTimes(file->get(), entry.info);
  const bool read_only = (entry.info.FileAttributes & layer::kAttributeReadOnly) != 0;
  if (error == 0 && read_only && fchmod(file->get(), kReadOnlyMode) != 0) error = errno;
  return error == 0 ? Status() : ErrnoStatus(error, name);
}

// The path of a folder that has been made, or is made now: one that has no entry of its
// own, since only the parents say what it is.
Outcome<std::string> TransportExport::FolderOf(const std::u16string& name) {
  auto found = folders_.find(name);
  if (found == folders_.end()) found = folders_.find(platform::ToUpper(name));
  if (found != folders_.end()) return found->second;
  const size_t separator = name.rfind(u'\\');
  const Outcome<std::string> parent = FolderOf(name.substr(0, separator));
  if (!parent.ok()) return parent;
  const std::string path = JoinPath(*parent, platform::Utf16ToUtf8(name.substr(separator + 1)));
  if (Status status = MakeFolder(path, name); !status.ok()) return status;
  if (!IsBelowFiles(name)) return path;
  const int folder = open_folder_.Open(*parent);
  Outcome<UniqueFd> metadata = CreateFile(folder, NamePartOf(path) + kFolderSuffix);
  if (!metadata.ok()) return metadata.failure();
  std::string header;
  layer::AppendLittleEndian<uint32_t>(layer::kAttributeDirectory, &header);
  if (Status status = WriteTransport(metadata->get(), 0, header); !status.ok()) return status;
  return path;
}

Status TransportExport::MakeFolder(const std::string& path, const std::u16string& name) {
  const int parent = open_folder_.Open(FolderPartOf(path));
  if (parent < 0 || mkdirat(parent, NamePartOf(path).c_str(), kFolderMode) != 0) {
    return ErrnoStatus(errno, path);
  }
  folders_[name] = path;
  folders_.emplace(platform::ToUpper(name), path);
  return {};
}

Status TransportExport::WriteTombstones() {
  const Outcome<UniqueFd> file = CreateFile(root_.get(), kTombstonesFile);
  return file.ok() ? WriteTransport(file->get(), 0, tombstones_) : file.failure();
}

// Those within first.
Status TransportExport::SetFolderTimes() {
  std::ranges::reverse(plain_folders_);
  for (const auto& [path, info] : plain_folders_) {
    const UniqueFd folder = OpenFolderBelow(root_.get(), path);
    const int error = folder ? SetTransportTimes(folder.get(), info) : errno;
    if (error != 0) return ErrnoStatus(error, path);
  }
  return {};
}

}  // namespace hcs::emulator
