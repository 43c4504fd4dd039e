// HNS' objects on disk, for several processes at a time: STATE/network/
//
//   lock               flock'ed by the process that reads or changes something
//   journal            a line for each change, so that a process reads what others have
//                      changed since it last looked, and nothing else
//   networks/GUID.json, endpoints/..., policylists/..., namespaces/...
//                      a record for each object, replaced as a whole
//   damaged/           records that could not be read, set aside
//
// A line is written before the record that it speaks of: whatever moment a process dies
// at, the records are the truth, and the others know which of them to read again. A
// journal that has grown too long is replaced by another; who sees that reads all.
//
// Records survive the death of any process. They are not forced to the disk one by one:
// what the machine's own crash takes of them is lost, or damaged and set aside.

#ifndef HCS_CORE_EMULATOR_NETWORK_OBJECT_STORE_H_
#define HCS_CORE_EMULATOR_NETWORK_OBJECT_STORE_H_

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/emulator/documents/json_text.h"
#include "core/emulator/outcome.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator::hns {

enum class Kind : uint8_t { kNetwork, kEndpoint, kPolicyList, kNamespace };
inline constexpr std::array<Kind, 4> kKinds = {Kind::kNetwork, Kind::kEndpoint, Kind::kPolicyList,
                                               Kind::kNamespace};

// A document, and what HNS adds to it.
inline constexpr size_t kMaxRecordBytes = kMaxDocumentBytes + (size_t{1} << 20);

// Not thread-safe; safe among processes, and among stores of one process.
class ObjectStore {
 public:
  // Makes the folders that are missing, for their owner alone.
  static Outcome<ObjectStore> Open(const std::string& state_folder);

  // While it lives, no other process reads or changes anything.
  class Lock {
   public:
    explicit Lock(int fd) : fd_(fd) {}
    Lock(Lock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Lock& operator=(Lock&&) = delete;
    ~Lock();

   private:
    int fd_;
  };
  // Waits for the others.
  Outcome<Lock> Acquire();

  // What follows needs the lock.

  struct News {
    // The journal is another one: everything is to be read again before the lines,
    // which are then all that it has.
    bool everything = false;
    std::vector<std::string> lines;
  };
  // What has happened since the last call that was not done through this store.
  Outcome<News> ReadNews();

  // Makes the next ReadNews say that everything is to be read again.
  void Distrust();

  // The line that stands for a change of a record, and what one stands for; nullopt
  // for other lines.
  static std::string LineOf(Kind kind, const std::string& id);
  struct Object {
    Kind kind;
    std::string id;
  };
  static std::optional<Object> ObjectOf(std::string_view line);

  // Appends lines, without their ends, in one piece.
  Status Append(const std::vector<std::string>& lines);

  // Replaces the record, whose line is to be appended before. HCN_E_INVALID_JSON for one
  // that is too large.
  Status Write(Kind kind, const std::string& id, const Json& record);
  // Fine when there is none.
  Status Remove(Kind kind, const std::string& id);

  // nullopt when there is none, or none that is the object's: that is set aside.
  std::optional<Json> Read(Kind kind, const std::string& id);
  std::vector<std::string> List(Kind kind) const;

  // Moves a record away that says what it cannot.
  void SetAside(Kind kind, const std::string& id);
  // Where an object's record is that was set aside; empty when none was.
  std::string WhereSetAside(Kind kind, const std::string& id) const;

  // Whether the journal should be replaced, and that: `lines` is what stays of it.
  bool IsJournalLong() const;
  Status ReplaceJournal(const std::vector<std::string>& lines);

 private:
  ObjectStore() = default;
  int FolderOf(Kind kind) const { return folders_[static_cast<size_t>(kind)].get(); }
  Status OpenJournal();
  Outcome<std::string> ReadTail(off_t size);

  platform::UniqueFd root_;
  platform::UniqueFd damaged_;
  platform::UniqueFd lock_;
  std::array<platform::UniqueFd, kKinds.size()> folders_;
  platform::UniqueFd journal_;
  off_t read_to_ = 0;  // Of the journal, up to the end of a line.
  off_t kept_ = 0;     // How long the journal was when it was new, as its first line says.
};

}  // namespace hcs::emulator::hns

#endif  // HCS_CORE_EMULATOR_NETWORK_OBJECT_STORE_H_
