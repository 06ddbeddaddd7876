// The arguments of a command: which there are, what the help says of them, and where their values
// go. CLI11, which parses them, stays behind this: it takes ten seconds to compile.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace scission {

/// One argument of an OptionSet, which has to outlive it: a handle, cheap to copy. Every function
/// returns it, so that they can be chained.
class Option {
 public:
  /// How the help calls the value.
  Option TypeName(const std::string& name) const;
  /// The help tells the value that the variable has now.
  Option ShowDefault() const;
  Option Required() const;
  /// Both ends are allowed.
  Option InRange(int least, int greatest) const;
  Option InRange(double least, double greatest) const;
  Option OneOf(const std::vector<std::string>& words) const;
  /// May not be given together with `other`.
  Option Excludes(Option other) const;
  /// May only be given together with `other`.
  Option Needs(Option other) const;
  /// Of a list: each value stands behind the option's name, given again.
  Option OneValueEach() const;
  /// Of a list: `delimiter` stands between values in one word.
  Option Delimiter(char delimiter) const;

 private:
  friend class OptionSet;
  explicit Option(CLI::Option* option) : option_(option) {}

  CLI::Option* option_;
};

/// The arguments of one command. The variables that are added have to live until Parse; those of
/// arguments that are not given keep their values.
class OptionSet {
 public:
  template <typename... T>
  using ReferenceToAny = std::variant<std::reference_wrapper<T>...>;
  /// Where the value of an argument goes.
  using Variable =
      ReferenceToAny<std::string, std::filesystem::path, std::optional<std::string>,
                     std::vector<std::string>, bool, int, std::int64_t, std::uint64_t, double>;

  /// `description` begins the help.
  OptionSet(const std::string& description, const std::string& command);
  ~OptionSet();
  OptionSet(const OptionSet&) = delete;
  OptionSet& operator=(const OptionSet&) = delete;

  /// `names` are "-o,--output", or "OUTPUT" for an argument without a name before it.
  Option Add(const std::string& names, Variable variable, const std::string& help);
  /// An option without a value: `variable` becomes true.
  Option AddFlag(const std::string& names, bool& variable, const std::string& help);
  /// The option that was added as `name`, "--output".
  Option Get(const std::string& name) const;
  /// Ends the help.
  void Footer(const std::string& text);

  /// Parses the arguments behind the command's name. Returns false where help was asked for, or the
  /// options for a shell's completion (--list-options), and printed. Throws InputError on anything
  /// that does not parse. An option given twice: the last one counts.
  bool Parse(const std::vector<std::string>& arguments);

 private:
  std::unique_ptr<CLI::App> app_;
};

}  // namespace scission
