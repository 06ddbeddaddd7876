#include "cli/completion.h"

#include <iostream>

#include "cli/command.h"
#include "zoo/zoo.h"

namespace scission {

bool AnswerCompletion(const std::string& word) {
  if (word == "--list-commands") {
    for (const Command& command : Commands()) {
      std::cout << command.name << '\t' << command.summary << '\n';
    }
    return true;
  }
  if (word == "--list-models") {
    for (const ZooEntry& entry : Zoo()) std::cout << entry.name << "\tbuilt-in model\n";
    return true;
  }
  return false;
}

}  // namespace scission
