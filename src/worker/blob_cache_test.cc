#include "worker/blob_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <thread>
#include <vector>

#include "base/child.h"
#include "base/file.h"
#include "base/sha256.h"
#include "base/testing/error_of.h"
#include "worker/errors.h"

namespace scission {
namespace {

namespace fs = std::filesystem;
using testing::ErrorOf;
using ::testing::HasSubstr;

bool IsNeverCancelled() { return false; }

std::string HashOf(const std::string& data) {
  Sha256 hash;
  hash.Add(data);
  return hash.Finish();
}

/// The text of what is thrown and is an `Error`.
template <typename Error, typename Function>
std::string TextOf(const Function& function) {
  try {
    function();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

class BlobCacheTest : public ::testing::Test {
 protected:
  /// Sends all of `data` from `offset` on.
  void Push(const BlobCache& cache, const std::string& data, std::size_t offset = 0) const {
    BlobUpload upload(
        cache,
        {HashOf(data), static_cast<std::int64_t>(data.size()), static_cast<std::int64_t>(offset)},
        IsNeverCancelled);
    upload.Append(std::string_view(data).substr(offset));
    upload.Finish();
  }
  /// Sends the first `bytes` of `data`, then breaks off.
  void PushPart(const std::string& data, std::size_t bytes) const {
    BlobUpload upload(cache_, {HashOf(data), static_cast<std::int64_t>(data.size())},
                      IsNeverCancelled);
    upload.Append(std::string_view(data).substr(0, bytes));
  }
  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_.path() / "blobs")) {
      names.push_back(entry.path().filename());
    }
    return names;
  }

