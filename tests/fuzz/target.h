// What every fuzz target has: a function that is given any bytes, and seeds to begin with.
//
// Each *_target.cc is linked twice: with libFuzzer, which looks for inputs that break a promise
// (preset fuzz, `./dev fuzz`), and with replay_main.cc, which runs the seeds and what is near
// them in every `ctest`, and any file that is given to it.

#ifndef HCS_TESTS_FUZZ_TARGET_H_
#define HCS_TESTS_FUZZ_TARGET_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace hcs::fuzz {

// The target's own. Reads `input` in every way that it can be read; a broken promise ends the
// process (Require).
void RunOne(std::string_view input);

// The target's own: whole, small inputs, which between them have every kind of what is read.
std::vector<std::string> Seeds();

// Writes each seed into a file of `folder`, which must be there.
void WriteSeeds(const std::string& folder);

// Prints the promise and aborts unless it is kept: to libFuzzer that is a crash, to ctest a
// failure.
void Require(bool kept, std::string_view promise);
// The same, of a status that must be OK.
void RequireOk(const absl::Status& status, std::string_view promise);

// How many bytes a piece of `input` has when it is read in pieces: 1 to some thousand, by a hash
// of the input, so that each input is cut in the same way every time, and two in different ways.
size_t PieceBytes(std::string_view input);

}  // namespace hcs::fuzz

#endif  // HCS_TESTS_FUZZ_TARGET_H_
