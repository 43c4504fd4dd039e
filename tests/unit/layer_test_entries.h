// What tests of layer readers and writers share: entries with their backup streams.

#ifndef HCS_TESTS_UNIT_LAYER_TEST_ENTRIES_H_
#define HCS_TESTS_UNIT_LAYER_TEST_ENTRIES_H_

#include <filesystem>
#include <functional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "core/layer/layer_entry.h"

namespace hcs::layer {

class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// An entry, and all of its backup stream.
struct WholeEntry {
  LayerEntry entry;
  std::string stream;
};

bool operator==(const WholeEntry& a, const WholeEntry& b);
std::ostream& operator<<(std::ostream& out, const WholeEntry& whole);

// A backup stream of `content` alone, and one with everything that a file may have.
std::string DataStream(std::string_view content);
std::string RichStream(std::string_view content);

// Each with times of its own, down to 100 ns.
WholeEntry MakeFile(std::string name, std::string stream, int64_t size, uint32_t attributes = 0x20);
WholeEntry MakeFile(std::string name, std::string_view content);
WholeEntry MakeDirectory(std::string name, uint32_t attributes = 0x10);
WholeEntry MakeLink(std::string name, std::string target);
WholeEntry MakeRemoved(std::string name);

// Adds, and writes the stream in pieces as long as `next_length` says; stops at the
// first failure. Does not commit.
absl::Status WriteAll(const std::vector<WholeEntry>& entries, LayerWriter* writer,
                      const std::function<size_t()>& next_length);
absl::Status WriteAll(const std::vector<WholeEntry>& entries, LayerWriter* writer);

// Everything, or the first failure.
absl::StatusOr<std::vector<WholeEntry>> ReadAll(LayerReader* reader);

}  // namespace hcs::layer

#endif  // HCS_TESTS_UNIT_LAYER_TEST_ENTRIES_H_
