// Where the daemon listens and keeps its state unless it is told.

#ifndef HCS_DAEMON_SERVICE_DEFAULT_PATHS_H_
#define HCS_DAEMON_SERVICE_DEFAULT_PATHS_H_

#include <string>

namespace hcs::service {

// For root "unix:///run/hcsd/hcsd.sock", for others in $XDG_RUNTIME_DIR; empty
// when that is not set.
std::string DefaultListenAddress();

// For root "/var/lib/hcsd", for others "hcsd" in $XDG_STATE_HOME or in
// ~/.local/state; empty when there is no home.
std::string DefaultStateFolder();

// "/etc/hcsd/hcsd.toml".
std::string DefaultConfigurationFile();

// "emulated" or "windows".
std::string DefaultHost();

}  // namespace hcs::service

#endif  // HCS_DAEMON_SERVICE_DEFAULT_PATHS_H_
