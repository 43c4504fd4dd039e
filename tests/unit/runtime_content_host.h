// A host that has layers' content alone: what it was given it keeps in memory, besides files
// in the layer's folder, and gives back. One at a time in a process.

#ifndef HCS_TESTS_UNIT_RUNTIME_CONTENT_HOST_H_
#define HCS_TESTS_UNIT_RUNTIME_CONTENT_HOST_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/abi/vmcompute.h"
#include "core/runtime/services.h"
#include "tests/unit/layer_test_entries.h"

namespace hcs::runtime {

class ContentHost {
 public:
  // `entries`: whether it has ImportLayerBegin and what belongs to it, or takes folders alone.
  explicit ContentHost(bool entries);
  ~ContentHost();

  ContentHost(const ContentHost&) = delete;
  ContentHost& operator=(const ContentHost&) = delete;

  abi::HcsFunctionTable table;
  // By path. A layer is there when its import has ended.
  std::map<std::string, std::vector<layer::WholeEntry>> layers;
  // Answers of the function of this name, in place of S_OK.
  std::map<std::string, abi::HRESULT> failures;
  std::vector<std::string> destroyed;

  static ContentHost& Instance();
};

// A runtime's services over the host's table, with their state in `state`, recovered: as a daemon
// that starts.
std::unique_ptr<Services> StartServices(const abi::HcsFunctionTable& table,
                                        const std::string& state, RuntimeOptions options);

}  // namespace hcs::runtime

#endif  // HCS_TESTS_UNIT_RUNTIME_CONTENT_HOST_H_
