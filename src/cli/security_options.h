// The options of every command that talks to other hosts: who is trusted.
#pragma once

#include "wire/security.h"

namespace CLI {
class App;
}

namespace scission {

/// Adds --tls-cert, --tls-key, --tls-ca and --insecure to `app`, which fills `security` when it
/// parses. What they name is checked by CheckSecurity.
void AddSecurityOptions(CLI::App& app, Security& security);

}  // namespace scission
