#include "profile/pickle.h"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <optional>

#include "base/error.h"
#include "base/text.h"

namespace scission::pickle {
namespace {

constexpr std::size_t kMaxValues = 1'000'000;
constexpr std::size_t kMaxLongBytes = 8;

std::optional<Global> FindGlobal(std::string_view module, std::string_view name) {
  if (name == "LayerBenchmark") return Global::kLayerBenchmark;
  if (module == "numpy" && name == "dtype") return Global::kNumpyDtype;
  const bool is_array_module =
      module == "numpy.core.multiarray" || module == "numpy._core.multiarray";
  if (is_array_module && name == "scalar") return Global::kNumpyScalar;
  return std::nullopt;
}

std::uint64_t LittleEndian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  return value;
}

std::uint64_t BigEndian(std::string_view bytes) {
  return LittleEndian(std::string(bytes.rbegin(), bytes.rend()));
}

double ToDouble(std::uint64_t bits) { return std::bit_cast<double>(bits); }

/// Two's complement in as many bytes as there are, at most 8.
std::int64_t SignedLittleEndian(std::string_view bytes) {
  if (bytes.empty()) return 0;
  const auto unused_bits = static_cast<unsigned>(64 - 8 * bytes.size());
  return static_cast<std::int64_t>(LittleEndian(bytes) << unused_bits) >> unused_bits;
}

}  // namespace

/// The pickle machine: a stack, marks in it, and a memo.
class Reader {
 public:
  Reader(const std::string& file, std::string_view bytes, Document& document)
      : file_(file), bytes_(bytes), values_(document.values_), root_(document.root_) {}

  void Run() {
    if (bytes_.empty()) throw InputError(file_, "is empty");
    if (bytes_[0] != '\x80') Fail("this is no Python pickle");
    while (root_ == nullptr) {
      opcode_at_ = position_;
      const std::size_t opcode = TakeSize(1);
      const Action action = Actions()[opcode];
      if (action == nullptr) Fail(fmt::format("opcode 0x{:02x} has no place in a profile", opcode));
      action(*this);
    }
  }

 private:
  using Action = void (*)(Reader&);
  using ActionTable = std::array<Action, 256>;

  static const ActionTable& Actions() {
    static const ActionTable table = MakeActions();
    return table;
  }