  TemporaryFolder folder_;
  BlobCache cache_{folder_.path() / "blobs"};
  const std::string data_ = std::string(300'000, 'a') + std::string("\0\1\2", 3);
  const std::string name_ = HashOf(data_);
};

TEST_F(BlobCacheTest, KeepsWhatWasPushed) {
  EXPECT_EQ(cache_.Find(name_).bytes, 0);
  Push(cache_, data_);
  const BlobState state = cache_.Find(name_);
  EXPECT_TRUE(state.is_complete);
  EXPECT_EQ(state.bytes, 300'003);
  EXPECT_EQ(ReadFile(cache_.Open(name_)), data_);
  EXPECT_EQ(Files(), std::vector{name_});
  struct stat status {};
  ASSERT_EQ(::stat((folder_.path() / "blobs").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700);
}

TEST_F(BlobCacheTest, TakesTheEmptyBlob) {
  Push(cache_, "");
  EXPECT_TRUE(cache_.Find(HashOf("")).is_complete);
}

TEST_F(BlobCacheTest, GoesOnWhereAnUploadBrokeOff) {
  PushPart(data_, 100'000);
  const BlobState part = cache_.Find(name_);
  EXPECT_FALSE(part.is_complete);
  EXPECT_EQ(part.bytes, 100'000);
  EXPECT_THROW(cache_.Open(name_), NotFoundError);
  Push(cache_, data_, 100'000);
  EXPECT_EQ(ReadFile(cache_.Open(name_)), data_);
}

TEST_F(BlobCacheTest, SkipsWhatIsSentAgain) {
  PushPart(data_, 100'000);
  BlobUpload upload(cache_, {name_, 300'003, 50'000}, IsNeverCancelled);
  upload.Append(std::string_view(data_).substr(50'000, 20'000));  // all of it is here
  upload.Append(std::string_view(data_).substr(70'000, 60'000));  // the first half is
  upload.Append(std::string_view(data_).substr(130'000));
  upload.Finish();
  EXPECT_EQ(ReadFile(cache_.Open(name_)), data_);
}

TEST_F(BlobCacheTest, ACompleteBlobIsSentAgainWithoutHarm) {
  Push(cache_, data_);
  Push(cache_, data_);
  Push(cache_, data_, 200'000);
  EXPECT_EQ(ReadFile(cache_.Open(name_)), data_);
}

TEST_F(BlobCacheTest, AGapIsRefused) {
  PushPart(data_, 1000);
  EXPECT_EQ(TextOf<BusyError>([&] { Push(cache_, data_, 1001); }),
            "only 1000 bytes of the blob are here, not 1001");
  EXPECT_EQ(cache_.Find(name_).bytes, 1000);
}

TEST_F(BlobCacheTest, ATruncatedUploadStaysUnfinished) {
  BlobUpload upload(cache_, {name_, 300'003}, IsNeverCancelled);
  upload.Append(std::string_view(data_).substr(0, 299'999));
  EXPECT_EQ(ErrorOf([&] { upload.Finish(); }),
            "blob " + name_.substr(0, 12) + ": ends after 299999 of 300003 bytes, which stay");
  EXPECT_FALSE(cache_.Find(name_).is_complete);
  EXPECT_EQ(cache_.Find(name_).bytes, 299'999);
}

TEST_F(BlobCacheTest, ADamagedUploadLeavesNothing) {
  std::string damaged = data_;
  damaged[1234] ^= 1;
  BlobUpload upload(cache_, {name_, 300'003}, IsNeverCancelled);
  upload.Append(damaged);
  EXPECT_EQ(TextOf<DamagedError>([&] { upload.Finish(); }),
            "blob " + name_.substr(0, 12) +
                ": what arrived has another SHA-256; it was damaged on its way");
  EXPECT_EQ(Files(), std::vector<std::string>());
  Push(cache_, data_);
  EXPECT_TRUE(cache_.Find(name_).is_complete);
}

TEST_F(BlobCacheTest, ADamagedBeginningIsFoundOut) {
  PushPart(data_, 100'000);
  std::string damaged = data_.substr(0, 100'000);
  damaged[7] ^= 1;
  WriteFileAtomically(folder_.path() / "blobs" / (name_ + ".part"), damaged);
  EXPECT_THROW(Push(cache_, data_, 100'000), DamagedError);
  EXPECT_EQ(Files(), std::vector<std::string>());
}

TEST_F(BlobCacheTest, MoreThanAnnouncedIsRefused) {
  BlobUpload upload(cache_, {name_, 10}, IsNeverCancelled);
  EXPECT_EQ(ErrorOf([&] { upload.Append("0123456789a"); }),
            "blob " + name_.substr(0, 12) + ": is longer than the 10 bytes announced");
}

TEST_F(BlobCacheTest, AnUploadThatAnnouncedTooMuchDoesNotBlockTheRightOne) {
  {
    BlobUpload upload(cache_, {name_, 1'000'000}, IsNeverCancelled);
    upload.Append(std::string(500'000, 'x'));
  }
  Push(cache_, data_);
  EXPECT_EQ(ReadFile(cache_.Open(name_)), data_);
}

TEST_F(BlobCacheTest, NamesAndNumbersAreChecked) {
  for (const std::string& name :
       {std::string(""), std::string("../../etc/passwd"), std::string(63, 'a'),
        std::string(65, 'a'), std::string(64, 'A'), std::string(63, 'a') + "/"}) {
    EXPECT_THAT(ErrorOf([&] { cache_.Find(name); }), HasSubstr("is no SHA-256")) << name;
    EXPECT_THAT(ErrorOf([&] {
                  BlobUpload(cache_, {name, 1}, IsNeverCancelled);
                }),
                HasSubstr("is no SHA-256"));
  }
  for (const auto& [total, offset] :
       {std::pair<std::int64_t, std::int64_t>{-1, 0}, {10, -1}, {10, 11}, {INT64_MAX, 0}}) {
    EXPECT_THAT(ErrorOf([&] {
                  BlobUpload(cache_, {name_, total, offset}, IsNeverCancelled);
                }),
                HasSubstr("is no place in a blob"));
  }
  EXPECT_EQ(Files(), std::vector<std::string>());
}

TEST_F(BlobCacheTest, UploadsOfOneBlobAtOnceDoNotDamageIt) {
  const std::string data(4'000'000, 'q');
  std::vector<std::thread> threads;
  std::atomic<int> done = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      const BlobCache own(folder_.path() / "blobs");  // as another process has
      BlobUpload upload(own, {HashOf(data), static_cast<std::int64_t>(data.size())},
                        IsNeverCancelled);
      for (std::size_t at = 0; at < data.size(); at += 100'000) {
        upload.Append(std::string_view(data).substr(at, 100'000));
      }
      upload.Finish();
      ++done;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(done, 4);
  EXPECT_EQ(ReadFile(cache_.Open(HashOf(data))), data);
  EXPECT_EQ(Files().size(), 1);
}

TEST_F(BlobCacheTest, ASecondUploadWaitsUntilTheFirstEndsOrItIsCancelled) {
  auto first =
      std::make_unique<BlobUpload>(cache_, BlobUpload::Start{name_, 300'003}, IsNeverCancelled);
  first->Append(std::string_view(data_).substr(0, 1000));
  int asked = 0;
  EXPECT_THROW(BlobUpload(cache_, {name_, 300'003}, [&] { return ++asked == 3; }), CancelledError);
  EXPECT_EQ(asked, 3);
  BlobUpload second(cache_, {name_, 300'003}, [&] {
    first.reset();  // the other caller's connection breaks
    return false;
  });
  second.Append(data_);
  second.Finish();
  EXPECT_EQ(ReadFile(cache_.Open(name_)), data_);
}

TEST_F(BlobCacheTest, ForgetsWhatWasUnusedForLongest) {
  const std::string a(400'000, 'a');
  const std::string b(400'000, 'b');
  const std::string c(400'000, 'c');
  const BlobCache cache(folder_.path() / "blobs", Bytes{1e6});
  Push(cache, a);
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
  Push(cache, b);
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_TRUE(cache.Find(HashOf(a)).is_complete);  // used now
  Push(cache, c);
  EXPECT_TRUE(cache.Find(HashOf(a)).is_complete);
  EXPECT_FALSE(cache.Find(HashOf(b)).is_complete);
  EXPECT_TRUE(cache.Find(HashOf(c)).is_complete);
  EXPECT_EQ(TextOf<ExhaustedError>([&] { Push(cache, std::string(1'000'001, 'd')); }),
            "blob " + HashOf(std::string(1'000'001, 'd')).substr(0, 12) +
                " does not fit into the cache " + (folder_.path() / "blobs").string() +
                ", which may take 1.0 MB (see --cache-limit)");
}

TEST_F(BlobCacheTest, WhatIsBeingUploadedIsNotForgotten) {
  const BlobCache cache(folder_.path() / "blobs", Bytes{1e6});
  BlobUpload running(cache, {name_, 300'003}, IsNeverCancelled);
  running.Append(data_);
  Push(cache, std::string(600'000, 'b'));
  Push(cache, std::string(600'000, 'c'));
  running.Finish();
  EXPECT_EQ(ReadFile(cache.Open(name_)), data_);
}

TEST_F(BlobCacheTest, PlacesBlobsAsFilesOfTheirOwn) {
  Push(cache_, data_);
  cache_.Place(name_, folder_.path() / "linked", true);
  cache_.Place(name_, folder_.path() / "copied", false);
  EXPECT_EQ(fs::hard_link_count(folder_.path() / "copied"), 1);
  fs::remove(cache_.Open(name_));
  EXPECT_EQ(ReadFile(folder_.path() / "linked"), data_);
  EXPECT_EQ(ReadFile(folder_.path() / "copied"), data_);
  EXPECT_THROW(cache_.Place(name_, folder_.path() / "third", true), NotFoundError);
}

TEST_F(BlobCacheTest, AFolderThatCannotBeMadeIsNamed) {
  WriteFileAtomically(folder_.path() / "file", "");
  EXPECT_THAT(ErrorOf([&] { const BlobCache cache(folder_.path() / "file" / "blobs"); }),
              HasSubstr("file/blobs"));
}

/// In a child, as a limit cannot be lifted again.
TEST_F(BlobCacheTest, AFullDiskLeavesNothing) {
  const ChildResult child = RunInChild([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const struct rlimit limit { 100'000, 100'000 };
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const std::string text = TextOf<ExhaustedError>([&] { Push(cache_, data_); });
    return text == "the cache " + (folder_.path() / "blobs").string() +
                       " cannot be written: File too large"
               ? 0
               : 1;
  });
  EXPECT_EQ(child.exit_code, 0);
  EXPECT_EQ(Files(), std::vector<std::string>());
}

/// A file system of 1 MB, where the system lets us mount one.
class TinyDisk {
 public:
  TinyDisk() { is_mounted_ = ::mount("none", folder_.path().c_str(), "tmpfs", 0, "size=1m") == 0; }
  ~TinyDisk() {
    if (is_mounted_) ::umount(folder_.path().c_str());
  }
  TinyDisk(const TinyDisk&) = delete;
  TinyDisk& operator=(const TinyDisk&) = delete;

  bool is_mounted() const { return is_mounted_; }
  const fs::path& path() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
  bool is_mounted_ = false;
};

TEST_F(BlobCacheTest, OldBlobsMakeRoomOnAFullDisk) {
  const TinyDisk disk;
  if (!disk.is_mounted()) GTEST_SKIP() << "cannot mount a file system here";
  const BlobCache cache(disk.path() / "blobs");
  Push(cache, std::string(700'000, 'a'));
  Push(cache, std::string(700'000, 'b'));
  EXPECT_FALSE(cache.Find(HashOf(std::string(700'000, 'a'))).is_complete);
  EXPECT_TRUE(cache.Find(HashOf(std::string(700'000, 'b'))).is_complete);
  EXPECT_THAT(TextOf<ExhaustedError>([&] { Push(cache, std::string(2'000'000, 'c')); }),
              HasSubstr("the disk of " + (disk.path() / "blobs").string() + " is full: blob "));
}

TEST_F(BlobCacheTest, ADiskThatOthersFillMeanwhileLeavesNothing) {
  const TinyDisk disk;
  if (!disk.is_mounted()) GTEST_SKIP() << "cannot mount a file system here";
  const BlobCache cache(disk.path() / "blobs");
  BlobUpload upload(cache, {name_, 300'003}, IsNeverCancelled);
  upload.Append(std::string_view(data_).substr(0, 100'000));
  WriteFileAtomically(disk.path() / "others", std::string(800'000, 'x'));
  EXPECT_EQ(TextOf<ExhaustedError>([&] { upload.Append(std::string_view(data_).substr(100'000)); }),
            "the cache " + (disk.path() / "blobs").string() +
                " cannot be written: No space left on device");
  EXPECT_EQ(cache.Find(name_).bytes, 0);
}

}  // namespace
}  // namespace scission
