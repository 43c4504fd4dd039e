// The functions of the table: C on the outside, ComputeService inside.

#ifndef HCS_CORE_EMULATOR_LIBRARY_COMPUTE_FUNCTIONS_H_
#define HCS_CORE_EMULATOR_LIBRARY_COMPUTE_FUNCTIONS_H_

#include "core/abi/vmcompute.h"

namespace hcs::emulator {

// Fill the entries of systems and the service, of processes, of layers and of their
// content, of copies and base images, and of networks.
void AddSystemFunctions(abi::HcsFunctionTable* table);
void AddProcessFunctions(abi::HcsFunctionTable* table);
void AddLayerFunctions(abi::HcsFunctionTable* table);
void AddLayerContentFunctions(abi::HcsFunctionTable* table);
void AddImageFunctions(abi::HcsFunctionTable* table);
void AddNetworkFunctions(abi::HcsFunctionTable* table);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LIBRARY_COMPUTE_FUNCTIONS_H_
