#include "report/plan_inputs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "base/sha256.h"
#include "base/testing/error_of.h"

namespace scission {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// plans/plan.json, made from profiles/device-pi.json and n.csv.
class SavedPlans : public ::testing::Test {
 protected:
  SavedPlans() {
    fs::create_directories(folder_.path() / "plans");
    fs::create_directories(folder_.path() / "profiles");
    WriteFileAtomically(profile_, "profile");
    WriteFileAtomically(network_, "network");
    SavePlans("{\n  \"format\": \"x\",\n  \"latency_ms\": 0.1\n}\n", {profile_, network_}, plan_);
  }

  nlohmann::ordered_json Read() const { return nlohmann::ordered_json::parse(ReadFile(plan_)); }

  std::vector<fs::path> Inputs() const {
    const auto document = JsonReader::Parse(plan_.string(), ReadFile(plan_));
    return InputsOf(JsonReader(plan_.string(), document), plan_);
  }

  /// The message without the folder's name.
  std::string Error() const {
    const auto document = JsonReader::Parse(plan_.string(), ReadFile(plan_));
    const std::string error = testing::ErrorOf(
        [&] { RequireUnchangedInputs(JsonReader(plan_.string(), document), plan_); });
    const auto name = error.find("plan.json: ");
    return name == std::string::npos ? error : error.substr(name);
  }

  TemporaryFolder folder_;
  const fs::path profile_ = folder_.path() / "profiles/device-pi.json";
  const fs::path network_ = folder_.path() / "n.csv";
  const fs::path plan_ = folder_.path() / "plans/plan.json";
};

TEST_F(SavedPlans, KeepWhatWasThereAndNameTheInputsFromTheirFolder) {
  const auto json = Read();
  std::vector<std::string> keys;
  for (const auto& [key, value] : json.items()) keys.push_back(key);
  EXPECT_THAT(keys, ElementsAre("format", "latency_ms", "inputs"));
  EXPECT_EQ(json["latency_ms"], 0.1);
  EXPECT_EQ(json["inputs"][0]["file"], "../profiles/device-pi.json");
  EXPECT_EQ(json["inputs"][1]["file"], "../n.csv");
  // printf network | sha256sum
  EXPECT_EQ(json["inputs"][1]["sha256"],
            "3009be769fb8f956e8413ee9f3e0836e34968bc40457d0a10c549d2edcf00cc1");
}

TEST_F(SavedPlans, TellTheirInputs) {
  const auto inputs = Inputs();
  ASSERT_EQ(inputs.size(), 2u);
  EXPECT_EQ(ReadFile(inputs[0]), "profile");
  EXPECT_EQ(ReadFile(inputs[1]), "network");
  WriteFileAtomically(plan_, "{}");
  EXPECT_TRUE(Inputs().empty());
}

TEST_F(SavedPlans, AreGoodWhileTheirInputsAreAsTheyWere) {
  EXPECT_EQ(Error(), "no error");
  fs::remove(profile_);
  EXPECT_EQ(Error(), "no error");
}

TEST_F(SavedPlans, NameTheInputThatHasChanged) {
  WriteFileAtomically(network_, "Network");
  EXPECT_EQ(
      Error(),
      "plan.json: was made from ../n.csv, which has changed since; make it anew with 'predict "
      "--save'");
  fs::remove(network_);
  fs::create_directory(network_);
  EXPECT_THAT(Error(), HasSubstr("was made from ../n.csv, which has changed since"));
}

TEST_F(SavedPlans, NameThePlaceOfAnError) {
  const auto error = [&](const std::string& inputs) {
    WriteFileAtomically(plan_, "{\"inputs\": " + inputs + "}");
    return Error();
  };
  EXPECT_EQ(error("null"), "no error");
  EXPECT_EQ(error("7"), "plan.json: inputs: must be an array");
  EXPECT_EQ(error("[{\"file\": 7}]"), "plan.json: inputs[0].file: must be a string");
  EXPECT_EQ(error("[{\"file\": \"../n.csv\"}]"), "plan.json: inputs[0]: 'sha256' is missing");
  EXPECT_EQ(error("[{\"file\": \"a\\u0000b\", \"sha256\": \"\"}]"),
            "plan.json: inputs[0].file: is not the name of a file");
  // Neither waits for what never ends nor fails for what cannot be.
  EXPECT_THAT(error("[{\"file\": \"/dev/zero\", \"sha256\": \"\"}]"), HasSubstr("has changed"));
  EXPECT_EQ(error("[{\"file\": \"" + std::string(100'000, 'a') + "\", \"sha256\": \"\"}]"),
            "no error");
}

}  // namespace
}  // namespace scission
