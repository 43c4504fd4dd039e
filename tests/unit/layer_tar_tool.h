// Other people's tar programs, for tests and the benchmark.

#ifndef HCS_TESTS_UNIT_LAYER_TAR_TOOL_H_
#define HCS_TESTS_UNIT_LAYER_TAR_TOOL_H_

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace hcs::layer {

inline std::string ReadWholeFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  content << file.rdbuf();
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return content.str();
}

inline void WriteWholeFile(const std::filesystem::path& path, const std::string& content) {
  std::ofstream file(path, std::ios::binary);
  file << content;
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path.string());
}

// Runs a shell command in `folder`; throws, with the command, when it fails.
inline void RunIn(const std::filesystem::path& folder, const std::string& command) {
  const std::string whole = "cd '" + folder.string() + "' && " + command;
  // Times are told as they are, names in UTF-8.
  if (std::system(("export LC_ALL=C.UTF-8 TZ=UTC; " + whole).c_str()) != 0) {
    throw std::runtime_error("failed: " + whole);
  }
}

}  // namespace hcs::layer

#endif  // HCS_TESTS_UNIT_LAYER_TAR_TOOL_H_
