#include "network/hosts_toml.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/address.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

namespace scission {
namespace {

constexpr std::size_t kMaxFileBytes = 16u << 20;
/// toml++ takes tables apart recursively, and a dotted key makes a table of each of its parts.
constexpr std::size_t kMaxLineBytes = 4096;
constexpr double kMaxNumber = 1e12;
constexpr long long kMaxLayer = 1'000'000'000;

constexpr double kBytesPerMegabyte = 1e6;
constexpr double kBytesPerGigabyte = 1e9;

std::string PlaceOf(const std::string& file, const toml::source_region& region) {
  return fmt::format("{}:{}", file, region.begin.line);
}

/// A table of the file. What it is asked for are the keys that it may have.
class TableReader {
 public:
  TableReader(std::string file, const toml::table& table) : file_(std::move(file)), table_(table) {}

  /// Where the table begins, or the value of `key`.
  std::string Place() const { return PlaceOf(file_, table_.source()); }
  std::string Place(std::string_view key) const {
    return PlaceOf(file_, table_.get(key)->source());
  }

  /// One line, not empty; empty where the key is missing.
  std::string Text(const std::string& key) {
    const toml::node* node = Find(key);
    if (node == nullptr) return "";
    const auto text = node->value_exact<std::string>();
    if (!text) throw InputError(Place(key), fmt::format("'{}' must be a text in quotes", key));
    if (text->empty()) throw InputError(Place(key), fmt::format("'{}' is empty", key));
    if (Printable(*text) == *text) return *text;
    throw InputError(Place(key), fmt::format("'{}' is too long or has control characters", key));
  }

  std::string RequiredText(const std::string& key) {
    std::string text = Text(key);
    if (text.empty()) throw InputError(Place(), fmt::format("'{}' is missing", key));
    return text;
  }

  std::optional<double> Number(const std::string& key) {
    const toml::node* node = Find(key);
    if (node == nullptr) return std::nullopt;
    if (!node->is_number()) throw InputError(Place(key), fmt::format("'{}' must be a number", key));
    const double number = node->value<double>().value_or(-1);
    if (number >= 0 && number <= kMaxNumber) return number;
    throw InputError(Place(key),
                     fmt::format("'{}': {} is outside 0 to {}", key, number, kMaxNumber));
  }

  /// The table [key], if it is there.
  std::optional<TableReader> Table(const std::string& key) {
    const toml::node* node = Find(key);
    if (node == nullptr) return std::nullopt;
    if (const toml::table* table = node->as_table()) return TableReader(file_, *table);
    throw InputError(Place(key), fmt::format("'{0}' must be a table, [{0}]", key));
  }

  /// The tables [[key]], in the order of the file.
  std::vector<TableReader> Tables(const std::string& key) {
    std::vector<TableReader> tables;
    const toml::node* node = Find(key);
    if (node == nullptr) return tables;
    const toml::array* array = node->as_array();
    if (array == nullptr || (!array->empty() && !array->is_homogeneous<toml::table>())) {
      throw InputError(Place(key), fmt::format("'{0}' must be a list of tables, [[{0}]]", key));
    }
    for (const toml::node& element : *array) tables.emplace_back(file_, *element.as_table());
    return tables;
  }

  /// Throws InputError where the table has a key that it was not asked for.
  void RefuseOthers() const {
    for (const auto& [key, value] : table_) {
      const std::string name(key.str());
      if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
      const auto nearest = Nearest(name, known_);
      throw InputError(PlaceOf(file_, key.source()),
                       fmt::format("there is no '{}' here; {}", Printable(name, 40),
                                   nearest ? "did you mean '" + *nearest + "'?"
                                           : "there may be " + Join(known_, ", ")));
    }
  }

 private:
  const toml::node* Find(const std::string& key) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.push_back(key);
    return table_.get(key);
  }

