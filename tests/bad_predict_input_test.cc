// What a user can get wrong with `scission predict`.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "bad_input.h"
#include "base/random.h"
#include "profile/testing/pickle_writer.h"

namespace scission::testing {
namespace {

using namespace std::string_literals;

const std::string kNetwork = "source,destination,ping(ms),bandwidth(mbps)\na,b,1,8\n";
const std::string kHtml = "<!DOCTYPE html>\n<html><body>Not found</body></html>\n";

std::string Dat(const std::string& time, const std::string& model = "vgg19") {
  return ProfileFile({{model, {BlockOp(0, 1, time, 1000), BlockOp(2, 5, FloatOp(0.5), 10)}}});
}

const std::string kGoodDat = Dat(FloatOp(0.25));
const std::string kGoodJson = R"({"format": "scission-profile", "version": 1,
"host": {"name": "c", "tier": "cloud", "cpu": "", "cores": 0, "memory_bytes": 0, "governor": "",
"os": ""}, "models": []})";

std::string RandomBytes(const std::string& start) {
  Random random(3);
  std::string bytes = start;
  for (int i = 0; i < 1000; ++i) bytes += static_cast<char>(random.Below(256));
  return bytes;
}

/// A device a, an edge b, the link between them, and what `spoil` makes of them.
Preparation Good(const Preparation& spoil = Nothing()) {
  return Both(Both(File("p/device-a.dat", kGoodDat), File("p/edge-b.dat", kGoodDat)),
              Both(File("n.csv", kNetwork), spoil));
}

const std::vector<std::string> kPredict = {"predict", "p", "n.csv", "vgg19", "--plot", "out"};

