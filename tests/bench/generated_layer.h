// A Windows layer as large as one likes, and the same every time.

#ifndef HCS_TESTS_BENCH_GENERATED_LAYER_H_
#define HCS_TESTS_BENCH_GENERATED_LAYER_H_

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "core/layer/layer_entry.h"

namespace hcs::bench {

// `entries` of every kind, in shares as a Windows layer has them: files of 0 bytes to 1 MiB,
// folders, hard links, symbolic links, junctions, removals; with security descriptors, some with
// extended attributes, alternate streams or object ids. One folder's entries follow one another.
class GeneratedLayer : public layer::LayerReader {
 public:
  explicit GeneratedLayer(int entries);

  absl::StatusOr<bool> Next(layer::LayerEntry* entry) override;
  absl::StatusOr<std::string_view> Read() override;

 private:
  // An entry, drawn by `random_`, in the folder that is being filled.
  void MakeFolder(layer::LayerEntry* entry);
  void MakeFile(layer::LayerEntry* entry);
  void MakeHardLink(layer::LayerEntry* entry);
  void MakeReparsePoint(layer::LayerEntry* entry);
  void MakeRemoval(layer::LayerEntry* entry);

  uint64_t Below(uint64_t limit) { return random_() % limit; }
  std::string NewName(const char* extension);
  int64_t Times(layer::LayerEntry* entry);
  int64_t SizeOfFile();
  void AppendSecurity();

  std::mt19937_64 random_{20261125};
  int left_;
  int number_ = 0;
  std::vector<std::string> folders_;  // Those after folder_ are still to be filled.
  size_t folder_ = 0;
  int left_in_folder_ = 0;
  std::vector<std::string> files_;  // That links may lead to.
  std::string content_;             // What files' content is cut from.
  std::string stream_;              // Of the present entry.
  bool stream_told_ = false;
};

}  // namespace hcs::bench

#endif  // HCS_TESTS_BENCH_GENERATED_LAYER_H_
