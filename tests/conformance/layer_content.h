// The content of layers as the cases say it and hear it: entries with their backup streams.

#ifndef HCS_TESTS_CONFORMANCE_LAYER_CONTENT_H_
#define HCS_TESTS_CONFORMANCE_LAYER_CONTENT_H_

#include <cstdint>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "tests/conformance/layer_session.h"

namespace hcs::conformance {

// One entry. Names are as the table has them: with the leading `\`.
struct Entry {
  std::u16string name;
  bool removed = false;
  abi::FILE_BASIC_INFO info = {};
  std::string stream;
  int64_t size = 0;  // As an export tells it.
};
bool operator==(const Entry& one, const Entry& other);
std::ostream& operator<<(std::ostream& stream, const Entry& entry);
using Entries = std::vector<Entry>;

// A directory; a file with `content` alone; one with every stream that a file may have
// (sparse content, extended attributes, security, alternate streams, object id, TxF and
// property data, a stream of an unknown kind); a removal. Times are of their own.
Entry Folder(const std::u16string& name);
Entry File(const std::u16string& name, const std::string& content);
Entry RichFile(const std::u16string& name);
Entry Removal(const std::u16string& name);

// Streams, to be put one after the other.
std::string DataStream(const std::string& content);
std::string ReparseStream(uint32_t tag, const std::string& data);
// $LXMOD, $LXUID, $LXGID.
std::string LinuxStream(uint32_t mode, uint32_t user, uint32_t group);

// An import, call by call.
class Import {
 public:
  Import(Layer* layer, const Layer::Parents& parents);
  // Ends it, whatever became of it.
  ~Import();
  Import(const Import&) = delete;
  Import& operator=(const Import&) = delete;

  Code begun() const { return begun_; }
  // In pieces of `piece` bytes; 0 is as a whole.
  Code Add(const Entry& entry, size_t piece = 0);
  Code Next(const Entry& entry);
  Code Write(const std::string& bytes);
  Code End();
  void* context() { return context_; }

 private:
  void* context_ = nullptr;
  Code begun_ = abi::S_OK;
};

// Whether the host takes and gives layers entry by entry. All hosts do it by transport
// folders: where the cases below do not care which, they have the first way if they can.
bool HasLayerStreams();
// The same; without, the case is marked as not applying.
bool NeedsLayerStreams();

// The whole of it; the first failure.
Code ImportAll(Layer* layer, const Entries& entries, const Layer::Parents& parents = {});
// This must succeed.
Entries ExportAll(Layer* layer, const Layer::Parents& parents = {});
// By the other way, whichever the host has.
Code ImportFolder(Layer* layer, const std::filesystem::path& folder,
                  const Layer::Parents& parents = {});
Code ExportFolder(Layer* layer, const std::filesystem::path& folder,
                  const Layer::Parents& parents = {});

// What must be equal before an import and after the export: by transport folders, entries
// come in another order, and the folders Files and Hives are always among them.
Entries Comparable(Entries entries);

// The entry of a name; fails the case when there is none or more than one.
const Entry& Named(const Entries& entries, const std::u16string& name);
bool Has(const Entries& entries, const std::u16string& name);

}  // namespace hcs::conformance

#endif  // HCS_TESTS_CONFORMANCE_LAYER_CONTENT_H_
