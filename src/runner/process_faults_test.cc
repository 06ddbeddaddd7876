// Whatever becomes of a segment's process, this one lives on and says what it was.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <optional>
#include <thread>

#include "base/random.h"
#include "base/testing/error_of.h"
#include "model/testing/onnx_builder.h"
#include "runner/segment_process.h"
#include "runner/testing/served_models.h"
#include "runner/testing/serving.h"

namespace scission {
namespace {

using testing::BytesOf;
using testing::ErrorOf;
using ::testing::HasSubstr;
using testing::In;
using ::testing::IsEmpty;
using testing::Put;
using testing::Serve;
using ::testing::SizeIs;
using testing::Soon;
using testing::ValuesOf;

constexpr float kForEver = 1e18f;  // turns of a loop

/// Of this thread.
std::vector<pid_t> Children() {
  std::ifstream file("/proc/thread-self/children");
  std::vector<pid_t> children;
  for (pid_t child = 0; file >> child;) children.push_back(child);
  return children;
}

std::string ProcessErrorOf(SegmentProcess& process, Deadline deadline = Soon()) {
  try {
    process.Wait(deadline);
  } catch (const ProcessTimeout& error) {
    return std::string("timeout: ") + error.what();
  } catch (const ProcessError& error) {
    return error.what();
  }
  return "no error";
}

class ProcessFaults : public ::testing::Test {
 protected:
  SegmentProcessOptions Options(const onnx::ModelProto& model) const {
    return {.model = testing::WriteModel(folder_, model), .engine = {.threads = 1}, .slots = 2};
  }

  /// Starts a request of a LoopingModel.
  static void Start(SegmentProcess& process, int slot, float turns) {
    process.Start(slot, {Put(process, slot, 0, BytesOf<float>({turns}))}, Codec::kNone, Soon());
  }

  /// What starting a request says where the process has to be started again.
  static std::string RestartErrorOf(SegmentProcess& process) {
    try {
      Start(process, 0, 1);
    } catch (const ProcessError& error) {
      return error.what();
    }
    return "no error";
  }

  static void ExpectServing(SegmentProcess& process) {
    EXPECT_EQ(ValuesOf<float>(Serve(process, BytesOf<float>({2})).data), std::vector<float>{2});
  }

  TemporaryFolder folder_;
};

TEST_F(ProcessFaults, ACrashWhileRunningIsAnErrorAndTheNextRequestRuns) {
  if (!testing::kDivisionTraps) GTEST_SKIP() << "this processor does not trap";
  SegmentProcess process(Options(testing::CrashingModel()), Soon());
  const auto input = [](std::int64_t value) { return BytesOf<std::int64_t>({value, 5}); };
  const auto output = ValuesOf<std::int64_t>(Serve(process, input(3)).data);
  EXPECT_EQ(output, (std::vector<std::int64_t>{-3, -5}));
  process.Start(0, {Put(process, 0, 0, input(INT64_MIN))}, Codec::kNone, Soon());
  process.Start(1, {Put(process, 1, 0, input(4))}, Codec::kNone, Soon());
  EXPECT_EQ(ProcessErrorOf(process),
            "the process that ran it was killed: Floating point exception");
  EXPECT_EQ(process.restarts(), 0);
  EXPECT_EQ(ValuesOf<std::int64_t>(Serve(process, input(7)).data)[0], -7);
  EXPECT_EQ(process.restarts(), 1);
}

TEST_F(ProcessFaults, AKilledProcessIsAnErrorAndTheNextRequestRuns) {
  SegmentProcess process(Options(testing::LoopingModel()), Soon());
  ExpectServing(process);
  const std::vector<pid_t> children = Children();
  ASSERT_THAT(children, SizeIs(1));
  Start(process, 0, kForEver);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  ::kill(children[0], SIGKILL);
  EXPECT_EQ(ProcessErrorOf(process), "the process that ran it was killed: Killed (out of memory?)");
  EXPECT_THAT(Children(), IsEmpty());  // and no zombie
  ExpectServing(process);
  EXPECT_EQ(process.restarts(), 1);
}

TEST_F(ProcessFaults, AProcessThatDiedIdleIsStartedAgain) {
  SegmentProcess process(Options(testing::LoopingModel()), Soon());
  for (int deaths = 1; deaths <= 2; ++deaths) {
    ::kill(Children().at(0), SIGKILL);
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(Children().at(0)), &info, WEXITED | WNOWAIT);
    ExpectServing(process);
    EXPECT_EQ(process.restarts(), deaths);
  }
}

TEST_F(ProcessFaults, WhatWasCompletedBeforeADeathIsNotLost) {
  SegmentProcess process(Options(testing::LoopingModel()), Soon());
  Start(process, 0, 2);
  Start(process, 1, kForEver);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));  // the first is done by then
  ::kill(Children().at(0), SIGKILL);
  const RunOutcome outcome = process.Wait(Soon());
  EXPECT_EQ(ValuesOf<float>(testing::Take(process, 0, outcome).data), std::vector<float>{2});
  EXPECT_THAT(ProcessErrorOf(process), HasSubstr("was killed"));
  // Its memory is ours.
  EXPECT_EQ(ValuesOf<float>(testing::Take(process, 0, outcome).data), std::vector<float>{2});
}

