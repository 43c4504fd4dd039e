// What the layer benchmark measures: each runs in a process of its own.

#ifndef HCS_TESTS_BENCH_LAYER_WORK_H_
#define HCS_TESTS_BENCH_LAYER_WORK_H_

#include <filesystem>

namespace hcs::bench {

// Each throws std::runtime_error, with what is wrong.

// Writes a Windows layer's tar of `entries` entries.
void GenerateTar(int entries, const std::filesystem::path& tar);
// From tar to entries and to tar again, as BSD's `bsdtar -cf again @tar`.
void RepackTar(const std::filesystem::path& tar, const std::filesystem::path& again);
// From tar to a transport folder, which is made; as `bsdtar -xf tar`.
void UnpackTar(const std::filesystem::path& tar, const std::filesystem::path& folder);
// From a transport folder to tar; as `bsdtar -cf tar folder`.
void PackFolder(const std::filesystem::path& folder, const std::filesystem::path& tar);

}  // namespace hcs::bench

#endif  // HCS_TESTS_BENCH_LAYER_WORK_H_
