#include "worker/benchmark_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "base/file.h"
#include "base/sha256.h"
#include "base/testing/error_of.h"
#include "base/text.h"
#include "worker/errors.h"

namespace scission {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::ErrorOf;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;

/// A script in the place of the program. It runs in the request's folder.
class BenchmarkRunnerTest : public ::testing::Test {
 protected:
  BenchmarkRunnerTest() { request_.set_built_in("vgg16"), request_.set_tier("Edge"); }

  /// What "scission" does.
  void Script(const std::string& body) {
    const fs::path program = folder_.path() / "program";
    WriteFileAtomically(program, "#!/bin/sh\n" + body + "\n");
    fs::permissions(program, fs::perms::owner_all);
  }
  std::string Log() const { return ReadFile(folder_.path() / "log"); }

  BenchmarkRunner::Result Run() {
    return runner_.Run(
        request_, [this](const std::string& line) { lines_.push_back(line); },
        [this] { return is_cancelled_(); });
  }

  TemporaryFolder folder_;
  BlobCache cache_{folder_.path() / "blobs"};
  BenchmarkRunner runner_{{.host = "edge1",
                           .threads = 3,
                           .folder = folder_.path() / "benchmarks",
                           .program = folder_.path() / "program",
                           .queue_limit = 1},
                          cache_};
  v1::BenchmarkRequest request_;
  std::vector<std::string> lines_;
  std::function<bool()> is_cancelled_ = [] { return false; };
};

TEST_F(BenchmarkRunnerTest, GivesTheProfileAndTheLines) {
  Script("echo \"$@\" > ../../log; echo measuring >&2; echo profile > edge-edge1.json; exit 4");
  request_.set_effort("quick");
  request_.set_repeats(5);
  const auto result = Run();
  EXPECT_EQ(result.profile_json, "profile\n");
  EXPECT_TRUE(result.is_unstable);
  EXPECT_THAT(lines_, ElementsAre("measuring"));
  EXPECT_THAT(Log(),
              HasSubstr("benchmark --no-plots -o " + (folder_.path() / "benchmarks").string()));
  EXPECT_THAT(Log(), HasSubstr(" --threads 3 --repeats 5 --effort quick edge edge1 vgg16\n"));
}

TEST_F(BenchmarkRunnerTest, AProfileThatDidNotArriveIsGivenAgain) {
  Script("echo run >> ../../log; echo $$ > edge-edge1.json");
  const std::string first = Run().profile_json;
  EXPECT_EQ(Run().profile_json, first);
  EXPECT_THAT(lines_, ElementsAre("taken over from a benchmark whose result did not arrive"));
  EXPECT_EQ(Log(), "run\n");
  runner_.Forget(request_);
  EXPECT_NE(Run().profile_json, first);
  EXPECT_EQ(Log(), "run\nrun\n");
}

TEST_F(BenchmarkRunnerTest, AnInterruptedOneGoesOnInTheSameFolder) {
  Script(
      "[ -e half ] && { echo rest > edge-edge1.json; exit 0; }\n"
      "trap 'exit 130' INT; touch half; echo now >&2; while :; do sleep 0.01; done");
  is_cancelled_ = [this] { return !lines_.empty(); };
  EXPECT_THROW(Run(), CancelledError);
  is_cancelled_ = [] { return false; };
  EXPECT_EQ(Run().profile_json, "rest\n");
}

TEST_F(BenchmarkRunnerTest, AProfileOfOtherThreadsIsNotTakenOver) {
  Script("echo run >> ../../log; echo x > edge-edge1.json");
  Run();
  BenchmarkRunnerOptions options{.host = "edge1",
                                 .threads = 4,
                                 .folder = folder_.path() / "benchmarks",
                                 .program = folder_.path() / "program"};
  BenchmarkRunner other(options, cache_);
  other.Run(
      request_, [](const std::string&) {}, [] { return false; });
  EXPECT_EQ(Log(), "run\nrun\n");
}

TEST_F(BenchmarkRunnerTest, OneThatSaysNothingIsEnded) {
  Script("echo now >&2; while :; do sleep 0.01; done");
  BenchmarkRunnerOptions options{.host = "edge1",
                                 .folder = folder_.path() / "benchmarks",
                                 .program = folder_.path() / "program",
                                 .silence_limit = Seconds(0.3)};
  BenchmarkRunner impatient(options, cache_);
  try {
    impatient.Run(
        request_, [](const std::string&) {}, [] { return false; });
    FAIL() << "it hangs";
  } catch (const CancelledError&) {
    FAIL() << "nobody cancelled it";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "the benchmark said nothing for 0 s and was ended");
  }
}

