// Reads Python pickles as plain data. Nothing is ever imported, called or executed: the few
// functions that profiles need are known here by name, and everything else is refused.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace scission::pickle {

struct Value;

struct None {};
struct Text {
  std::string text;
};
struct ByteString {
  std::string bytes;
};
struct List {
  std::vector<const Value*> items;
};
struct Tuple {
  std::vector<const Value*> items;
};
/// In the order in which the keys were set; a key that was set twice stands twice.
struct Dict {
  std::vector<std::pair<const Value*, const Value*>> items;
};
/// A function or class, by name only.
enum class Global { kLayerBenchmark, kNumpyScalar, kNumpyDtype };
/// numpy.dtype('f8'), the only one that is known: a 64-bit little-endian float.
struct Float64Type {};
/// An instance of LayerBenchmark; `state` is a Dict once the pickle has set it, else null.
struct Object {
  const Value* state = nullptr;
};

struct Value {
  std::variant<None, bool, std::int64_t, double, Text, ByteString, List, Tuple, Dict, Global,
               Float64Type, Object>
      data;
};

/// The parsed file. Values are shared as they are in the pickle (and may even form a cycle), so
/// this owns them all; it does not move, because values point to each other.
class Document {
 public:
  Document() = default;
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  const Value& root() const { return *root_; }

 private:
  friend class Reader;

  std::deque<Value> values_;
  const Value* root_ = nullptr;
};

/// Fills `document` from `bytes`, the contents of `file`: protocols 2 to 5, the opcodes that
/// profiles need, and the globals above. Throws InputError "FILE: byte N: ..." for everything
/// else. Memory is bounded by about 100 bytes for each byte read and by a million values.
void Parse(const std::string& file, std::string_view bytes, Document& document);

}  // namespace scission::pickle