  /// What the opcodes do, under the names of CPython's Lib/pickle.py.
  static ActionTable MakeActions() {
    constexpr std::pair<unsigned char, Action> kActions[] = {
        /* PROTO */ {0x80, [](Reader& r) { r.CheckProtocol(); }},
        /* FRAME */ {0x95, [](Reader& r) { r.Take(8); }},
        /* STOP */ {'.', [](Reader& r) { r.root_ = r.Pop(); }},
        /* MARK */ {'(', [](Reader& r) { r.marks_.push_back(r.stack_.size()); }},
        /* BINPUT */ {'q', [](Reader& r) { r.Remember(r.TakeSize(1)); }},
        /* LONG_BINPUT */ {'r', [](Reader& r) { r.Remember(r.TakeSize(4)); }},
        /* MEMOIZE */ {0x94, [](Reader& r) { r.Remember(r.memoized_); }},
        /* BINGET */ {'h', [](Reader& r) { r.Recall(r.TakeSize(1)); }},
        /* LONG_BINGET */ {'j', [](Reader& r) { r.Recall(r.TakeSize(4)); }},
        /* NONE */ {'N', [](Reader& r) { r.Push(None{}); }},
        /* NEWTRUE */ {0x88, [](Reader& r) { r.Push(true); }},
        /* NEWFALSE */ {0x89, [](Reader& r) { r.Push(false); }},
        /* BININT */ {'J', [](Reader& r) { r.Push(SignedLittleEndian(r.Take(4))); }},
        /* BININT1 */ {'K', [](Reader& r) { r.PushUnsigned(1); }},
        /* BININT2 */ {'M', [](Reader& r) { r.PushUnsigned(2); }},
        /* LONG1 */ {0x8a, [](Reader& r) { r.PushLong(); }},
        /* BINFLOAT */ {'G', [](Reader& r) { r.Push(ToDouble(BigEndian(r.Take(8)))); }},
        /* BINUNICODE */ {'X', [](Reader& r) { r.Push(Text{r.TakeString(4)}); }},
        /* SHORT_BINUNICODE */ {0x8c, [](Reader& r) { r.Push(Text{r.TakeString(1)}); }},
        /* SHORT_BINBYTES */ {'C', [](Reader& r) { r.Push(ByteString{r.TakeString(1)}); }},
        /* EMPTY_LIST */ {']', [](Reader& r) { r.Push(List{}); }},
        /* EMPTY_DICT */ {'}', [](Reader& r) { r.Push(Dict{}); }},
        /* EMPTY_TUPLE */ {')', [](Reader& r) { r.Push(Tuple{}); }},
        /* TUPLE1 */ {0x85, [](Reader& r) { r.Push(Tuple{r.PopMany(1)}); }},
        /* TUPLE2 */ {0x86, [](Reader& r) { r.Push(Tuple{r.PopMany(2)}); }},
        /* TUPLE3 */ {0x87, [](Reader& r) { r.Push(Tuple{r.PopMany(3)}); }},
        /* TUPLE */ {'t', [](Reader& r) { r.Push(Tuple{r.PopToMark()}); }},
        /* APPEND */ {'a', [](Reader& r) { r.Append(r.PopMany(1)); }},
        /* APPENDS */ {'e', [](Reader& r) { r.Append(r.PopToMark()); }},
        /* SETITEM */ {'s', [](Reader& r) { r.SetItems(r.PopMany(2)); }},
        /* SETITEMS */ {'u', [](Reader& r) { r.SetItems(r.PopToMark()); }},
        /* GLOBAL */ {'c', [](Reader& r) { r.PushGlobalFromLines(); }},
        /* STACK_GLOBAL */ {0x93, [](Reader& r) { r.PushGlobalFromStack(); }},
        /* NEWOBJ */ {0x81, [](Reader& r) { r.NewObject(); }},
        /* REDUCE */ {'R', [](Reader& r) { r.Reduce(); }},
        /* BUILD */ {'b', [](Reader& r) { r.Build(); }},
    };
    ActionTable table{};
    for (const auto& [opcode, action] : kActions) table[opcode] = action;
    return table;
  }

  void CheckProtocol() {
    const std::size_t protocol = TakeSize(1);
    if (protocol < 2 || protocol > 5) Fail(fmt::format("pickle protocol {} is not read", protocol));
  }

  void PushLong() {
    const std::size_t size = TakeSize(1);
    if (size > kMaxLongBytes) Fail("an integer has more than 64 bits");
    Push(SignedLittleEndian(Take(size)));
  }

  void PushUnsigned(std::size_t width) { Push(static_cast<std::int64_t>(TakeSize(width))); }

  void PushGlobalFromLines() {
    const std::string_view module = TakeLine();
    PushGlobal(module, TakeLine());
  }

  void PushGlobalFromStack() {
    const auto names = PopMany(2);
    PushGlobal(As<Text>(names[0]).text, As<Text>(names[1]).text);
  }

  void PushGlobal(std::string_view module, std::string_view name) {
    const auto global = FindGlobal(module, name);
    if (!global) {
      Fail(fmt::format("refers to Python's {}.{}; a profile holds plain data only",
                       Printable(module, 60), Printable(name, 60)));
    }
    Push(*global);
  }

  void NewObject() {
    const auto parts = PopMany(2);
    if (As<Global>(parts[0]) != Global::kLayerBenchmark) Fail("cannot make such an object");
    Push(Object{});
  }

  /// A call of a function, of which only the two of numpy are known.
  void Reduce() {
    const auto parts = PopMany(2);
    const Global function = As<Global>(parts[0]);
    const auto& arguments = As<Tuple>(parts[1]).items;
    if (function == Global::kNumpyDtype) {
      if (arguments.empty() || As<Text>(arguments[0]).text != "f8") Fail("unknown numpy type");
      Push(Float64Type{});
    } else if (function == Global::kNumpyScalar && arguments.size() == 2) {
      As<Float64Type>(arguments[0]);
      const std::string& bytes = As<ByteString>(arguments[1]).bytes;
      if (bytes.size() != sizeof(double)) Fail("a numpy number must have 8 bytes");
      Push(ToDouble(LittleEndian(bytes)));
    } else {
      Fail("cannot call such a function");
    }
  }

