#include "core/document/oddities.h"

namespace hcs::document {

const Oddities& HostOddities() {
  static const Oddities oddities = {
      // [height, width]; in ProcessModifyRequest it is an object.
      .fields_as_arrays = {"hcs.v1.ProcessConfig.console_size"},
      .messages_of_any_case = {},
  };
  return oddities;
}

}  // namespace hcs::document
