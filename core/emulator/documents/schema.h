// The shape of a document: which field has which type. Checked as a whole before
// anything is read from it, so that the readers need no error handling and every
// error names its field.

#ifndef HCS_CORE_EMULATOR_DOCUMENTS_SCHEMA_H_
#define HCS_CORE_EMULATOR_DOCUMENTS_SCHEMA_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/emulator/documents/json_text.h"
#include "core/emulator/outcome.h"

namespace hcs::emulator {

enum class FieldType : uint8_t {
  kBool,
  kString,
  kUint16,
  kUint32,
  kUint64,
  kStringList,
  kStringMap,
  kObject,      // With the fields of `nested`.
  kObjectList,  // Of objects with the fields of `nested`.
};

struct Field {
  std::string_view name;
  FieldType type;
  std::span<const Field> nested = {};
};

using Schema = std::span<const Field>;

// S_OK, or VMCOMPUTE_INVALID_JSON with the path of the first field that has
// another type ("Layers[2].ID is not a string"). Fields that the schema lacks are
// accepted as they are; null counts as absent. Names are case-sensitive.
Status CheckDocument(const Json& document, Schema schema);

// The members of a checked document; the default where a field is absent (or, in a
// document that nobody has checked, of another type).
bool BoolField(const Json& object, const char* name);
std::string StringField(const Json& object, const char* name);
uint64_t NumberField(const Json& object, const char* name);

// nullptr when the field is absent or null.
const Json* FindField(const Json& object, const char* name);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_DOCUMENTS_SCHEMA_H_
