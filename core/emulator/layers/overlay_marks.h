// How a layer's folder on disk says what it hides of the layers below: as overlayfs has
// it, so that the folder can be mounted as it is.

#ifndef HCS_CORE_EMULATOR_LAYERS_OVERLAY_MARKS_H_
#define HCS_CORE_EMULATOR_LAYERS_OVERLAY_MARKS_H_

#include <sys/stat.h>

#include <string>

namespace hcs::emulator {

// A whiteout: a character device 0/0, which anybody may make. It hides what the layers
// below have under its name.
bool IsWhiteout(const struct stat& found);
// 0, or an errno value.
int MakeWhiteout(int folder, const std::string& name);

// An opaque folder hides what the layers below have in it: by the extended attribute
// trusted.overlay.opaque, or user.overlay.opaque where this user may not set that.
bool IsOpaque(int folder);
// 0, or an errno value.
int MakeOpaque(int folder);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LAYERS_OVERLAY_MARKS_H_
