#include "cli/stability_warning.h"

#include <iostream>

#include "base/text.h"
#include "cli/command.h"

namespace scission {

int CodeOf(const Stability& stability, const std::string& model) {
  if (stability.IsStable()) return kDone;
  std::cerr << "scission: warning: unstable: " << Printable(model, 200) << ": "
            << stability.Reasons() << '\n';
  return kUnstable;
}

}  // namespace scission
