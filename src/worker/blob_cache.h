// Files by their SHA-256 on this host's disk: what is sent once need not be sent again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/units.h"

namespace scission {

/// ~/.cache/scission, or below XDG_CACHE_HOME. Throws InputError where neither is known.
std::filesystem::path DefaultCacheFolder();

struct BlobState {
  std::int64_t bytes = 0;  ///< that are here
  bool is_complete = false;
};

/// A complete blob is a file of its name; an unfinished one has ".part" behind it. Any number of
/// threads and of processes may share the folder. All members throw InputError where a name is not
/// 64 lower-case hexadecimal digits.
class BlobCache {
 public:
  /// Makes `folder`, for its owner alone, where it is missing. `limit`: of all that is in it, 0:
  /// none. Throws InputError.
  explicit BlobCache(std::filesystem::path folder, Bytes limit = {});

  /// What is here of a blob. One that is asked for counts as used.
  BlobState Find(const std::string& sha256) const;

  /// Where a complete blob lies; the file may be gone soon, so it is opened or placed at once.
  /// Throws NotFoundError.
  std::filesystem::path Open(const std::string& sha256) const;

  /// A complete blob as a file of one's own: without a copy where the file system can share blocks,
  /// or `may_link` allows a hard link. Throws NotFoundError; ExhaustedError where the disk is full.
  void Place(const std::string& sha256, const std::filesystem::path& file, bool may_link) const;

 private:
  friend class BlobUpload;
  std::filesystem::path FileOf(const std::string& sha256) const;
  std::filesystem::path PartOf(const std::string& sha256) const;
  void MakeRoom(const std::string& sha256, std::int64_t bytes) const;

  std::filesystem::path folder_;
  Bytes limit_;
};

/// One blob on its way in. What has arrived stays when this is destroyed, and another upload goes
/// on behind it.
class BlobUpload {
 public:
  struct Start {
    std::string sha256;
    std::int64_t total_bytes = 0;
    std::int64_t offset = 0;  ///< of the first byte that will be appended
  };

  /// Waits while another upload of the same blob runs, until `is_cancelled` or some 30 s. Old blobs
  /// that nobody used for the longest time make room. Throws InputError where the numbers make no
  /// sense; BusyError where the other upload goes on, or less is here than `offset`; ExhaustedError
  /// where the blob does not fit; CancelledError.
  BlobUpload(const BlobCache& cache, Start start, const std::function<bool()>& is_cancelled);
  ~BlobUpload();
  BlobUpload(const BlobUpload&) = delete;
  BlobUpload& operator=(const BlobUpload&) = delete;

  /// The next bytes; those that are here already are skipped. Throws InputError where they are more
  /// than announced; ExhaustedError where the disk is full: then nothing of the blob stays, so that
  /// the disk is free for others.
  void Append(std::string_view data);

  /// Throws InputError where bytes are missing (what is here stays), DamagedError where the hash is
  /// another one (nothing stays). The blob is complete afterwards, on the disk.
  void Finish();

 private:
  void Lock(const std::function<bool()>& is_cancelled);
  bool TryLock();
  void TakeUpWhatIsHere();
  void WriteAll(std::string_view data);
  [[noreturn]] void FailWriting();

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace scission
