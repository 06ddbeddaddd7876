#include "report/run_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/testing/run_example.h"

namespace scission {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::RunExample;
using ::testing::StartsWith;
using Json = nlohmann::json;

TEST(RunTable, HasARowForEachPartOfARequestInTheirOrder) {
  EXPECT_EQ(RunCsv(RunExample()),
            "what,predicted_ms,alone_ms,median_ms,p90_ms,p99_ms,error_percent,waiting_ms,codec,"
            "planned_bytes,sent_bytes,planned_reply_bytes,reply_bytes\n"
            "pi takes the request,,,2.0,2.0,2.0,,,,,,,\n"
            "pi = 0 - 4,10.0,7.5,8.0,9.0,9.0,25.0,2.0,,,,,\n"
            "pi to gpu,3.0,,6.0,6.0,7.0,-50.0,,zstd,1000,700,500,700\n"
            "gpu = 5 - 9,3.0,,3.0,3.0,3.0,0.0,0.0,,,,,\n"
            "end to end,16.0,13.5,20.0,21.0,21.0,-20.0,,,,,,\n"
            "as the caller sees it,,,22.0,23.0,23.0,,,,,,,\n");
}

TEST(RunTable, EndToEndIsWhatACallerAtTheSourceSees) {
  RunReport report = RunExample();
  report.is_from_caller = true;
  report.predicted_entry = Milliseconds(4);
  EXPECT_THAT(RunCsv(report), AllOf(HasSubstr("\ncaller to pi,4.0,,2.0,2.0,2.0,100.0,"),
                                    ::testing::Not(HasSubstr("takes the request")),
                                    ::testing::Not(HasSubstr("as the caller sees it"))));
}

TEST(RunTable, ARelayHasNoRowOfItsOwn) {
  RunReport report = RunExample();
  report.stages[0].stage.kind = StageKind::kRelay;
  EXPECT_THAT(RunCsv(report), AllOf(HasSubstr("pi takes the request"), HasSubstr("pi to gpu"),
                                    ::testing::Not(HasSubstr("0 - 4"))));
}

TEST(RunTable, TellsPeopleWhatBecameOfTheRequests) {
  RunReport report = RunExample();
  report.notes = {"pi and gpu are on one machine"};
  report.losses = {{"edge", "edge: no route", 1, "going on without edge"}};
  EXPECT_THAT(RunText(report),
              AllOf(StartsWith("m: pi = 0 - 4, gpu = 5 - 9\n2 requests answered\n\n"),
                    HasSubstr("throughput: 45.50 a second; the plan's bottleneck allows 100.00\n"),
                    HasSubstr("all equal the unsplit model's; largest deviation 2.5e-07 of the"),
                    HasSubstr("after 1 answer: edge: no route; going on without edge\n"),
                    HasSubstr("pi and gpu are on one machine\n")));
  report.is_lossy = true;
  report.rejected = 3;
  EXPECT_THAT(RunText(report), AllOf(HasSubstr("2 requests answered, 3 refused by full queues"),
                                     HasSubstr("changed by a lossy codec")));
  report.wrong = 1;
  report.first_difference = "output 'y': element 0 is 1, not 2";
  EXPECT_THAT(RunText(report), HasSubstr("1 of 2 differ from the unsplit model's: output 'y'"));
}

TEST(RunTable, TellsProgramsTheSame) {
  RunReport report = RunExample();
  report.losses = {{"", "no answer", 1, "x"}};
  const Json json = Json::parse(RunJson(report));
  EXPECT_EQ(json["format"], "scission-run");
  EXPECT_EQ(json["version"], 1);
  EXPECT_EQ(json["requests"], 2);
  EXPECT_TRUE(json["first_difference"].is_null());
  EXPECT_EQ(json["throughput"]["bottleneck_per_s"], 100);
  ASSERT_EQ(json["rows"].size(), 6u);
  EXPECT_EQ(json["rows"][2]["sent_bytes"], 700);
  EXPECT_TRUE(json["rows"][0]["predicted_ms"].is_null());
  EXPECT_TRUE(json["losses"][0]["host"].is_null());
}

}  // namespace
}  // namespace scission