  std::string file_;
  const toml::table& table_;
  std::vector<std::string> known_;
};

/// "0-52", or "7" for one layer.
std::optional<std::pair<int, int>> ParseLayers(const std::string& text) {
  const std::vector<std::string> parts = Split(text, '-');
  const auto first = ParseInteger(parts.front());
  const auto last = ParseInteger(parts.back());
  if (parts.size() > 2 || !first || !last || *first < 0 || *last < *first || *last > kMaxLayer) {
    return std::nullopt;
  }
  return std::pair(static_cast<int>(*first), static_cast<int>(*last));
}

/// Of a host with engine = "oip".
HostedSegment ReadHosted(TableReader& table) {
  table.RequiredText("address");
  HostedSegment hosted;
  hosted.model = table.RequiredText("model");
  const std::string text = table.RequiredText("layers");
  const auto layers = ParseLayers(text);
  if (!layers) {
    throw InputError(table.Place("layers"),
                     fmt::format("'layers': '{}' is not FIRST-LAST, as in 0-52", text));
  }
  hosted.first_layer = layers->first;
  hosted.last_layer = layers->second;
  return hosted;
}

/// Nothing for a worker of ours.
std::optional<HostedSegment> ReadEngine(TableReader& table) {
  const std::string engine = table.Text("engine");
  if (engine == "oip") return ReadHosted(table);
  if (!engine.empty() && engine != "scission") {
    throw InputError(table.Place("engine"),
                     fmt::format("'engine': '{}' is not scission or oip", engine));
  }
  for (const char* key : {"model", "layers"}) {
    if (table.Text(key).empty()) continue;
    throw InputError(table.Place(key), fmt::format("'{}' is for engine = \"oip\" alone", key));
  }
  return std::nullopt;
}

std::string ReadAddress(TableReader& table) {
  std::string address = table.Text("address");
  const auto parsed = ParseAddress(address);
  if (address.empty() || (parsed && parsed->port > 0)) return address;
  throw InputError(table.Place("address"),
                   fmt::format("'address': '{}' is not HOST:PORT", address));
}

HostFacts ReadHost(TableReader table) {
  HostFacts host;
  host.name = table.RequiredText("name");
  host.tier = ToLower(table.Text("tier"));
  host.address = ReadAddress(table);
  host.hosted = ReadEngine(table);
  host.watts = table.Number("watts");
  host.price_per_hour = table.Number("price_per_hour");
  if (const auto memory = table.Number("memory_gb"))
    host.memory = Bytes{*memory * kBytesPerGigabyte};
  host.startup = Milliseconds(table.Number("startup_ms").value_or(0));
  table.RefuseOthers();
  return host;
}

void ReadHostsInto(Hosts& hosts, TableReader& file) {
  for (const TableReader& table : file.Tables("host")) {
    HostFacts host = ReadHost(table);
    if (hosts.Find(host.name) != nullptr) {
      throw InputError(table.Place(), fmt::format("the host '{}' stands twice", host.name));
    }
    hosts.hosts.push_back(std::move(host));
  }
}

LinkFacts ReadCosts(TableReader& table, const LinkFacts& otherwise) {
  LinkFacts facts = otherwise;
  if (const auto joules = table.Number("joules_per_mb")) {
    facts.joules_per_byte = *joules / kBytesPerMegabyte;
  }
  if (const auto price = table.Number("price_per_gb")) {
    facts.price_per_byte = *price / kBytesPerGigabyte;
  }
  return facts;
}

void ReadLinksInto(Hosts& hosts, TableReader& file) {
  if (auto table = file.Table("links")) {
    hosts.links = ReadCosts(*table, {});
    table->RefuseOthers();
  }
  for (TableReader& table : file.Tables("link")) {
    const std::string from = table.RequiredText("from");
    const std::string to = table.RequiredText("to");
    const LinkFacts facts = ReadCosts(table, hosts.links);
    table.RefuseOthers();
    if (from == to)
      throw InputError(table.Place(), fmt::format("a link from '{}' to itself", from));
    if (hosts.own_links.emplace(std::pair(from, to), facts).second) continue;
    throw InputError(table.Place(),
                     fmt::format("the link from '{}' to '{}' stands twice", from, to));
  }
}

void RefuseLongLines(const std::string& file, std::string_view text) {
  std::size_t number = 1;
  for (std::size_t begin = 0; begin < text.size(); ++number) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (end - begin > kMaxLineBytes) {
      throw InputError(fmt::format("{}:{}", file, number),
                       fmt::format("has more than {} bytes", kMaxLineBytes));
    }
    begin = end + 1;
  }
}

toml::table Parse(const std::string& file, const std::string& text) {
  RefuseLongLines(file, text);
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw InputError(PlaceOf(file, error.source()),
                     fmt::format("is not TOML: {}", Printable(error.description())));
  }
}

}  // namespace

Hosts ReadHosts(const std::filesystem::path& file) {
  Hosts hosts;
  hosts.file = file.string();
  const toml::table document = Parse(hosts.file, ReadFile(file, kMaxFileBytes));
  TableReader reader(hosts.file, document);
  hosts.currency = reader.Text("currency");
  ReadHostsInto(hosts, reader);
  ReadLinksInto(hosts, reader);
  reader.RefuseOthers();
  return hosts;
}

}  // namespace scission
