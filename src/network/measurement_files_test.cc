#include "network/measurement_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/testing/error_of.h"
#include "network/network_csv.h"

namespace scission {
namespace {

using ::testing::ElementsAre;

LinkMeasurement Measured(const std::string& from, const std::string& to, double bytes_per_second) {
  LinkMeasurement link{{from, to}, "2026-11-27T00:00:00Z", {}, {}};
  const Link truth{Milliseconds(0.125), bytes_per_second};
  for (const double bytes : {1024.0, 65536.0, 1024.0, 65536.0}) {
    link.transfers.push_back({static_cast<std::int64_t>(bytes), RoundTrip(truth, Bytes{bytes})});
  }
  link.fit = FitLink(link.transfers);
  return link;
}

class MeasurementFiles : public ::testing::Test {
 protected:
  /// The message without the folder's name.
  std::string ErrorOf(const std::function<void()>& work) {
    const std::string message = testing::ErrorOf(work);
    const std::string folder = folder_.path().string() + "/";
    return message.starts_with(folder) ? message.substr(folder.size()) : message;
  }

  TemporaryFolder folder_;
  const std::filesystem::path csv_ = folder_.path() / "network.csv";
  const std::filesystem::path json_ = folder_.path() / "network.json";
};

TEST_F(MeasurementFiles, HoldsTheSamplesAndTheFit) {
  SaveMeasurement(csv_, Measured("a", "b", 8e6));
  const auto json = nlohmann::json::parse(ReadFile(json_));
  EXPECT_EQ(json["format"], "scission-network");
  EXPECT_EQ(json["version"], 1);
  const auto& link = json["links"].at(0);
  EXPECT_EQ(link["from"], "a");
  EXPECT_EQ(link["to"], "b");
  EXPECT_EQ(link["date"], "2026-11-27T00:00:00Z");
  EXPECT_DOUBLE_EQ(link["latency_ms"], 0.125);
  EXPECT_DOUBLE_EQ(link["bandwidth_mbps"], 64);
  EXPECT_NEAR(link["worst_error_percent"], 0, 1e-6);
  const auto& size = link["sizes"].at(1);
  EXPECT_EQ(size["bytes"], 65536);
  EXPECT_DOUBLE_EQ(size["median_ms"], 0.25 + 8.192);
  EXPECT_DOUBLE_EQ(size["fitted_ms"], 0.25 + 8.192);
  EXPECT_EQ(size["samples_ms"].size(), 2u);
  EXPECT_DOUBLE_EQ(size["samples_ms"].at(0), 0.25 + 8.192);
}

TEST_F(MeasurementFiles, ReadsWhatItWrote) {
  const LinkMeasurement link = Measured("a", "b", 12345678);
  SaveMeasurement(csv_, link);
  const auto links = ReadMeasurements(json_);
  ASSERT_EQ(links.size(), 1u);
  EXPECT_EQ(links[0].ends, link.ends);
  EXPECT_EQ(links[0].date, link.date);
  EXPECT_EQ(links[0].fit.link, link.fit.link);
  EXPECT_EQ(links[0].transfers.size(), 4u);
  std::vector<std::string> warnings;
  EXPECT_EQ(*ReadNetwork(csv_, warnings).Find("a", "b"), link.fit.link);
  EXPECT_THAT(warnings, ElementsAre());
}

TEST_F(MeasurementFiles, KeepsOtherLinks) {
  WriteFileAtomically(csv_, "source,destination,ping(ms),bandwidth(mbps)\nc,a,7,8\na,b,1,2\n");
  for (const double bytes_per_second : {1e6, 2e6}) {
    SaveMeasurement(csv_, Measured("a", "b", bytes_per_second));
    SaveMeasurement(csv_, Measured("b", "a", 3e6));
  }
  EXPECT_EQ(ReadFile(csv_),
            "source,destination,ping(ms),bandwidth(mbps)\nc,a,7,8\na,b,0.125,16\nb,a,0.125,24\n");
  const auto links = ReadMeasurements(json_);
  ASSERT_EQ(links.size(), 2u);
  EXPECT_EQ(links[0].ends, (HostPair{"a", "b"}));
  EXPECT_EQ(links[0].fit.link.bytes_per_second, 2e6);
  EXPECT_EQ(links[1].ends, (HostPair{"b", "a"}));
}

TEST_F(MeasurementFiles, AreCheckedBeforeAnythingIsMeasured) {
  const auto error = [&](const std::filesystem::path& csv) {
    return ErrorOf([&] { RequireSavable(csv); });
  };
  EXPECT_EQ(error(csv_), "no error");
  EXPECT_FALSE(std::filesystem::exists(csv_));
  EXPECT_EQ(error(json_), "network.json: is the name of the file beside the CSV file");
  WriteFileAtomically(csv_, "a,b\n");
  EXPECT_EQ(error(csv_),
            "network.csv:1: has 2 column(s); source,destination,ping(ms),bandwidth(mbps) are "
            "needed");
  WriteFileAtomically(csv_, "s,d,p,b\n");
  EXPECT_EQ(error(csv_), "no error");
  WriteFileAtomically(json_, "{\"profiles\": []}");
  EXPECT_EQ(error(csv_),
            "network.json: is not a file of measured links (of network measure): \"format\" is not "
            "\"scission-network\"");
  EXPECT_NE(error(folder_.path() / "missing" / "n.csv"), "no error");
}

TEST_F(MeasurementFiles, NameThePlaceOfWhatIsWrong) {
  SaveMeasurement(csv_, Measured("a", "b", 1e6));
  const auto good = nlohmann::json::parse(ReadFile(json_));
  const auto error = [&](const std::function<void(nlohmann::json&)>& damage) {
    auto json = good;
    damage(json["links"][0]);
    WriteFileAtomically(json_, json.dump());
    return ErrorOf([&] { ReadMeasurements(json_); });
  };
  EXPECT_EQ(error([](auto&) {}), "no error");
  EXPECT_EQ(error([](auto& link) { link["to"] = ""; }),
            "network.json: links[0].to: must not be empty");
  EXPECT_EQ(error([](auto& link) { link["sizes"].erase(0); }),
            "network.json: links[0].sizes: has less than two sizes");
  EXPECT_EQ(error([](auto& link) { link["sizes"][0]["bytes"] = 65536; }),
            "network.json: links[0].sizes: has a size twice, or one without samples");
  EXPECT_EQ(error([](auto& link) { link["sizes"][0]["samples_ms"].clear(); }),
            "network.json: links[0].sizes: has a size twice, or one without samples");
  EXPECT_EQ(error([](auto& link) { link["sizes"][1]["samples_ms"][1] = 0; }),
            "network.json: links[0].sizes[1].samples_ms[1]: 0 is outside 1e-06 to 1000000000000");
}

}  // namespace
}  // namespace scission
