// For tests only: the message of the InputError that something throws.
#pragma once

#include <string>

#include "base/error.h"

namespace scission::testing {

/// The text of the InputError that `function` throws; "no error" where it throws none.
template <typename Function>
std::string ErrorOf(const Function& function) {
  try {
    function();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace scission::testing
