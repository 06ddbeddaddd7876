#include "cli/command.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "base/error.h"
#include "base/text.h"
#include "cli/completion.h"

namespace scission {
namespace {

constexpr std::size_t kMaxMessage = 2000;

/// In the order in which CLI11 takes arguments. It would take the next argument for the value of
/// "--option=", so that is handed over as an option and an empty value.
std::vector<std::string> ReversedForCli11(const std::vector<std::string>& arguments) {
  std::vector<std::string> reversed;
  for (auto argument = arguments.rbegin(); argument != arguments.rend(); ++argument) {
    const bool has_empty_value = argument->starts_with("--") && argument->ends_with('=');
    if (has_empty_value) reversed.emplace_back();
    reversed.push_back(argument->substr(0, argument->size() - (has_empty_value ? 1 : 0)));
  }
  return reversed;
}

/// Help as manuals have it (help2man makes the manual pages from it): "-r, --repeats N".
class ManualFormatter : public CLI::Formatter {
 public:
  ManualFormatter() {
    label("Positionals", "Arguments");
    column_width(32);
  }

  std::string make_usage(const CLI::App* app, std::string name) const override {
    return "\n" + Formatter::make_usage(app, std::move(name));
  }

  std::string make_option_name(const CLI::Option* option, bool is_positional) const override {
    const std::string names = Formatter::make_option_name(option, is_positional);
    const auto comma = names.find(",--");
    return comma == std::string::npos ? names : std::string(names).insert(comma + 1, " ");
  }

  /// The value's name, without CLI11's words for its range behind a colon; ours is before a blank.
  std::string make_option_opts(const CLI::Option* option) const override {
    if (option->get_positional() || option->get_type_size() == 0) return "";
    const std::string type = option->get_type_name();
    auto colon = type.find(':');
    while (colon != type.npos && type.compare(colon, 2, ": ") == 0)
      colon = type.find(':', colon + 1);
    const std::string name = type.substr(0, colon);
    return " " + (name == "INT" || name == "UINT" ? "N" : name);
  }

  std::string make_option_desc(const CLI::Option* option) const override {
    const std::string value = option->get_default_str();
    return option->get_description() + (value.empty() ? "" : " (default " + value + ")");
  }
};

}  // namespace

std::span<const Command> Commands() {
  static constexpr std::array kCommands = {
      Command{"models", "list the built-in models", RunModels},
      Command{"export", "write built-in models as ONNX files", RunExport},
      Command{"inspect", "show the layers of a model and where it can be cut", RunInspect},
      Command{"graph", "draw the layers of models and where they can be cut", RunGraph},
      Command{"benchmark", "measure models on this machine, block by block", RunBenchmark},
      Command{"network", "measure the links between workers", RunNetwork},
      Command{"predict", "find the best plans from profiles and a network", RunPredict},
      Command{"run", "run a plan on workers, predicted beside measured", RunRun},
      Command{"study", "measure live hosts and links, and plan on measurements", RunStudyCommand},
      Command{"validate", "measure how true predictions are on this machine", RunValidate},
      Command{"split", "write the segments of a model as ONNX files, or for Triton", RunSplit},
      Command{"worker", "serve stages of plans on this host", RunWorker},
      Command{"certs", "make the certificates of a cluster of workers", RunCerts},
  };
  return kCommands;
}

bool ParseArguments(CLI::App& app, const std::vector<std::string>& arguments) {
  if (arguments.size() == 1 && arguments[0] == "--list-options") {
    PrintOptions(app);
    return false;
  }
  app.formatter(std::make_shared<ManualFormatter>());
  for (CLI::Option* option : app.get_options()) {
    if (option->get_items_expected_max() == 1) {
      option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    }
  }
  try {
    app.parse(ReversedForCli11(arguments));
    return true;
  } catch (const CLI::CallForHelp&) {
    std::cout << app.help("scission");
    return false;
  } catch (const CLI::ParseError& error) {
    throw InputError("scission " + app.get_name(),
                     std::string(error.what()) + " (--help shows the usage)");
  }
}

void Tell(const std::string& line) {
  std::cerr << "scission: " << Printable(line, kMaxMessage) << '\n';
}

int RunGuarded(const std::function<int()>& work) {
  try {
    const int code = work();
    std::cout.flush();
    if (!std::cout) throw InputError("standard output", "cannot be written; is the disk full?");
    return code;
  } catch (const InputError& error) {
    std::cerr << "scission: error: " << Printable(error.what(), kMaxMessage) << '\n';
    return kBadInput;
  } catch (const std::filesystem::filesystem_error& error) {
    std::cerr << "scission: error: "
              << Printable(error.path1().string() + ": " + error.code().message(), kMaxMessage)
              << '\n';
    return kBadInput;
  } catch (const NoPlanError& error) {
    std::cerr << "scission: " << Printable(error.what(), kMaxMessage) << '\n';
    return kNoPlan;
  } catch (const std::bad_alloc&) {
    std::cerr << "scission: out of memory\n";
    return kInternalFailure;
  } catch (const std::exception& error) {
    std::cerr << "scission: internal failure: " << Printable(error.what(), kMaxMessage) << '\n';
    return kInternalFailure;
  }
}

}  // namespace scission
