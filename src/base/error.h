// The one kind of error that a user can mend.
#pragma once

#include <stdexcept>
#include <string>

namespace scission {

/// A bad input: a file, an argument, a request. The text is one line that names the file and the
/// place in it. `main` prints it and exits with 2; every other exception is our fault and exits
/// with 1.
class InputError : public std::runtime_error {
 public:
  explicit InputError(const std::string& message) : std::runtime_error(message) {}
  InputError(const std::string& place, const std::string& message)
      : std::runtime_error(place + ": " + message) {}
};

/// A query that no plan fulfils; exits with 3.
class NoPlanError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace scission