TEST_F(BenchmarkRunnerTest, KeepsTheFoldersThatWereUsedLast) {
  Script("echo x > edge-edge1.json");
  BenchmarkRunnerOptions options{.host = "edge1",
                                 .folder = folder_.path() / "benchmarks",
                                 .program = folder_.path() / "program",
                                 .kept_folders = 2};
  BenchmarkRunner forgetful(options, cache_);
  const auto run = [&](int repeats) {
    request_.set_repeats(repeats);
    forgetful.Run(
        request_, [](const std::string&) {}, [] { return false; });
  };
  const auto old = options.folder / "old";
  fs::create_directories(old);
  fs::last_write_time(old, fs::file_time_type::clock::now() - std::chrono::hours(24 * 8));
  for (int i = 1; i <= 5; ++i) run(i);
  EXPECT_FALSE(fs::exists(old));
  const auto count = std::distance(fs::directory_iterator(options.folder), {});
  EXPECT_EQ(count, 3);  // the last one is new
}

TEST_F(BenchmarkRunnerTest, TellsWhyItFailed) {
  Script("echo 'vgg16: measuring' >&2; echo 'scission: error: vgg16: no such thing' >&2; exit 2");
  EXPECT_EQ(ErrorOf([this] { Run(); }), "vgg16: no such thing");
  Script("kill -SEGV $$");
  EXPECT_THROW(
      {
        try {
          Run();
        } catch (const std::runtime_error& error) {
          EXPECT_STREQ(error.what(), "the benchmark was killed: Segmentation fault");
          throw;
        }
      },
      std::runtime_error);
  Script("echo 'scission: out of memory' >&2; exit 1");
  try {
    Run();
    FAIL();
  } catch (const InputError&) {
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "out of memory");
  }
}

TEST_F(BenchmarkRunnerTest, GivesABlobAsAFileOfTheModelsName) {
  const auto push = [this](const std::string& data) {
    Sha256 hash;
    hash.Add(data);
    const std::string name = hash.Finish();
    BlobUpload upload(cache_, {name, static_cast<std::int64_t>(data.size())}, [] { return false; });
    upload.Append(data);
    upload.Finish();
    return name;
  };
  Script(
      "for last; do :; done; cat $last $(dirname $last)/w.bin > ../../log; "
      "basename $last >> ../../log; stat -c %h $(dirname $last)/w.bin >> ../../log; "
      "echo x > edge-edge1.json");
  request_.set_blob_sha256(push("model "));
  request_.set_model_name("mynet");
  request_.set_data_sha256(push("weights "));
  request_.set_data_name("w.bin");
  Run();
  EXPECT_EQ(Log(), "model weights mynet.onnx\n1\n");
  request_.set_blob_sha256(std::string(64, 'b'));
  EXPECT_THROW(Run(), NotFoundError);
}

TEST_F(BenchmarkRunnerTest, MeasuresThePlansOfAProfile) {
  Script(
      "echo \"$@\" > ../../log; cat plans.json edge-edge1.json >> ../../log; "
      "echo more >> edge-edge1.json");
  request_.set_plans_json("plans\n");
  request_.set_profile_json("old\n");
  request_.set_effort("full");
  EXPECT_EQ(Run().profile_json, "old\nmore\n");
  EXPECT_THAT(Log(), HasSubstr("plans.json edge edge1 vgg16\nplans\nold\n"));
  EXPECT_THAT(Log(), HasSubstr(" --ranges "));
  EXPECT_THAT(Log(), Not(HasSubstr("--effort")));
}

TEST_F(BenchmarkRunnerTest, PassesOnHowTheModelIsOpened) {
  Script("echo \"$@\" >> ../../log; echo profile > edge-edge1.json");
  request_.set_batch_size(4);
  request_.set_max_cut_tensors(2);
  (*request_.mutable_dimensions())["--threads"] = 7;
  request_.set_measures_codecs(true);
  Run();
  const std::string words = " --batch-size 4 --max-cut-tensors 2 --dim=--threads=7 ";
  EXPECT_THAT(Log(), HasSubstr(words + "--codecs edge edge1 vgg16\n"));
  request_.set_plans_json("plans\n");
  request_.set_profile_json("old\n");
  Run();
  EXPECT_THAT(Log(), HasSubstr(words + "--ranges "));
}

