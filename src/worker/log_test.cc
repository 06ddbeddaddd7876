#include "worker/log.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <thread>
#include <vector>

#include "base/file.h"
#include "base/text.h"

namespace scission {
namespace {

using ::testing::MatchesRegex;

/// What `write` logs as host "edge 1".
template <typename Write>
std::string Logged(const Write& write) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "log";
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  write(Log("edge 1", descriptor));
  ::close(descriptor);
  return ReadFile(file);
}

TEST(Log, WritesLogfmt) {
  const std::string text = Logged([](const Log& log) {
    log.Warning("load", {{"stage", "a.1"}, {"load_ms", 12.25}, {"bytes", 7}, {"again", true}});
  });
  EXPECT_THAT(text, MatchesRegex("ts=20[0-9-]{8}T[0-9:]{8}\\.[0-9]{3}Z level=warning event=load "
                                 "host=\"edge 1\" stage=a.1 load_ms=12.25 bytes=7 again=true\n"));
}

TEST(Log, NoValueBecomesALineOrFieldOfItsOwn) {
  EXPECT_EQ(LogValue("a\nlevel=error"), "\"a level=error\"");
  EXPECT_EQ(LogValue("say \"x\" \\"), "\"say \\\"x\\\" \\\\\"");
  EXPECT_EQ(LogValue(""), "\"\"");
  EXPECT_EQ(LogValue("\x1b[31m\xff"), "?[31m?");
  EXPECT_EQ(LogValue("edge1"), "edge1");
  EXPECT_LT(LogValue(std::string(100000, 'x')).size(), 2100);
}

TEST(Log, LinesOfThreadsDoNotMix) {
  const std::string text = Logged([](const Log& log) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&log] {
        for (int line = 0; line < 100; ++line) log.Info("x", {{"text", std::string(500, 'y')}});
      });
    }
    for (std::thread& thread : threads) thread.join();
  });
  const std::vector<std::string> lines = Split(text, '\n');
  ASSERT_EQ(lines.size(), 401);
  for (std::size_t i = 0; i < 400; ++i) {
    EXPECT_TRUE(lines[i].starts_with("ts=") && lines[i].ends_with("text=" + std::string(500, 'y')));
  }
}

}  // namespace
}  // namespace scission