TEST_F(ProcessFaults, AnEndlessRunEndsAtTheDeadline) {
  SegmentProcess process(Options(testing::LoopingModel()), Soon());
  Start(process, 0, kForEver);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(ProcessErrorOf(process, In(0.2)),
            "timeout: the process that ran it gave no answer in time and was ended");
  const Seconds taken = std::chrono::steady_clock::now() - start;
  EXPECT_GE(taken, Seconds(0.2));
  EXPECT_LT(taken, Seconds(5));
  EXPECT_THAT(Children(), IsEmpty());
  ExpectServing(process);
}

TEST_F(ProcessFaults, AnEndlessLoadEndsAtTheDeadline) {
  const SegmentProcessOptions options = Options(testing::LoopingAtOnce());
  EXPECT_EQ(ErrorOf([&] { SegmentProcess(options, In(1)); }),
            options.model.string() + ": is not loaded within the time limit");
  EXPECT_THAT(Children(), IsEmpty());
}

TEST_F(ProcessFaults, ACrashWhileLoadingIsAnError) {
  if (!testing::kDivisionTraps) GTEST_SKIP() << "this processor does not trap";
  const SegmentProcessOptions options = Options(testing::CrashingAtOnce());
  EXPECT_EQ(
      ErrorOf([&] { SegmentProcess(options, Soon()); }),
      options.model.string() + ": the process that ran it was killed: Floating point exception");
}

TEST_F(ProcessFaults, AModelThatChangedMeanwhileIsRefused) {
  const SegmentProcessOptions options = Options(testing::LoopingModel());
  SegmentProcess process(options, Soon());
  testing::WriteModel(folder_, testing::RandomModel(1, 4));
  Start(process, 0, kForEver);
  ProcessErrorOf(process, In(0.05));
  EXPECT_EQ(RestartErrorOf(process),
            "the process that ran it cannot be started again: " + options.model.string() +
                ": has other inputs and outputs than before");
  testing::WriteModel(folder_, testing::LoopingModel());
  ExpectServing(process);
}

TEST_F(ProcessFaults, AModelThatCannotBeLoadedAgainIsNotTheRequestsFault) {
  const SegmentProcessOptions options = Options(testing::LoopingModel());
  SegmentProcess process(options, Soon());
  std::filesystem::remove(options.model);
  Start(process, 0, kForEver);
  ProcessErrorOf(process, In(0.05));
  EXPECT_THAT(
      RestartErrorOf(process),
      HasSubstr("cannot be started again: " + options.model.string() + ": cannot be opened"));
  testing::WriteModel(folder_, testing::LoopingModel());
  ExpectServing(process);
}

