#include "cli/options.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cmath>
#include <iostream>

#include "base/error.h"

namespace scission {
namespace {

/// In the order in which CLI11 takes arguments. It would take the next argument for the value of
/// "--option=", so that is handed over as an option and an empty value.
std::vector<std::string> ReversedForCli11(const std::vector<std::string>& arguments) {
  std::vector<std::string> reversed;
  for (auto argument = arguments.rbegin(); argument != arguments.rend(); ++argument) {
    const bool has_empty_value =
        argument->starts_with("--") && argument->find('=') == argument->size() - 1;
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

/// For a shell's completion: every spelling of every option, as cli/completion.h has it.
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

}  // namespace

Option Option::TypeName(const std::string& name) const { return Option(option_->type_name(name)); }

Option Option::ShowDefault() const { return Option(option_->capture_default_str()); }

Option Option::Required() const { return Option(option_->required()); }

Option Option::InRange(int least, int greatest) const {
  return Option(option_->check(CLI::Range(least, greatest)));
}

Option Option::InRange(double least, double greatest) const {
  const auto is_number = [](const std::string& text) {
    double value = 0;
    const bool is_nan = CLI::detail::lexical_cast(text, value) && std::isnan(value);
    return is_nan ? "Value " + text + " is not a number" : std::string();
  };
  // CLI::Range takes what is neither less nor greater.
  return Option(option_->check(CLI::Range(least, greatest))->check(is_number));
}

Option Option::OneOf(const std::vector<std::string>& words) const {
  return Option(option_->check(CLI::IsMember(words)));
}

Option Option::Excludes(Option other) const { return Option(option_->excludes(other.option_)); }

Option Option::Needs(Option other) const { return Option(option_->needs(other.option_)); }

Option Option::OneValueEach() const { return Option(option_->allow_extra_args(false)); }

Option Option::Delimiter(char delimiter) const { return Option(option_->delimiter(delimiter)); }

OptionSet::OptionSet(const std::string& description, const std::string& command)
    : app_(std::make_unique<CLI::App>(description, command)) {}

OptionSet::~OptionSet() = default;

Option OptionSet::Add(const std::string& names, Variable variable, const std::string& help) {
  const auto add = [&](auto value) { return app_->add_option(names, value.get(), help); };
  return Option(std::visit(add, variable));
}

Option OptionSet::AddFlag(const std::string& names, bool& variable, const std::string& help) {
  return Option(app_->add_flag(names, variable, help));
}

Option OptionSet::Get(const std::string& name) const { return Option(app_->get_option(name)); }

void OptionSet::Footer(const std::string& text) { app_->footer(text); }

bool OptionSet::Parse(const std::vector<std::string>& arguments) {
  if (arguments.size() == 1 && arguments[0] == "--list-options") {
    PrintOptions(*app_);
    return false;
  }
  app_->formatter(std::make_shared<ManualFormatter>());
  for (CLI::Option* option : app_->get_options()) {
    if (option->get_items_expected_max() == 1) {
      option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    }
  }
  try {
    app_->parse(ReversedForCli11(arguments));
    return true;
  } catch (const CLI::CallForHelp&) {
    std::cout << app_->help("scission");
    return false;
  } catch (const CLI::ParseError& error) {
    throw InputError("scission " + app_->get_name(),
                     std::string(error.what()) + " (--help shows the usage)");
  }
}

}  // namespace scission
