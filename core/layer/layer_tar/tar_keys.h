// PAX keys of what only Windows has.

#ifndef HCS_CORE_LAYER_LAYER_TAR_TAR_KEYS_H_
#define HCS_CORE_LAYER_LAYER_TAR_TAR_KEYS_H_

namespace hcs::layer {

inline constexpr char kAttributesKey[] = "MSWINDOWS.fileattr";  // Decimal.
inline constexpr char kSecurityKey[] = "MSWINDOWS.rawsd";       // Base64.
inline constexpr char kTextDescriptorKey[] = "MSWINDOWS.sd";    // SDDL; older.
inline constexpr char kMountPointKey[] = "MSWINDOWS.mountpoint";
inline constexpr char kAttributePrefix[] = "MSWINDOWS.xattr.";  // And its name: base64.
inline constexpr char kCreationKey[] = "LIBARCHIVE.creationtime";
// Our own: and a stream's id, in decimal: base64.
inline constexpr char kStreamPrefix[] = "HCSD.stream.";

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_LAYER_TAR_TAR_KEYS_H_
