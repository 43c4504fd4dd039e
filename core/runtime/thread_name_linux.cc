#include <pthread.h>

#include "core/runtime/thread_name.h"

namespace hcs::runtime {

void NameThisThread(const std::string& name) {
  pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
}

}  // namespace hcs::runtime
