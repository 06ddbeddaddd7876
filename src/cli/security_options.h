// The options of every command that talks to other hosts: who is trusted.
#pragma once

#include "wire/security.h"

namespace scission {

class OptionSet;

/// Adds --tls-cert, --tls-key, --tls-ca and --insecure to `set`, which fills `security` when it
/// parses. What they name is checked by CheckSecurity.
void AddSecurityOptions(OptionSet& set, Security& security);

}  // namespace scission