std::vector<std::string> With(const std::vector<std::string>& more) {
  std::vector<std::string> arguments = kPredict;
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

BadInput DatCase(const std::string& name, const std::string& contents,
                 const std::string& fragment) {
  return {name, Good(File("p/edge-b.dat", contents)), kPredict, 2, "p/edge-b.dat: " + fragment};
}

BadInput JsonCase(const std::string& name, const std::string& contents,
                  const std::string& fragment) {
  return {name, Good(File("p/cloud-c.json", contents)), kPredict, 2, "p/cloud-c.json" + fragment};
}

BadInput NetworkCase(const std::string& name, const std::string& rows,
                     const std::string& fragment) {
  return {name, Good(File("n.csv", rows)), kPredict, 2, "n.csv" + fragment};
}

BadInput OptionCase(const std::string& name, const std::vector<std::string>& options,
                    const std::string& fragment) {
  return {name, Good(), With(options), 2, fragment};
}

std::vector<BadInput> DatCases() {
  const double nan = std::nan("");
  const double infinity = std::numeric_limits<double>::infinity();
  const std::string not_a_time = "model 'vgg19': block 0: 'second_prediction' is not a finite time";
  return {
      DatCase("DatEmpty", "", "is empty"),
      DatCase("DatTruncated", kGoodDat.substr(0, 100), "byte 100: the file ends too early"),
      DatCase("DatRandom", RandomBytes("\x80\x03"), "byte "),
      DatCase("DatHtml", kHtml, "byte 0: this is no Python pickle"),
      {"DatFolder", Good(Both(Gone("p/edge-b.dat"), Folder("p/edge-b.dat"))), kPredict, 2,
       "p/edge-b.dat: is a directory"},
      {"DatFifo", Good(Fifo("p/edge-b.dat")), kPredict, 2, "p/edge-b.dat: is not a file"},
      DatCase("DatForeignGlobal",
              "\x80\x03"
              "cos\nsystem\nX\x04\0\0\0exit\x85R."s,
              "byte 2: refers to Python's os.system"),
      DatCase("DatForeignOpcode", "\x80\x03i__main__\nx\n.", "byte 2: opcode 0x69"),
      DatCase("DatListAtTopLevel", "\x80\x03].", "holds no measurements by model"),
      DatCase("DatNegativeTime", Dat(FloatOp(-1)), not_a_time),
      DatCase("DatNanTime", Dat(FloatOp(nan)), not_a_time),
      DatCase("DatInfiniteTime", Dat(FloatOp(infinity)), not_a_time),
      DatCase("DatTextTime", Dat(TextOp("1")), not_a_time),
      DatCase(
          "DatOtherLayers",
          ProfileFile({{"vgg19", {BlockOp(0, 1, FloatOp(1), 9), BlockOp(2, 6, FloatOp(1), 9)}}}),
          "model 'vgg19': has the layers 0 to 6, but 0 to 5 in p/device-a.dat"),
      DatCase(
          "DatGap",
          ProfileFile({{"vgg19", {BlockOp(0, 1, FloatOp(1), 9), BlockOp(3, 5, FloatOp(1), 9)}}}),
          "model 'vgg19': the blocks are not contiguous: layer 3 follows layer 1"),
      {"TwoProfilesOfOneHost", Good(File("p/Device-a.dat", kGoodDat)), kPredict, 2,
       "claims the host 'a', as p/Device-a.dat does"},
  };
}

std::vector<BadInput> JsonCases() {
  return {
      JsonCase("JsonEmpty", "", ": is not valid JSON"),
      JsonCase("JsonTruncated", kGoodJson.substr(0, 60), ": is not valid JSON"),
      JsonCase("JsonRandom", RandomBytes(""), ": is not valid JSON"),
      JsonCase("JsonHtml", kHtml, ": is not valid JSON"),
      JsonCase("JsonDeep", std::string(100'000, '['), ": is not valid JSON"),
      JsonCase("JsonOfAnotherKind", "{\"a\": 1}", ": is not a profile"),
      JsonCase("JsonArray", "[]", ": is not a profile"),
      JsonCase("JsonWithoutHost", R"({"format": "scission-profile", "version": 1})",
               ": 'host' is missing"),
      JsonCase("JsonNewer", R"({"format": "scission-profile", "version": 7})",
               ": version: 7 is newer"),
      {"JsonFolder", Good(Folder("p/cloud-c.json")), kPredict, 2, "p/cloud-c.json: is a directory"},
      {"JsonFifo", Good(Fifo("p/cloud-c.json")), kPredict, 2, "p/cloud-c.json: is not a file"},
  };
}

std::vector<BadInput> NetworkCases() {
  const auto row = [](const std::string& text) { return kNetwork + text + "\n"; };
  return {
      NetworkCase("NetworkEmpty", "", ": is empty"),
      NetworkCase("NetworkHtml", kHtml, ":1: has 1 column(s)"),
      NetworkCase("NetworkRandom", RandomBytes(""), ":1: has "),
      NetworkCase("NetworkTruncated", kNetwork.substr(0, 49), ":2: has 3 column(s)"),
      NetworkCase("NetworkNanPing", row("a,b,nan,1"), ":3: the ping 'nan' is not a finite number"),
      NetworkCase("NetworkInfinitePing", row("a,b,inf,1"), ":3: the ping 'inf' is not a finite"),
      NetworkCase("NetworkNegativePing", row("a,b,-1,1"), ":3: the ping is negative"),
      NetworkCase("NetworkNoBandwidth", row("a,b,1,0"), ":3: the bandwidth must be above 0"),
      NetworkCase("NetworkSlow", row("a,b,1,1e-7"), ":3: the bandwidth is below 1 byte a second"),
      {"NetworkFolder", Good(Both(Gone("n.csv"), Folder("n.csv"))), kPredict, 2,
       "n.csv: is a directory"},
      {"NetworkFifo", Good(Fifo("n.csv")), kPredict, 2, "n.csv: is not a file"},
      {"NetworkMissing", Good(Gone("n.csv")), kPredict, 2, "n.csv: cannot be opened"},
  };
}

std::vector<BadInput> OptionCases() {
  return {
      {"NoArguments", Good(), {"predict"}, 2, "scission predict: PROFILES is required"},
      {"NoSuchFolder", Good(Gone("p")), kPredict, 2, "p: there is no such folder"},
      {"EmptyFolder", Good(Both(Gone("p"), Folder("p"))), kPredict, 2, "p: holds no profile"},
      {"UnknownModel",
       Good(),
       {"predict", "p", "n.csv", "vgg"},
       2,
       "no profile has the model 'vgg'; there are: vgg19"},
      OptionCase("UnknownSource", {"--source", "A"},
                 "--source: there is no host 'A' (did you mean 'a'?); the hosts are a, b"),
      {"NoDevice", Good(Gone("p/device-a.dat")), kPredict, 2,
       "--source: is needed, as no host is of the tier device; the hosts are b"},
      OptionCase("ClassicSource", {"--classic", "--source", "b"},
                 "--classic: needs a source of the tier device"),
      OptionCase("HostWithoutColon", {"--host", "a"}, "--host: 'a' is not a host, a colon and"),
      OptionCase("CriteriaOfUnknownHost", {"--host", "z: 1"}, "--host: there is no host 'z'"),
      OptionCase("HostTimeNotANumber", {"--host-time", "a: x"}, "--host-time: 'x' is not a number"),
      OptionCase("UnknownExcludedHost", {"--exclude-host", "z"},
                 "--exclude-host: there is no host 'z'"),
      OptionCase("LinkWithoutArrow", {"--exclude-link", "a-b"},
                 "--exclude-link: 'a-b' is not FROM>TO"),
      OptionCase("NoHosts", {"--max-hosts", "0"}, "--max-hosts: '0' is not a whole number above 0"),
      OptionCase("PrivateLayer", {"--private", "6"},
                 "--private: there is no layer '6'; vgg19 has the layers 0 to 5"),
      {"NoPlanOfOneHost", Good(), With({"--max-hosts", "1", "--private", "0", "-e", "5"}), 3,
       "one would without --edge 5"},
      OptionCase("UnknownTier", {"--fog", "1"}, "--fog"),
      OptionCase("UnknownHost", {"-e", "c"}, "--edge: there is no host 'c'"),
      OptionCase("UnknownLayer", {"-d", "!6"},
                 "--device: there is no layer 6; vgg19 has the layers "
                 "0 to 5"),
      OptionCase("BadInputSize", {"-i", "-1"}, "--input: '-1' is not a number of MB"),
      OptionCase("BadLimit", {"--edge-time", "x%"}, "--edge-time: 'x' is not a number of seconds"),
      OptionCase("BadCount", {"-n", "0"}, "--result-count: '0' is not a whole number from 1"),
      OptionCase("BadFormat", {"--format", "xml"}, "--format: 'xml' is not text, csv or json"),
      OptionCase("ClassicReplies", {"--classic", "--replies"},
                 "--replies: does not go with --classic"),
      OptionCase("ClassicCodecs", {"--classic", "--codecs", "zstd"},
                 "--codecs: does not go with --classic"),
      OptionCase("UnknownCodec", {"--codecs", "gzip"}, "--codecs: "),
      OptionCase("RepliesAndOutput", {"--replies", "--return-output"},
                 "--replies: does not go with --return-output"),
      OptionCase("ClassicJson", {"--classic", "--format", "json"}, "--classic: does not go with"),
      OptionCase("PlotInNoFolder", {"--plot", "no/such/plot"},
                 "no/such/plot.png: cannot be written"),
      OptionCase("SaveInNoFolder", {"--save", "no/such/plan.json"},
                 "no/such/plan.json: cannot be written"),
      {"NoPlan", Good(), With({"-d", "0", "-e", "0"}), 3,
       "(--device 0 and --edge 0 conflict), but one would without --device 0"},
      OptionCase("BadObjective", {"--objective", "speed"},
                 "--objective: 'speed' is none of latency"),
      OptionCase("ThroughputInASum", {"--objective", "throughput=1,bytes=1"},
                 "--objective: throughput cannot be part of a sum"),
      OptionCase("BadWeight", {"--objective", "latency=1,bytes=-2"},
                 "--objective: the weight in 'bytes=-2' is not a number above 0"),
      OptionCase("EnergyWithoutWatts", {"--objective", "energy"},
                 "--objective: needs the watts of the hosts, in a file given with --hosts"),
      OptionCase("CostLimitWithoutPrices", {"--max-cost", "1"}, "--max-cost: needs the prices"),
      OptionCase("FrontOfOne", {"--pareto", "latency"}, "--pareto: needs two metrics or more"),
      OptionCase("FrontWithATwin", {"--pareto", "bytes,bytes"}, "--pareto: names bytes twice"),
      OptionCase("BadTimeLimit", {"--time-limit", "0"},
                 "--time-limit: '0' is not a number of seconds above 0"),
      OptionCase("BadLatency", {"--max-latency", "-1"}, "--max-latency: '-1' is not a number"),
      OptionCase("NoHostsFile", {"--hosts", "none.toml"}, "none.toml: cannot be opened"),
      {"MissingLink", Good(File("n.csv", kNetwork.substr(0, 44))), With({"-d", "-1"}), 3,
       "with a link from a to b, which n.csv does not have"},
  };
}

INSTANTIATE_TEST_SUITE_P(PredictDat, BadInputTest, ::testing::ValuesIn(DatCases()), CaseName);
INSTANTIATE_TEST_SUITE_P(PredictJson, BadInputTest, ::testing::ValuesIn(JsonCases()), CaseName);
INSTANTIATE_TEST_SUITE_P(PredictNetwork, BadInputTest, ::testing::ValuesIn(NetworkCases()),
                         CaseName);
INSTANTIATE_TEST_SUITE_P(PredictOptions, BadInputTest, ::testing::ValuesIn(OptionCases()),
                         CaseName);

}  // namespace
}  // namespace scission::testing
