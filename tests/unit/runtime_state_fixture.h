// A state directory for the tests of the state store, and what they record.

#ifndef HCS_TESTS_UNIT_RUNTIME_STATE_FIXTURE_H_
#define HCS_TESTS_UNIT_RUNTIME_STATE_FIXTURE_H_

#include <catch2/catch.hpp>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "core/runtime/state_store.h"

namespace hcs::runtime {

namespace fs = std::filesystem;

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (fs::temp_directory_path() / "hcsd-state-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TemporaryDirectory() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// A daemon, as far as the store sees it: it keeps each container's record.
class Daemon {
 public:
  explicit Daemon(std::unique_ptr<StateStore> store) : store_(std::move(store)) {
    for (RecordedContainer& found : store_->TakeRecorded()) {
      const std::string id = found.container.id();
      records_[id] = found.record;
      CHECK(found_.emplace(id, std::move(found)).second);
    }
  }

  StateStore& store() { return *store_; }
  const std::map<std::string, RecordedContainer>& found() const { return found_; }
  std::shared_ptr<StateRecord> Record(const std::string& id) const { return records_.at(id); }

  void Add(const v1::Container& container) { records_[container.id()] = store_->Add(container); }
  void Update(const v1::Container& container) {
    Record(container.id())->UpdateContainer(container);
  }
  void RecordProcess(const v1::Process& process) {
    Record(process.container_id())->RecordProcess(process);
  }
  void RemoveProcess(const std::string& id, uint32_t process_id) {
    Record(id)->RemoveProcess(process_id);
  }
  void Remove(const std::string& id) { store_->Remove(id, Record(id)); }

 private:
  std::unique_ptr<StateStore> store_;
  std::map<std::string, std::shared_ptr<StateRecord>> records_;
  std::map<std::string, RecordedContainer> found_;
};

// A state directory, and the daemons that open its store one after another.
struct State {
  std::unique_ptr<Daemon> Open() {
    auto store = StateStore::Open(directory.path() / "state",
                                  [this](const std::string& report) { reports.push_back(report); });
    REQUIRE(store.ok());
    return std::make_unique<Daemon>(*std::move(store));
  }

  std::map<std::string, RecordedContainer> Reopened() { return Open()->found(); }

  fs::path containers() const { return directory.path() / "state" / "containers"; }
  fs::path FileOf(const std::string& name) const { return containers() / (name + ".journal"); }

  TemporaryDirectory directory;
  std::vector<std::string> reports;
};

inline v1::Container ContainerOf(const std::string& id) {
  v1::Container container;
  container.set_id(id);
  container.set_state(v1::CONTAINER_STATE_RUNNING);
  container.set_owner("tests");
  (*container.mutable_labels())["line"] = "a \"quoted\" one\nand another, ünïcode 日本";
  container.mutable_create_time()->set_seconds(1700000000);
  container.mutable_create_time()->set_nanos(123456789);
  return container;
}

inline v1::Process ProcessOf(const std::string& id, uint32_t process_id) {
  v1::Process process;
  process.set_container_id(id);
  process.set_process_id(process_id);
  process.set_command_line("cmd /c \"echo },\\\"is\\\": & exit 7\"");
  process.set_stdout_pipe(true);
  process.set_output_policy(v1::OUTPUT_POLICY_BLOCK);
  process.mutable_start_time()->set_seconds(1700000001);
  return process;
}

inline std::string ReadFile(const fs::path& path) {
  std::stringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

inline void WriteFile(const fs::path& path, const std::string& content, bool append = false) {
  std::ofstream(path, append ? std::ios::binary | std::ios::app : std::ios::binary) << content;
}

}  // namespace hcs::runtime

#endif  // HCS_TESTS_UNIT_RUNTIME_STATE_FIXTURE_H_
