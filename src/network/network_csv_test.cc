#include "network/network_csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "base/testing/error_of.h"

namespace scission {
namespace {

using ::testing::ElementsAre;

constexpr const char* kHeader = "source,destination,ping(ms),bandwidth(mbps)\n";

class NetworkCsv : public ::testing::Test {
 protected:
  Network Read(const std::string& text) {
    WriteFileAtomically(path_, text);
    warnings_.clear();
    return ReadNetwork(path_, warnings_);
  }

  /// The message without the folder's name.
  std::string ErrorOf(const std::string& text) {
    const std::string message = testing::ErrorOf([&] { Read(text); });
    const std::string folder = folder_.path().string() + "/";
    return message.starts_with(folder) ? message.substr(folder.size()) : message;
  }

  TemporaryFolder folder_;
  const std::filesystem::path path_ = folder_.path() / "n.csv";
  std::vector<std::string> warnings_;
};

TEST_F(NetworkCsv, ReadsLinksInOneDirection) {
  const Network network = Read(std::string(kHeader) + "pi,6700k(GPU),   66.7,  1.6\n");
  ASSERT_NE(network.Find("pi", "6700k(GPU)"), nullptr);
  EXPECT_EQ(network.Find("pi", "6700k(GPU)")->latency, Seconds(66.7 / 1000));
  EXPECT_EQ(network.Find("pi", "6700k(GPU)")->bytes_per_second, 200000);
  EXPECT_EQ(network.Find("6700k(GPU)", "pi"), nullptr);
  EXPECT_THAT(warnings_, ElementsAre());
}

TEST_F(NetworkCsv, SkipsCommentsBlanksAndByteOrderMark) {
  const Network network = Read("\xEF\xBB\xBF# measured at home\r\n\r\n" + std::string(kHeader) +
                               "  a , b , 1 , 8 \r\n   \n  # off: a,c,1,1\n");
  ASSERT_EQ(network.links.size(), 1u);
  EXPECT_EQ(network.Find("a", "b")->bytes_per_second, 1e6);
}

TEST_F(NetworkCsv, RoundsBandwidthToBytesHalfToEven) {
  const Network network =
      Read(std::string(kHeader) + "a,b,0,0.000012\na,c,0,1e-4\na,d,0,0.00002\n");
  EXPECT_EQ(network.Find("a", "b")->bytes_per_second, 2);   // 1.5
  EXPECT_EQ(network.Find("a", "c")->bytes_per_second, 12);  // 12.5
  EXPECT_EQ(network.Find("a", "d")->bytes_per_second, 2);   // 2.5
}

TEST_F(NetworkCsv, LetsTheLastOfTwoRowsWinWithAWarning) {
  const Network network = Read(std::string(kHeader) + "a,b,1,1\na,b,2,1\n");
  EXPECT_EQ(network.Find("a", "b")->latency, Milliseconds(2));
  EXPECT_THAT(warnings_, ElementsAre(path_.string() +
                                     ":3: the link from a to b stands twice; this row counts"));
}

TEST_F(NetworkCsv, WarnsWhereTheHeaderLooksLikeALink) {
  Read("a,b,1,1\na,c,1,1\n");
  EXPECT_THAT(warnings_,
              ElementsAre(path_.string() +
                          ":1: the first row is taken as the header, but looks like a link"));
}

TEST_F(NetworkCsv, NamesTheLineOfWhatIsWrong) {
  const auto error = [&](const std::string& row) { return ErrorOf(kHeader + row); };
  EXPECT_EQ(error("\na,b,1\n"),
            "n.csv:3: has 3 column(s); source,destination,ping(ms),bandwidth(mbps) are needed");
  EXPECT_EQ(error("a,b,1,2,3"),
            "n.csv:2: has 5 column(s); source,destination,ping(ms),bandwidth(mbps) are needed");
  EXPECT_EQ(error(",b,1,1"), "n.csv:2: a host's name is empty");
  EXPECT_EQ(error("a, ,1,1"), "n.csv:2: a host's name is empty");
  EXPECT_EQ(error("a,b,x,1"), "n.csv:2: the ping 'x' is not a finite number");
  EXPECT_EQ(error("a,b,nan,1"), "n.csv:2: the ping 'nan' is not a finite number");
  EXPECT_EQ(error("a,b,inf,1"), "n.csv:2: the ping 'inf' is not a finite number");
  EXPECT_EQ(error("a,b,-1,1"), "n.csv:2: the ping is negative");
  EXPECT_EQ(error("a,b,1,"), "n.csv:2: the bandwidth '' is not a finite number");
  EXPECT_EQ(error("a,b,1,0"), "n.csv:2: the bandwidth must be above 0");
  EXPECT_EQ(error("a,b,1,-1"), "n.csv:2: the bandwidth must be above 0");
  EXPECT_EQ(error("a,b,1,1e-9"), "n.csv:2: the bandwidth is below 1 byte a second");
  EXPECT_EQ(error("a,b,1,1e308"), "n.csv:2: the bandwidth is too large");
  EXPECT_EQ(ErrorOf(""), "n.csv: is empty");
  EXPECT_EQ(ErrorOf("# nothing\n"), "n.csv: is empty");
}

TEST_F(NetworkCsv, WritesWhatItReads) {
  const Link links[] = {
      {Milliseconds(61.728395), 5000},        {Seconds(0), 1},
      {Milliseconds(0.000001), 1e12},         {Milliseconds(12345.678901), 123456789},
      {Milliseconds(0.080123), 2147483647.0}, {Milliseconds(66.7), 200000}};
  std::filesystem::remove(path_);
  for (std::size_t i = 0; i < std::size(links); ++i) {
    WriteLink(path_, "pi", std::to_string(i), links[i]);
  }
  const Network network = ReadNetwork(path_, warnings_);
  EXPECT_EQ(network.links.size(), std::size(links));
  for (std::size_t i = 0; i < std::size(links); ++i) {
    ASSERT_NE(network.Find("pi", std::to_string(i)), nullptr);
    EXPECT_EQ(*network.Find("pi", std::to_string(i)), links[i]);
  }
  EXPECT_THAT(warnings_, ElementsAre());
}

TEST_F(NetworkCsv, MakesAFileThatIsNotThere) {
  std::filesystem::remove(path_);
  WriteLink(path_, "pi", "6700k(GPU)", {Milliseconds(66.7), 200000});
  EXPECT_EQ(ReadFile(path_), std::string(kHeader) + "pi,6700k(GPU),66.7,1.6\n");
}

TEST_F(NetworkCsv, PutsALinkInThePlaceOfItsOldRows) {
  WriteFileAtomically(path_,
                      "a,b,ping,mbps\r\n# mine\r\n a , b,1,8\nb,a,1,8\n\n#a,b,9,9\na,b,2,8\n");
  WriteLink(path_, "a", "b", {Milliseconds(3), 2e6});
  EXPECT_EQ(ReadFile(path_), "a,b,ping,mbps\n# mine\na,b,3,16\nb,a,1,8\n\n#a,b,9,9\n");
  WriteLink(path_, "a", "c", {Milliseconds(4), 2e6});
  EXPECT_EQ(ReadFile(path_), "a,b,ping,mbps\n# mine\na,b,3,16\nb,a,1,8\n\n#a,b,9,9\na,c,4,16\n");
}

TEST_F(NetworkCsv, LeavesAFileAloneThatIsNoNetwork) {
  WriteFileAtomically(path_, "hello\n");
  EXPECT_THROW(WriteLink(path_, "a", "b", {Seconds(0), 1}), InputError);
  EXPECT_EQ(ReadFile(path_), "hello\n");
}

TEST_F(NetworkCsv, RefusesNamesThatCannotStandInIt) {
  for (const std::string name : {"", " a", "a\r", "a,b", "a\nb", "#a", "\"a\""}) {
    EXPECT_NE(testing::ErrorOf([&] { RequireNetworkName("hosts.toml", name); }), "no error");
  }
  EXPECT_EQ(testing::ErrorOf([&] { RequireNetworkName("hosts.toml", "a,b"); }),
            "hosts.toml: the host's name 'a,b' cannot stand in a network file, a CSV file without "
            "quotes");
  RequireNetworkName("hosts.toml", "6700k(GPU) \"x\" #1");
}

}  // namespace
}  // namespace scission
