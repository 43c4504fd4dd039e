#include "core/layer/posix_tar/posix_tar_reader.h"

#include <utility>
#include <vector>

#include "core/layer/layer_name.h"

namespace hcs::layer {

PosixTarReader::Event PosixTarReader::Next() {
  if (!error_.ok()) return Event::kError;
  for (;;) {
    if (const std::optional<Event> event = NextOfEntry()) return *event;
    if (!waiting_.empty()) {
      told_ = std::move(waiting_.front());
      waiting_.pop_front();
      entry_open_ = prologue_waiting_ = true;
      return Event::kEntry;
    }
    absl::Status status;
    switch (tar_.Next()) {
      case TarReader::Event::kNeedInput: return Event::kNeedInput;
      case TarReader::Event::kEntry: status = OnMember(); break;
      // Content is the open entry's; a member without any has ended when it was told.
      case TarReader::Event::kData: stream_ = tar_.data(); return Event::kStream;
      case TarReader::Event::kEntryEnd: told_.has_content = false; break;
      case TarReader::Event::kEnd:
        if (!held_) return Event::kEnd;
        status = TellHeld();
        break;
      case TarReader::Event::kError: return Fail(tar_.error());
    }
    if (!status.ok()) return Fail(status);
  }
}

// Nothing: it waits for its content, or there is none.
std::optional<PosixTarReader::Event> PosixTarReader::NextOfEntry() {
  stream_ = {};
  if (!entry_open_) return std::nullopt;
  if (std::exchange(prologue_waiting_, false) && !told_.prologue.empty()) {
    stream_ = told_.prologue;
    return Event::kStream;
  }
  if (told_.has_content) return std::nullopt;
  entry_open_ = false;
  return Event::kEntryEnd;
}

absl::Status PosixTarReader::OnMember() {
  absl::StatusOr<LinuxTarName> name = ParseLinuxTarName(tar_.entry().name);
  if (!name.ok()) return name.status();
  if (name->kind == LinuxTarName::Kind::kOpaque) return OnOpaque(name->name);
  if (absl::Status status = TellHeld(); !status.ok()) return status;
  if (name->kind == LinuxTarName::Kind::kRemoved) return OnRemoved(std::move(name->name));
  if (name->name == kLinuxRoot && any_told_) {
    return InvalidName(tar_.entry().name, "must be the first, since it is the root directory");
  }
  absl::Status status = AddImplicitDirectories(name->name);
  if (!status.ok()) return status;
  return tar_.entry().type == TarType::kHardLink ? OnHardLink(std::move(name->name))
                                                 : OnFile(std::move(name->name));
}

absl::Status PosixTarReader::OnFile(std::string name) {
  Item item{{}, tar_.entry(), "", tar_.entry().size != 0};
  item.entry.name = std::move(name);
  item.entry.size = static_cast<int64_t>(item.member.size);
  const absl::StatusOr<LinuxMetadata> metadata = ReadLinuxMetadata(item.member);
  if (!metadata.ok()) {
    return InvalidName(item.member.name, std::string(metadata.status().message()));
  }
  item.entry.basic_info = metadata->basic_info;
  absl::Status status = AppendBackupStream(metadata->streams, item.member.size, &item.prologue);
  if (!status.ok()) return InvalidName(item.member.name, std::string(status.message()));
  if (item.member.type != TarType::kDirectory) return Tell(std::move(item));
  held_ = std::move(item);
  return absl::OkStatus();
}

absl::Status PosixTarReader::OnHardLink(std::string name) {
  Item item{{}, tar_.entry(), "", false};
  item.entry.kind = LayerEntry::Kind::kLink;
  item.entry.name = std::move(name);
  absl::StatusOr<std::string> target = ParsePlainLinuxTarName(item.member.link_name);
  if (!target.ok()) return target.status();
  item.entry.link_target = *std::move(target);
  const absl::StatusOr<abi::FILE_BASIC_INFO> times = ReadLinuxTimes(item.member);
  if (!times.ok()) return InvalidName(item.member.name, std::string(times.status().message()));
  item.entry.basic_info = *times;
  return Tell(std::move(item));
}

absl::Status PosixTarReader::OnRemoved(std::string name) {
  Item item{{}, tar_.entry(), "", false};
  if (item.member.type != TarType::kFile || item.member.size != 0) {
    return InvalidName(item.member.name, "must be an empty file, since it is a removal");
  }
  item.entry.kind = LayerEntry::Kind::kRemoved;
  item.entry.name = std::move(name);
  const absl::StatusOr<abi::FILE_BASIC_INFO> times = ReadLinuxTimes(item.member);
  if (!times.ok()) return InvalidName(item.member.name, std::string(times.status().message()));
  item.entry.basic_info = *times;
  return Tell(std::move(item));
}

absl::Status PosixTarReader::OnOpaque(const std::string& name) {
  const bool is_held = held_ && held_->entry.name == name;
  if (!is_held) {
    if (absl::Status status = TellHeld(); !status.ok()) return status;
    if (outline_.Find(name) == NameKind::kDirectory) {
      return InvalidName(tar_.entry().name, "must be right after its directory's own entry");
    }
    if (absl::Status status = AddImplicitDirectories(name); !status.ok()) return status;
  }
  // It may have a removal of its own.
  if (outline_.Find(name) != NameKind::kRemoved) {
    if (absl::Status status = OnRemoved(name); !status.ok()) return status;
  }
  return is_held ? TellHeld() : AddImplicitDirectory(name);
}

// The directories that `name` is in, as far as the layer does not have them.
absl::Status PosixTarReader::AddImplicitDirectories(std::string_view name) {
  std::vector<std::string_view> missing;
  for (std::string_view folder = ParentName(name);
       folder.size() > std::string_view(kLinuxRoot).size(); folder = ParentName(folder)) {
    const NameKind kind = outline_.Find(folder);
    if (kind != NameKind::kNone && kind != NameKind::kRemoved) break;
    missing.push_back(folder);
  }
  for (auto folder = missing.rbegin(); folder != missing.rend(); ++folder) {
    absl::Status status = AddImplicitDirectory(std::string(*folder));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status PosixTarReader::AddImplicitDirectory(std::string name) {
  const LinuxMetadata metadata = ImplicitDirectory();
  Item item;
  item.entry.name = std::move(name);
  item.entry.basic_info = metadata.basic_info;
  absl::Status status = AppendBackupStream(metadata.streams, 0, &item.prologue);
  return status.ok() ? Tell(std::move(item)) : status;
}

absl::Status PosixTarReader::Tell(Item item) {
  if (absl::Status status = outline_.Add(item.entry); !status.ok()) return status;
  any_told_ = true;
  waiting_.push_back(std::move(item));
  return absl::OkStatus();
}

absl::Status PosixTarReader::TellHeld() {
  if (!held_) return absl::OkStatus();
  Item item = *std::move(held_);
  held_.reset();
  return Tell(std::move(item));
}

PosixTarReader::Event PosixTarReader::Fail(const absl::Status& status) {
  error_ = status;
  return Event::kError;
}

}  // namespace hcs::layer
