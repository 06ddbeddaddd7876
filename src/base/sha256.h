// SHA-256 of what does not lie in one piece.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace scission {

class Sha256 {
 public:
  Sha256();
  ~Sha256();

  void Add(std::string_view data);
  /// 64 lower-case hexadecimal digits. To be called once.
  std::string Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The digest of the whole of `file`, read piece by piece. Throws InputError naming it.
std::string Sha256OfFile(const std::filesystem::path& file);

}  // namespace scission
