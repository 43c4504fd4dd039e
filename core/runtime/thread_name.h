// What a debugger and the system's tools show a thread as.

#ifndef HCS_CORE_RUNTIME_THREAD_NAME_H_
#define HCS_CORE_RUNTIME_THREAD_NAME_H_

#include <string>

namespace hcs::runtime {

// Names the calling thread; of a longer name the first 15 bytes are kept.
void NameThisThread(const std::string& name);

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_THREAD_NAME_H_
