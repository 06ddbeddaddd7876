#include "cli/completion.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
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

void PrintOptions(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    const std::string& text = option->get_description();
    const std::string first_line = text.substr(0, text.find('\n'));
    for (const std::string& name : option->get_snames()) {
      std::cout << '-' << name << '\t' << first_line << '\n';
    }
    for (const std::string& name : option->get_lnames()) {
      std::cout << "--" << name << '\t' << first_line << '\n';
    }
  }
}

}  // namespace scission
