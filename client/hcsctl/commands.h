// The commands, by group. Each function adds its commands to `app`; the one that the
// command line names becomes the invocation's action. Both must outlive the parsing.

#ifndef HCS_CLIENT_HCSCTL_COMMANDS_H_
#define HCS_CLIENT_HCSCTL_COMMANDS_H_

#include <CLI/App.hpp>

#include "client/hcsctl/invocation.h"

namespace hcs::ctl {

void AddRunCommand(CLI::App& app, Invocation& invocation);         // run
void AddExecCommand(CLI::App& app, Invocation& invocation);        // exec
void AddCreateCommand(CLI::App& app, Invocation& invocation);      // create
void AddLifecycleCommands(CLI::App& app, Invocation& invocation);  // start, pause, resume, wait
void AddEndCommands(CLI::App& app, Invocation& invocation);        // stop, kill, rm
void AddListCommands(CLI::App& app, Invocation& invocation);       // ps, top, inspect
void AddAttachCommand(CLI::App& app, Invocation& invocation);      // attach
void AddStatsCommand(CLI::App& app, Invocation& invocation);       // stats
void AddEventsCommand(CLI::App& app, Invocation& invocation);      // events
void AddHostCommands(CLI::App& app, Invocation& invocation);       // host info, host diagnose
void AddImageCommands(CLI::App& app, Invocation& invocation);      // image ...
void AddLayerCommands(CLI::App& app, Invocation& invocation);      // layer ...
void AddVersionCommand(CLI::App& app, Invocation& invocation);     // version
// completion: for the commands that `app` has when it is asked.
void AddCompletionCommand(CLI::App& app, Invocation& invocation);

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_COMMANDS_H_
