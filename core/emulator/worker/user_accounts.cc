#include "core/emulator/worker/user_accounts.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <vector>

// A static program has no name service (NSS): the files are read here.

namespace hcs::emulator::worker {
namespace {

constexpr auto kNoSuchAccount = static_cast<abi::HRESULT>(0x80070534);  // ERROR_NONE_MAPPED.
constexpr std::string_view kOwnNames[] = {"", "ContainerAdministrator", "Administrator", "SYSTEM"};
constexpr char kContainerUser[] = "ContainerUser";
constexpr char kUnprivileged[] = "nobody";

struct PasswordEntry {
  std::string name;
  uid_t uid = 0;
  gid_t gid = 0;
  std::string home;
};

std::vector<std::string> SplitFields(const std::string& line, char separator) {
  std::vector<std::string> fields;
  size_t begin = 0;
  for (size_t end = line.find(separator); end != std::string::npos;
       end = line.find(separator, begin)) {
    fields.push_back(line.substr(begin, end - begin));
    begin = end + 1;
  }
  fields.push_back(line.substr(begin));
  return fields;
}

std::optional<uint32_t> NumberOf(std::string_view text) {
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// By name or, where that is a number, by uid.
std::optional<PasswordEntry> FindPasswordEntry(const std::string& user) {
  const std::optional<uint32_t> uid = NumberOf(user);
  std::ifstream file("/etc/passwd");
  std::string line;
  while (std::getline(file, line)) {
    const std::vector<std::string> fields = SplitFields(line, ':');
    if (fields.size() < 6) continue;
    const std::optional<uint32_t> entry_uid = NumberOf(fields[2]);
    const std::optional<uint32_t> entry_gid = NumberOf(fields[3]);
    if (!entry_uid || !entry_gid) continue;
    if (fields[0] == user || uid == entry_uid) {
      return PasswordEntry{fields[0], *entry_uid, *entry_gid, fields[5]};
    }
  }
  if (uid) return PasswordEntry{"", *uid, *uid, "/"};
  return std::nullopt;
}

std::vector<gid_t> GroupsOf(const std::string& user) {
  std::vector<gid_t> groups;
  std::ifstream file("/etc/group");
  std::string line;
  while (std::getline(file, line)) {
    const std::vector<std::string> fields = SplitFields(line, ':');
    if (fields.size() < 4) continue;
    const std::vector<std::string> members = SplitFields(fields[3], ',');
    const std::optional<uint32_t> gid = NumberOf(fields[2]);
    if (gid && std::find(members.begin(), members.end(), user) != members.end()) {
      groups.push_back(*gid);
    }
  }
  return groups;
}

// By name or, where that is a number, by gid.
std::optional<gid_t> FindGroup(const std::string& group) {
  std::ifstream file("/etc/group");
  std::string line;
  while (std::getline(file, line)) {
    const std::vector<std::string> fields = SplitFields(line, ':');
    if (fields.size() < 4 || fields[0] != group) continue;
    if (const std::optional<uint32_t> gid = NumberOf(fields[2])) return *gid;
  }
  return NumberOf(group);
}

std::string OwnHome() {
  const std::optional<PasswordEntry> own = FindPasswordEntry(std::to_string(geteuid()));
  return own && !own->home.empty() ? own->home : "/";
}

Outcome<UserAccount> FindUser(const std::string& name) {
  if (std::find(std::begin(kOwnNames), std::end(kOwnNames), name) != std::end(kOwnNames)) {
    return UserAccount{std::nullopt, OwnHome()};
  }
  const std::optional<PasswordEntry> entry =
      FindPasswordEntry(name == kContainerUser ? kUnprivileged : name);
  if (!entry) return Status{kNoSuchAccount, "User: there is no account \"" + name + "\""};
  if (entry->uid == geteuid()) return UserAccount{std::nullopt, entry->home};
  if (geteuid() != 0) {
    return Status{abi::ERROR_ACCESS_DENIED, "User: only root can start processes of others"};
  }
  platform::Credentials credentials{entry->uid, entry->gid, GroupsOf(entry->name)};
  return UserAccount{std::move(credentials), entry->home};
}

// In that group alone, as OCI images mean it.
Outcome<UserAccount> FindUserInGroup(const std::string& user, const std::string& group) {
  Outcome<UserAccount> account = FindUser(user);
  if (!account.ok()) return account;
  const std::optional<gid_t> gid = FindGroup(group);
  if (!gid) return Status{kNoSuchAccount, "User: there is no group \"" + group + "\""};
  if (geteuid() != 0) {
    return Status{abi::ERROR_ACCESS_DENIED, "User: only root can start processes of others"};
  }
  const uid_t uid = account->credentials ? account->credentials->uid : geteuid();
  account->credentials = platform::Credentials{uid, *gid, {}};
  return account;
}

}  // namespace

Outcome<UserAccount> FindUserAccount(std::string_view user) {
  const std::string name(user.substr(user.rfind('\\') + 1));
  const size_t colon = name.find(':');
  return colon == std::string::npos
             ? FindUser(name)
             : FindUserInGroup(name.substr(0, colon), name.substr(colon + 1));
}

}  // namespace hcs::emulator::worker
