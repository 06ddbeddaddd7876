#include "worker/blob_cache.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "worker/descriptor.h"
#include "worker/errors.h"

namespace scission {
namespace {

namespace fs = std::filesystem;

void CheckName(const std::string& sha256) {
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (sha256.size() == 64 && std::all_of(sha256.begin(), sha256.end(), is_hex)) return;
  throw InputError("'" + Printable(sha256, 80) + "'",
                   "is no SHA-256 of 64 lower-case hexadecimal digits");
}

std::string ShortName(const std::string& sha256) { return "blob " + sha256.substr(0, 12); }

std::int64_t SizeOf(const fs::path& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  return error ? -1 : static_cast<std::int64_t>(size);
}

/// The time of the last change is that of the last use here.
void MarkUsed(const fs::path& file) {
  ::utimensat(AT_FDCWD, file.c_str(), nullptr, AT_SYMLINK_NOFOLLOW);
}

[[noreturn]] void FailCopying(const fs::path& file) {
  const int error = errno;
  const std::string message = file.string() + ": cannot be written: " + std::strerror(error);
  if (IsDiskFull(error)) throw ExhaustedError(message);
  throw std::runtime_error(message);
}

void Copy(int from, int to, const fs::path& file) {
  if (::ioctl(to, FICLONE, from) == 0) return;
  while (true) {
    const ssize_t count = ::sendfile(to, from, nullptr, 1 << 30);
    if (count == 0) return;
    if (count < 0 && errno != EINTR) FailCopying(file);
  }
}

struct OldFile {
  fs::path path;
  std::int64_t bytes = 0;
  fs::file_time_type used;
};

/// All files of `folder`, the ones that were unused for the longest time first.
std::vector<OldFile> FilesOf(const fs::path& folder) {
  std::vector<OldFile> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const auto bytes = entry.file_size(error);
    if (error) continue;
    const auto used = entry.last_write_time(error);
    if (!error) files.push_back({entry.path(), static_cast<std::int64_t>(bytes), used});
  }
  std::sort(files.begin(), files.end(),
            [](const OldFile& a, const OldFile& b) { return a.used < b.used; });
  return files;
}

/// Not what an upload is writing.
bool RemoveUnused(const fs::path& file) {
  const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!descriptor.is_open() || ::flock(descriptor.value(), LOCK_EX | LOCK_NB) != 0) return false;
  return ::unlink(file.c_str()) == 0;
}

std::int64_t FreeBytes(const fs::path& folder) {
  struct statvfs status {};
  if (::statvfs(folder.c_str(), &status) != 0) return INT64_MAX;
  return static_cast<std::int64_t>(status.f_bavail) * static_cast<std::int64_t>(status.f_frsize);
}

std::string Megabytes(std::int64_t bytes) {
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

}  // namespace

fs::path DefaultCacheFolder() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && fs::path(cache).is_absolute()) return fs::path(cache) / "scission";
  const char* home = std::getenv("HOME");
  if (home != nullptr && fs::path(home).is_absolute())
    return fs::path(home) / ".cache" / "scission";
  throw InputError("--cache", "is needed, as neither HOME nor XDG_CACHE_HOME is set");
}

BlobCache::BlobCache(fs::path folder, Bytes limit) : folder_(std::move(folder)), limit_(limit) {
  const bool is_new = !fs::exists(folder_);
  CreateFolder(folder_);
  std::error_code ignored;
  if (is_new) fs::permissions(folder_, fs::perms::owner_all, ignored);
  if (::access(folder_.c_str(), W_OK) == 0) return;
  throw InputError(folder_.string(), std::string("cannot be written: ") + std::strerror(errno));
}

fs::path BlobCache::FileOf(const std::string& sha256) const {
  CheckName(sha256);
  return folder_ / sha256;
}

fs::path BlobCache::PartOf(const std::string& sha256) const {
  return FileOf(sha256).string() + ".part";
}

BlobState BlobCache::Find(const std::string& sha256) const {
  const fs::path file = FileOf(sha256);
  const std::int64_t complete = SizeOf(file);
  if (complete >= 0) {
    MarkUsed(file);
    return {complete, true};
  }
  return {std::max<std::int64_t>(0, SizeOf(PartOf(sha256))), false};
}

fs::path BlobCache::Open(const std::string& sha256) const {
  if (!Find(sha256).is_complete) throw NotFoundError(ShortName(sha256), "is not here");
  return FileOf(sha256);
}

void BlobCache::Place(const std::string& sha256, const fs::path& file, bool may_link) const {
  const fs::path blob = Open(sha256);
  if (may_link && ::link(blob.c_str(), file.c_str()) == 0) return;
  const Descriptor from(::open(blob.c_str(), O_RDONLY | O_CLOEXEC));
  if (!from.is_open()) throw NotFoundError(ShortName(sha256), "is not here any more");
  const Descriptor to(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!to.is_open()) FailCopying(file);
  Copy(from.value(), to.value(), file);
}

/// For `bytes` more, of the blob `sha256`, of which nothing is removed.
void BlobCache::MakeRoom(const std::string& sha256, std::int64_t bytes) const {
  std::vector<OldFile> files = FilesOf(folder_);
  std::int64_t used = 0;
  for (const OldFile& file : files) used += file.bytes;
  const std::int64_t limit =
      limit_.count > 0 ? static_cast<std::int64_t>(limit_.count) : INT64_MAX - bytes;
  for (const OldFile& file : files) {
    if (used + bytes <= limit && bytes <= FreeBytes(folder_)) return;
    if (file.path == PartOf(sha256) || !RemoveUnused(file.path)) continue;
    used -= file.bytes;
  }
  if (used + bytes > limit) {
    throw ExhaustedError(
        fmt::format("{} does not fit into the cache {}, which may take {} (see "
                    "--cache-limit)",
                    ShortName(sha256), folder_.string(), Megabytes(limit)));
  }
  const std::int64_t free = FreeBytes(folder_);
  if (bytes <= free) return;
  throw ExhaustedError(fmt::format("the disk of {} is full: {} needs {}, {} are free",
                                   folder_.string(), ShortName(sha256), Megabytes(bytes),
                                   Megabytes(free)));
}

}  // namespace scission
