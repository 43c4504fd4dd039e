#include "client/hcsctl/own_words.h"

#include <algorithm>

namespace hcs::ctl {
namespace {

constexpr char kEnd[] = "--";

const CLI::App* FindCommand(const CLI::App& app, const std::string& word) {
  const auto all = app.get_subcommands([](const CLI::App*) { return true; });
  const auto found = std::find_if(
      all.begin(), all.end(), [&](const CLI::App* command) { return command->get_name() == word; });
  return found == all.end() ? nullptr : *found;
}

bool TakesValue(const CLI::App& app, const CLI::App* command, const std::string& name) {
  const CLI::Option* option = command != nullptr ? command->get_option_no_throw(name) : nullptr;
  if (option == nullptr) option = app.get_option_no_throw(name);
  return option != nullptr && option->get_items_expected_max() > 0;
}

// Whether the word after this option is its value: not of flags, of "--name=value", or of
// "-nvalue".
bool ValueFollows(const CLI::App& app, const CLI::App* command, const std::string& word) {
  if (word.rfind("--", 0) == 0) {
    return word.find('=') == std::string::npos && TakesValue(app, command, word);
  }
  for (size_t i = 1; i < word.size(); ++i) {
    if (TakesValue(app, command, {'-', word[i]})) return i + 1 == word.size();
  }
  return false;
}

// Where the user's command begins, and "--" may stand.
size_t EndOfOwnWords(const CLI::App& app, const std::vector<std::string>& words) {
  const CLI::App* command = nullptr;
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == kEnd) return i;
    if (word.size() > 1 && word[0] == '-') {
      if (ValueFollows(app, command, word)) ++i;
      continue;
    }
    if (command != nullptr) return i + 1;
    command = FindCommand(app, word);
    const bool has_image =
        command != nullptr && (command->get_name() == "run" || command->get_name() == "create");
    if (has_image) continue;
    return static_cast<size_t>(std::find(words.begin(), words.end(), kEnd) - words.begin());
  }
  return words.size();
}

}  // namespace

SplitWords SplitOwnWords(const CLI::App& app, const std::vector<std::string>& words) {
  const auto end = words.begin() + static_cast<std::ptrdiff_t>(EndOfOwnWords(app, words));
  SplitWords split{{words.begin(), end}, std::nullopt};
  if (end == words.end()) return split;
  split.command.emplace(*end == kEnd ? end + 1 : end, words.end());
  return split;
}

}  // namespace hcs::ctl