TEST_F(BenchmarkRunnerTest, RunsOneAtATime) {
  Script(
      "touch ../../running; while [ ! -e ../../go ]; do sleep 0.01; done; "
      "echo x > edge-edge1.json");
  std::thread first([this] { Run(); });
  while (!fs::exists(folder_.path() / "running")) std::this_thread::yield();

  v1::BenchmarkRequest other = request_;
  other.set_built_in("vgg19");
  std::vector<std::string> told;
  std::atomic<bool> is_told = false;
  std::thread second([&] {
    runner_.Run(
        other,
        [&](const std::string& line) {
          told.push_back(line);
          is_told = true;
        },
        [] { return false; });
  });
  while (!is_told) std::this_thread::yield();

  const auto no_line = [](const std::string&) {};
  try {
    runner_.Run(other, no_line, [] { return false; });
    ADD_FAILURE() << "a third one waits";
  } catch (const ExhaustedError& error) {
    EXPECT_STREQ(error.what(), "1 benchmarks wait here already");
  }
  WriteFileAtomically(folder_.path() / "go", "");
  first.join();
  second.join();
  EXPECT_THAT(told, ElementsAre("waiting for 1 other benchmark on this host"));
}

TEST_F(BenchmarkRunnerTest, WaitingCanBeCancelled) {
  Script(
      "touch ../../running; while [ ! -e ../../go ]; do sleep 0.01; done; "
      "echo x > edge-edge1.json");
  std::thread first([this] { Run(); });
  while (!fs::exists(folder_.path() / "running")) std::this_thread::yield();
  EXPECT_THROW(runner_.Run(
                   request_, [](const std::string&) {}, [] { return true; }),
               CancelledError);
  WriteFileAtomically(folder_.path() / "go", "");
  first.join();
}

TEST_F(BenchmarkRunnerTest, RefusesWhatIsNotAskedProperly) {
  Script("exit 1");
  const auto error_after = [this](auto change) {
    v1::BenchmarkRequest changed = request_;
    change(changed);
    return ErrorOf([&] {
      runner_.Run(
          changed, [](const std::string&) {}, [] { return false; });
    });
  };
  EXPECT_THAT(error_after([](auto& request) { request.set_tier("-x"); }), HasSubstr("tier: must"));
  EXPECT_THAT(error_after([](auto& request) { request.set_tier(""); }), HasSubstr("tier: must"));
  EXPECT_EQ(error_after([](auto& request) { request.set_built_in("/etc/passwd"); }),
            "built_in: '/etc/passwd' is not a built-in model of this worker");
  EXPECT_EQ(error_after([](auto& request) { request.clear_model(); }),
            "model: is missing: a built-in model's name or a blob");
  EXPECT_EQ(error_after([](auto& request) { request.set_effort("--help"); }),
            "effort: '--help' is not quick, normal, full or exhaustive");
  EXPECT_EQ(error_after([](auto& request) { request.set_repeats(-1); }),
            "repeats: must be 0 to 10000");
  EXPECT_EQ(error_after([](auto& request) { request.set_batch_size(-1); }),
            "batch_size: must be 0 to 65536");
  EXPECT_EQ(error_after([](auto& request) { request.set_max_cut_tensors(65); }),
            "max_cut_tensors: must be 0 to 64");
  EXPECT_EQ(error_after([](auto& request) { (*request.mutable_dimensions())["a\nb"] = 1; }),
            "dimensions: 'a b' is not a dimension's name");
  EXPECT_EQ(error_after([](auto& request) { (*request.mutable_dimensions())["T"] = 0; }),
            "dimensions: the size of 'T' is not a number from 1 to 2147483647");
  EXPECT_EQ(error_after([](auto& request) { request.set_plans_json("x"); }),
            "plans_json: and profile_json go together");
  EXPECT_THAT(error_after([](auto& request) {
                request.set_blob_sha256(std::string(64, 'a'));
                request.set_model_name("../x");
              }),
              HasSubstr("model_name: '../x' must be"));
}

}  // namespace
}  // namespace scission
