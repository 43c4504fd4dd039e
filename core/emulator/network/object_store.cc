#include "core/emulator/network/object_store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/emulator/errno_status.h"
#include "core/emulator/state/guid.h"
#include "core/emulator/state/state_files.h"

namespace hcs::emulator::hns {
namespace {

using platform::UniqueFd;

constexpr char kRoot[] = "network";
constexpr char kDamaged[] = "damaged";
constexpr char kLockFile[] = "lock";
constexpr char kJournal[] = "journal";
constexpr std::string_view kSuffix = ".json";
constexpr mode_t kFolderMode = 0700;
constexpr mode_t kFileMode = 0600;
constexpr off_t kLongJournal = off_t{4} << 20;
// The first line of a journal that has replaced another: the bytes of the lines after it.
constexpr std::string_view kKept = "kept ";

// In the order of Kind.
constexpr std::array<const char*, kKinds.size()> kFolders = {"networks", "endpoints", "policylists",
                                                             "namespaces"};

const char* FolderName(Kind kind) { return kFolders[static_cast<size_t>(kind)]; }

std::string FileName(const std::string& id) { return id + std::string(kSuffix); }

std::string AsideName(Kind kind, const std::string& id) {
  return std::string(FolderName(kind)) + "-" + FileName(id);
}

Outcome<UniqueFd> MakeFolder(int parent, const std::string& name) {
  if (mkdirat(parent, name.c_str(), kFolderMode) != 0 && errno != EEXIST) {
    return ErrnoStatus(errno, name);
  }
  UniqueFd folder = OpenStateFolder(parent, name);
  if (!folder) return ErrnoStatus(errno, name);
  return folder;
}

off_t KeptOf(std::string_view line) {
  off_t kept = 0;
  if (line.starts_with(kKept)) {
    std::from_chars(line.data() + kKept.size(), line.data() + line.size(), kept);
  }
  return kept;
}

// A record is an object with a Document that has the id that its file is named by.
bool IsRecord(const Json& record, const std::string& id) {
  if (!record.is_object()) return false;
  const auto document = record.find("Document");
  if (document == record.end() || !document->is_object()) return false;
  const auto own_id = document->find("ID");
  return own_id != document->end() && *own_id == id;
}

}  // namespace

ObjectStore::Lock::~Lock() {
  if (fd_ >= 0) flock(fd_, LOCK_UN);
}

Outcome<ObjectStore> ObjectStore::Open(const std::string& state_folder) {
  std::error_code error;
  std::filesystem::create_directories(state_folder, error);
  if (error) return ErrnoStatus(error.value(), state_folder);
  ObjectStore store;
  Outcome<UniqueFd> root = MakeFolder(AT_FDCWD, state_folder + "/" + kRoot);
  if (!root.ok()) return root.failure();
  store.root_ = *std::move(root);
  for (const Kind kind : kKinds) {
    Outcome<UniqueFd> folder = MakeFolder(store.root_.get(), FolderName(kind));
    if (!folder.ok()) return folder.failure();
    store.folders_[static_cast<size_t>(kind)] = *std::move(folder);
  }
  Outcome<UniqueFd> damaged = MakeFolder(store.root_.get(), kDamaged);
  if (!damaged.ok()) return damaged.failure();
  store.damaged_ = *std::move(damaged);
  store.lock_ =
      UniqueFd(openat(store.root_.get(), kLockFile, O_RDWR | O_CREAT | O_CLOEXEC, kFileMode));
  if (!store.lock_) return ErrnoStatus(errno, kLockFile);
  return store;
}

Outcome<ObjectStore::Lock> ObjectStore::Acquire() {
  while (flock(lock_.get(), LOCK_EX) != 0) {
    if (errno != EINTR) return ErrnoStatus(errno, "locking the network state");
  }
  return Lock(lock_.get());
}

Status ObjectStore::OpenJournal() {
  journal_ =
      UniqueFd(openat(root_.get(), kJournal, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kFileMode));
  read_to_ = 0;
  kept_ = 0;
  return journal_ ? Status() : ErrnoStatus(errno, "the network state's journal");
}

Outcome<ObjectStore::News> ObjectStore::ReadNews() {
  News news;
  struct stat named {};
  struct stat opened {};
  if (!journal_ || fstatat(root_.get(), kJournal, &named, AT_SYMLINK_NOFOLLOW) != 0 ||
      fstat(journal_.get(), &opened) != 0 || named.st_ino != opened.st_ino ||
      named.st_size < read_to_) {
    if (Status status = OpenJournal(); !status.ok()) return status;
    if (fstat(journal_.get(), &named) != 0) return ErrnoStatus(errno, kJournal);
    news.everything = true;
  }
  if (named.st_size == read_to_) return news;
  const Outcome<std::string> tail = ReadTail(named.st_size);
  if (!tail.ok()) {
    Distrust();
    return tail.failure();
  }
  // What has no end is of a process that died while it wrote: it has changed nothing.
  for (size_t begin = 0, end = 0; (end = tail->find('\n', begin)) != std::string::npos;
       begin = end + 1) {
    news.lines.push_back(tail->substr(begin, end - begin));
    if (read_to_ == 0) kept_ = KeptOf(news.lines.front());
    read_to_ += static_cast<off_t>(end + 1 - begin);
  }
  return news;
}

void ObjectStore::Distrust() { journal_.reset(); }

Outcome<std::string> ObjectStore::ReadTail(off_t size) {
  std::string tail(static_cast<size_t>(size - read_to_), '\0');
  size_t filled = 0;
  while (filled < tail.size()) {
    const ssize_t got = pread(journal_.get(), tail.data() + filled, tail.size() - filled,
                              read_to_ + static_cast<off_t>(filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return ErrnoStatus(errno, kJournal);
    if (got == 0) break;
    filled += static_cast<size_t>(got);
  }
  tail.resize(filled);
  return tail;
}

std::string ObjectStore::LineOf(Kind kind, const std::string& id) {
  return std::string(FolderName(kind)) + " " + id;
}

std::optional<ObjectStore::Object> ObjectStore::ObjectOf(std::string_view line) {
  const size_t space = line.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const std::optional<std::string> id = ReadGuidText(line.substr(space + 1));
  if (!id) return std::nullopt;
  for (const Kind kind : kKinds) {
    if (line.substr(0, space) == FolderName(kind)) return Object{kind, *id};
  }
  return std::nullopt;
}

Status ObjectStore::Append(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  // Over what a process that died has left unfinished.
  if (ftruncate(journal_.get(), read_to_) != 0) return ErrnoStatus(errno, kJournal);
  size_t written = 0;
  while (written < text.size()) {
    const ssize_t size = pwrite(journal_.get(), text.data() + written, text.size() - written,
                                read_to_ + static_cast<off_t>(written));
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return ErrnoStatus(errno, kJournal);
    written += static_cast<size_t>(size);
  }
  read_to_ += static_cast<off_t>(written);
  return {};
}

Status ObjectStore::Write(Kind kind, const std::string& id, const Json& record) {
  const std::string text = JsonToText(record);
  // Many small changes must not make what no single one could.
  if (text.size() > kMaxRecordBytes) {
    return {abi::HCN_E_INVALID_JSON,
            "the document would be larger than " + std::to_string(kMaxRecordBytes) + " bytes"};
  }
  const int error = WriteFileAtomically(FolderOf(kind), FileName(id), text);
  return error == 0 ? Status() : ErrnoStatus(error, LineOf(kind, id));
}

Status ObjectStore::Remove(Kind kind, const std::string& id) {
  if (unlinkat(FolderOf(kind), FileName(id).c_str(), 0) == 0 || errno == ENOENT) return {};
  return ErrnoStatus(errno, LineOf(kind, id));
}

std::optional<Json> ObjectStore::Read(Kind kind, const std::string& id) {
  const std::string name = FileName(id);
  const std::optional<std::string> text = ReadStateFile(FolderOf(kind), name.c_str());
  if (!text) return std::nullopt;
  Json record = Json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (IsRecord(record, id)) return record;
  SetAside(kind, id);
  return std::nullopt;
}

void ObjectStore::SetAside(Kind kind, const std::string& id) {
  renameat(FolderOf(kind), FileName(id).c_str(), damaged_.get(), AsideName(kind, id).c_str());
}

std::vector<std::string> ObjectStore::List(Kind kind) const {
  std::vector<std::string> ids;
  for (const std::string& name : NamesIn(FolderOf(kind))) {
    const std::string id = name.substr(0, name.find('.'));
    if (name == FileName(id) && ReadGuidText(id) == id) ids.push_back(id);
  }
  return ids;
}

std::string ObjectStore::WhereSetAside(Kind kind, const std::string& id) const {
  const std::string aside = AsideName(kind, id);
  struct stat found {};
  if (fstatat(damaged_.get(), aside.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) return {};
  return std::string(kRoot) + "/" + kDamaged + "/" + aside;
}

bool ObjectStore::IsJournalLong() const { return read_to_ > 2 * kept_ + kLongJournal; }

Status ObjectStore::ReplaceJournal(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  const auto kept = static_cast<off_t>(text.size());
  text.insert(0, std::string(kKept) + std::to_string(kept) + "\n");
  const int error = WriteFileAtomically(root_.get(), kJournal, text);
  if (error != 0) return ErrnoStatus(error, kJournal);
  if (Status status = OpenJournal(); !status.ok()) return status;
  read_to_ = static_cast<off_t>(text.size());
  kept_ = kept;
  return {};
}

}  // namespace hcs::emulator::hns
