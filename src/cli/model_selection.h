// Which models a command that takes several works on.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace scission {

struct ModelSelection {
  std::vector<std::string> words;     ///< named one by one
  std::optional<std::string> models;  ///< or as a list, "a,b,c"
  std::optional<std::string>
      excluded;  ///< a list; left out of those named, or of all built-in ones
};

/// Built-in names and files, in the order given; all built-in models where none is named. Throws
/// InputError for a list with an empty name, models named both ways, a name to leave out that is
/// neither selected nor built in, and where no model is left.
std::vector<std::string> SelectModels(const ModelSelection& selection);

}  // namespace scission
