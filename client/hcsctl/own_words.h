// Which words of a command line are hcsctl's, and which are a command of the user's.

#ifndef HCS_CLIENT_HCSCTL_OWN_WORDS_H_
#define HCS_CLIENT_HCSCTL_OWN_WORDS_H_

#include <CLI/App.hpp>
#include <optional>
#include <string>
#include <vector>

namespace hcs::ctl {

struct SplitWords {
  std::vector<std::string> own;
  // What stands after "--", or after IMAGE of run and create; not set without either.
  std::optional<std::vector<std::string>> command;
};

// As docker does it: for run and create, the first word that is neither an option nor an
// option's value is the image, and nothing after it is ours to read. "--" ends our words as
// well; right after the image it may stand or not.
SplitWords SplitOwnWords(const CLI::App& app, const std::vector<std::string>& words);

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_OWN_WORDS_H_