  void Build() {
    const Value* state = Pop();
    if (std::holds_alternative<Float64Type>(Top()->data)) {
      const auto& items = As<Tuple>(state).items;
      if (items.size() < 2 || As<Text>(items[1]).text != "<") Fail("unknown numpy byte order");
      return;
    }
    As<Dict>(state);
    As<Object>(Top()).state = state;
  }

  void Append(const std::vector<const Value*>& items) {
    auto& list = As<List>(Top()).items;
    list.insert(list.end(), items.begin(), items.end());
  }

  void SetItems(const std::vector<const Value*>& items) {
    if (items.size() % 2 != 0) Fail("a key has no value");
    auto& dict = As<Dict>(Top()).items;
    for (std::size_t i = 0; i < items.size(); i += 2) dict.emplace_back(items[i], items[i + 1]);
  }

  void Remember(std::size_t index) {
    if (index >= kMaxValues) Fail("a memo index is too large");
    if (index >= memo_.size()) memo_.resize(index + 1);
    memoized_ += memo_[index] == nullptr ? 1 : 0;
    memo_[index] = Top();
  }

  void Recall(std::size_t index) {
    if (index >= memo_.size() || memo_[index] == nullptr)
      Fail("refers to a value that is not there");
    stack_.push_back(memo_[index]);
  }

  template <typename Data>
  void Push(Data data) {
    if (values_.size() >= kMaxValues) Fail("holds too many values");
    stack_.push_back(&values_.emplace_back(Value{std::move(data)}));
  }

  /// Where the values above the latest mark begin; without a mark all are to be had.
  std::size_t Floor() const { return marks_.empty() ? 0 : marks_.back(); }

  Value* Top() {
    if (stack_.size() <= Floor()) Fail("takes a value that is not there");
    return stack_.back();
  }

  Value* Pop() {
    Value* top = Top();
    stack_.pop_back();
    return top;
  }

  std::vector<const Value*> PopMany(std::size_t count) {
    if (stack_.size() - Floor() < count) Fail("takes a value that is not there");
    std::vector<const Value*> popped(stack_.end() - static_cast<std::ptrdiff_t>(count),
                                     stack_.end());
    stack_.resize(stack_.size() - count);
    return popped;
  }

  std::vector<const Value*> PopToMark() {
    if (marks_.empty()) Fail("takes a mark that is not there");
    auto popped = PopMany(stack_.size() - marks_.back());
    marks_.pop_back();
    return popped;
  }

  template <typename Data>
  const Data& As(const Value* value) const {
    const auto* data = std::get_if<Data>(&value->data);
    if (data == nullptr) Fail("a value has the wrong type");
    return *data;
  }

  template <typename Data>
  Data& As(Value* value) const {
    return const_cast<Data&>(As<Data>(const_cast<const Value*>(value)));
  }

  std::string_view Take(std::size_t count) {
    if (count > bytes_.size() - position_) {
      opcode_at_ = bytes_.size();
      Fail("the file ends too early");
    }
    const std::string_view taken = bytes_.substr(position_, count);
    position_ += count;
    return taken;
  }

  std::size_t TakeSize(std::size_t width) { return LittleEndian(Take(width)); }
  std::string TakeString(std::size_t width) { return std::string(Take(TakeSize(width))); }

  std::string_view TakeLine() {
    const std::size_t end = bytes_.find('\n', position_);
    const std::string_view line = Take(end == bytes_.npos ? bytes_.npos : end - position_);
    Take(1);
    return line;
  }

  [[noreturn]] void Fail(const std::string& message) const {
    throw InputError(fmt::format("{}: byte {}", file_, opcode_at_), message);
  }

  const std::string& file_;
  std::string_view bytes_;
  std::deque<Value>& values_;
  const Value*& root_;
  std::size_t position_ = 0;
  std::size_t opcode_at_ = 0;
  std::vector<Value*> stack_;
  std::vector<std::size_t> marks_;
  std::vector<Value*> memo_;
  std::size_t memoized_ = 0;
};

void Parse(const std::string& file, std::string_view bytes, Document& document) {
  Reader(file, bytes, document).Run();
}

}  // namespace scission::pickle
