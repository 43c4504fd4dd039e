// A target under libFuzzer, which has main. With --write-seeds=FOLDER it writes the seeds and
// ends.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "tests/fuzz/target.h"

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  constexpr std::string_view kWriteSeeds = "--write-seeds=";
  for (int i = 1; i < *argc; ++i) {
    std::string_view argument = (*argv)[i];
    if (!argument.starts_with(kWriteSeeds)) continue;
    hcs::fuzz::WriteSeeds(std::string(argument.substr(kWriteSeeds.size())));
    std::exit(0);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  hcs::fuzz::RunOne({reinterpret_cast<const char*>(data), size});
  return 0;
}
