// A message between two processes of one program, field by field. A struct has its fields listed
// once, for both directions: template <typename Packet> void Fields(Packet& packet, Struct& it) {
// packet(it.a, it.b); }
#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/units.h"

namespace scission {

template <typename T>
inline constexpr bool kIsPlain = std::is_arithmetic_v<T> || std::is_enum_v<T> ||
                                 std::is_same_v<T, Seconds> || std::is_same_v<T, Bytes>;

class PacketWriter {
 public:
  template <typename... T>
  void operator()(const T&... fields) {
    (Put(fields), ...);
  }
  const std::string& bytes() const { return bytes_; }

 private:
  template <typename T>
  void Put(const T& value) {
    if constexpr (kIsPlain<T>) {
      bytes_.append(reinterpret_cast<const char*>(&value), sizeof(value));
    } else {
      Fields(*this, const_cast<T&>(value));  // it comes back here as what it is
    }
  }
  void Put(const std::string& text) {
    Put(text.size());
    bytes_ += text;
  }
  void Put(const std::filesystem::path& path) { Put(path.native()); }
  template <typename T>
  void Put(const std::vector<T>& items) {
    Put(items.size());
    for (const T& item : items) Put(item);
  }

  std::string bytes_;
};

/// Throws std::runtime_error where the packet ends too early.
class PacketReader {
 public:
  explicit PacketReader(std::string_view bytes) : rest_(bytes) {}

  template <typename... T>
  void operator()(T&... fields) {
    (Get(fields), ...);
  }

 private:
  std::string_view Take(std::size_t size) {
    if (size > rest_.size()) throw std::runtime_error("a message ends too early");
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  template <typename T>
  void Get(T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      value = Take(1)[0] != 0;
    } else if constexpr (kIsPlain<T>) {
      std::memcpy(&value, Take(sizeof(value)).data(), sizeof(value));
    } else {
      Fields(*this, value);
    }
  }
  void Get(std::string& text) { text = Take(GetSize()); }
  void Get(std::filesystem::path& path) { path = Take(GetSize()); }
  template <typename T>
  void Get(std::vector<T>& items) {
    items.clear();
    for (std::size_t left = GetSize(); left > 0; --left) Get(items.emplace_back());
  }
  std::size_t GetSize() {
    std::size_t size = 0;
    Get(size);
    return size;
  }

  std::string_view rest_;
};

}  // namespace scission
