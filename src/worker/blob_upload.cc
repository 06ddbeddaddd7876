#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/sha256.h"
#include "worker/blob_cache.h"
#include "worker/descriptor.h"
#include "worker/errors.h"

namespace scission {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kLongestWait(30);
constexpr std::chrono::milliseconds kWaitStep(20);
constexpr std::int64_t kLargestBlob = std::int64_t{1} << 40;

void Check(const BlobUpload::Start& start) {
  if (start.total_bytes >= 0 && start.total_bytes <= kLargestBlob && start.offset >= 0 &&
      start.offset <= start.total_bytes) {
    return;
  }
  throw InputError(
      "blob " + start.sha256.substr(0, 12),
      fmt::format("{} of {} bytes is no place in a blob", start.offset, start.total_bytes));
}

}  // namespace

struct BlobUpload::State {
  const BlobCache& cache;
  Start start;
  fs::path file;
  fs::path part;
  Descriptor descriptor;  ///< of the part, locked; closed where the blob is complete already
  Sha256 hash;            ///< of `here`
  std::int64_t here = 0;  ///< bytes of the part
  std::int64_t next = 0;  ///< the offset of what is appended next

  bool is_complete() const { return !descriptor.is_open(); }
};

BlobUpload::BlobUpload(const BlobCache& cache, Start start,
                       const std::function<bool()>& is_cancelled)
    : state_(new State{.cache = cache, .start = std::move(start)}) {
  state_->file = cache.FileOf(state_->start.sha256);
  state_->part = cache.PartOf(state_->start.sha256);
  Check(state_->start);
  Lock(is_cancelled);
  state_->next = state_->start.offset;
  if (state_->is_complete()) return;
  TakeUpWhatIsHere();
  if (state_->start.offset > state_->here) {
    throw BusyError(fmt::format("only {} bytes of the blob are here, not {}", state_->here,
                                state_->start.offset));
  }
  cache.MakeRoom(state_->start.sha256, state_->start.total_bytes - state_->here);
}

BlobUpload::~BlobUpload() = default;

void BlobUpload::Lock(const std::function<bool()>& is_cancelled) {
  const auto give_up = std::chrono::steady_clock::now() + kLongestWait;
  while (!TryLock()) {
    if (is_cancelled()) throw CancelledError("the upload was cancelled");
    if (std::chrono::steady_clock::now() > give_up) {
      throw BusyError("another upload of the same blob goes on");
    }
    std::this_thread::sleep_for(kWaitStep);
  }
}

/// True where the part is ours, or the blob complete.
bool BlobUpload::TryLock() {
  if (state_->cache.Find(state_->start.sha256).is_complete) return true;
  Descriptor part(::open(state_->part.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!part.is_open()) FailWriting();
  if (::flock(part.value(), LOCK_EX | LOCK_NB) != 0) return false;
  // Whoever had it may have made it complete, or removed it, between the two calls.
  struct stat locked {};
  struct stat named {};
  const bool is_the_same = ::fstat(part.value(), &locked) == 0 &&
                           ::stat(state_->part.c_str(), &named) == 0 &&
                           locked.st_ino == named.st_ino && locked.st_dev == named.st_dev;
  if (!is_the_same) return false;
  state_->descriptor = std::move(part);
  return true;
}

void BlobUpload::TakeUpWhatIsHere() {
  const int descriptor = state_->descriptor.value();
  struct stat status {};
  ::fstat(descriptor, &status);
  if (status.st_size > state_->start.total_bytes) {  // of a push that announced more
    if (::ftruncate(descriptor, 0) != 0) FailWriting();
  }
  std::vector<char> piece(1 << 20);
  while (true) {
    const ssize_t count = ::read(descriptor, piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) FailWriting();
    if (count == 0) return;
    state_->hash.Add({piece.data(), static_cast<std::size_t>(count)});
    state_->here += count;
  }
}

void BlobUpload::Append(std::string_view data) {
  const std::int64_t begin = state_->next;
  state_->next += static_cast<std::int64_t>(data.size());
  if (state_->next > state_->start.total_bytes) {
    throw InputError(
        "blob " + state_->start.sha256.substr(0, 12),
        fmt::format("is longer than the {} bytes announced", state_->start.total_bytes));
  }
  if (state_->is_complete() || state_->next <= state_->here) return;
  data.remove_prefix(static_cast<std::size_t>(state_->here - begin));
  WriteAll(data);
}

void BlobUpload::WriteAll(std::string_view data) {
  while (!data.empty()) {
    const ssize_t count = ::write(state_->descriptor.value(), data.data(), data.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) FailWriting();
    const std::string_view written = data.substr(0, static_cast<std::size_t>(count));
    state_->hash.Add(written);
    state_->here += count;
    data.remove_prefix(written.size());
  }
}

void BlobUpload::FailWriting() {
  const int error = errno;
  const std::string message =
      "the cache " + state_->part.parent_path().string() + " cannot be written: ";
  if (!IsDiskFull(error)) {
    throw std::runtime_error(message + std::strerror(error));
  }
  ::unlink(state_->part.c_str());
  throw ExhaustedError(message + std::strerror(error));
}

void BlobUpload::Finish() {
  const std::string place = "blob " + state_->start.sha256.substr(0, 12);
  if (state_->is_complete()) return;
  if (state_->here < state_->start.total_bytes) {
    throw InputError(place, fmt::format("ends after {} of {} bytes, which stay", state_->here,
                                        state_->start.total_bytes));
  }
  if (state_->hash.Finish() != state_->start.sha256) {
    ::unlink(state_->part.c_str());
    throw DamagedError(place + ": what arrived has another SHA-256; it was damaged on its way");
  }
  if (::fsync(state_->descriptor.value()) != 0 ||
      ::rename(state_->part.c_str(), state_->file.c_str()) != 0) {
    FailWriting();
  }
  state_->descriptor.Close();
}

}  // namespace scission