TEST_F(ProcessFaults, MemoryHasALimit) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the address sanitizer itself takes more";
#endif
  SegmentProcessOptions options = Options(testing::CountingModel());
  options.memory_limit = Megabytes(400);
  SegmentProcess process(options, Soon());
  const auto count = [&](float number) {
    return Serve(process, BytesOf<float>({number / 100})).spec.shape.at(0);
  };
  EXPECT_EQ(count(1000), 1000);
  try {
    count(1.5e8f);  // of 600 MB
    ADD_FAILURE() << "there is a limit";
  } catch (const EngineError& error) {
    EXPECT_THAT(error.what(), HasSubstr("it needs more memory than its limit of 400 MB"));
  }
  EXPECT_EQ(count(1000), 1000);
  EXPECT_EQ(process.restarts(), 0);

  options.memory_limit = Megabytes(5);
  EXPECT_THAT(ErrorOf([&] { SegmentProcess(options, Soon()); }), HasSubstr("model.onnx: "));
}

TEST_F(ProcessFaults, TheProcessIsGoneWithItsObject) {
  {
    SegmentProcess process(Options(testing::LoopingModel()), Soon());
    Start(process, 0, kForEver);
    EXPECT_THAT(Children(), SizeIs(1));
  }
  EXPECT_THAT(Children(), IsEmpty());
}

/// Waits for the end of `process`, which is a child of ours or was given to us; false where it goes
/// on.
bool EndsSoon(pid_t process) {
  for (int i = 0; i < 1000; ++i) {
    if (::waitpid(process, nullptr, WNOHANG) == process) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

TEST_F(ProcessFaults, TheProcessIsGoneWithItsParentWhateverItDoes) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // so that orphans become our children
  for (const float turns : {0.0f, kForEver}) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
    const pid_t parent = ::fork();
    if (parent == 0) {
      SegmentProcess process(Options(testing::LoopingModel()), Soon());
      Start(process, 0, turns);
      const pid_t child = Children().at(0);
      if (::write(pipe[1], &child, sizeof(child)) != sizeof(child)) ::_exit(1);
      ::pause();
    }
    pid_t child = -1;
    ASSERT_EQ(::read(pipe[0], &child, sizeof(child)), static_cast<ssize_t>(sizeof(child)));
    EXPECT_EQ(::kill(child, 0), 0);
    ::kill(parent, SIGKILL);
    EXPECT_TRUE(EndsSoon(parent));
    EXPECT_TRUE(EndsSoon(child)) << turns;
    for (const int end : pipe) ::close(end);
  }
}

TEST_F(ProcessFaults, OnlyItsParentEndsIt) {
  SegmentProcess process(Options(testing::LoopingModel()), Soon());
  const pid_t child = Children().at(0);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::kill(child, signal);
  ExpectServing(process);
  EXPECT_EQ(Children().at(0), child);
  EXPECT_EQ(process.restarts(), 0);
}

TEST_F(ProcessFaults, TheProcessInheritsNoDescriptor) {
  const int secret = ::open("/proc/self/cmdline", O_RDONLY);  // without O_CLOEXEC
  SegmentProcess process(Options(testing::LoopingModel()), Soon());
  ExpectServing(process);
  const std::string folder = "/proc/" + std::to_string(Children().at(0)) + "/fd";
  std::vector<std::string> kinds;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string target = std::filesystem::read_symlink(entry.path()).string();
    EXPECT_THAT(target, ::testing::Not(HasSubstr("cmdline")));
    kinds.push_back(target.substr(0, target.find_first_of(":0123456789")));
  }
  EXPECT_EQ(std::count(kinds.begin(), kinds.end(), "socket"), 1);
  EXPECT_EQ(std::count(kinds.begin(), kinds.end(), "/dev/null"), 2);
  EXPECT_EQ(std::count_if(kinds.begin(), kinds.end(),
                          [](const auto& kind) { return kind.starts_with("/memfd"); }),
            2);
  ::close(secret);
}

}  // namespace
}  // namespace scission
