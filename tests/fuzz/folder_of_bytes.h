// A folder on disk that is made of a fuzzer's bytes.

#ifndef HCS_TESTS_FUZZ_FOLDER_OF_BYTES_H_
#define HCS_TESTS_FUZZ_FOLDER_OF_BYTES_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace hcs::fuzz {

// What an item of the folder is.
enum class Item : uint8_t {
  kFile,
  kDirectory,
  kDirectoryWithMetadata,  // NAME, and NAME.$wcidirs$ with the content.
  kSymbolicLink,           // To a folder outside, which must not be read.
  kPipe,
};
inline constexpr int kItems = 5;

// Where it is.
enum class Place : uint8_t { kTop, kFiles, kHives, kUtilityVm };
inline constexpr int kPlaces = 4;

// Appends an item as MakeFolder reads it: kind and place, the name's length, the name with '/'
// between its components, the content's length in two bytes, the content.
void AppendItem(Item item, Place place, std::string_view name, std::string_view content,
                std::string* bytes);

struct MadeFolder {
  // There are links or pipes, and not in the recycle bin: no reader may take the folder.
  bool has_strange_items = false;
};

// Makes what `bytes` say in `folder`, which is empty. What cannot be made is left out, so that
// any bytes make a folder; nothing is ever made outside it. Links lead to `outside`.
MadeFolder MakeFolder(std::string_view bytes, const std::filesystem::path& folder,
                      const std::filesystem::path& outside);

}  // namespace hcs::fuzz

#endif  // HCS_TESTS_FUZZ_FOLDER_OF_BYTES_H_
