#include "bench/partial_file.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "base/file.h"

namespace scission {
namespace {

std::string NameFor(const BenchmarkOptions& options, const std::string& model = "m.onnx") {
  return PartialFile("folder", model, options).string();
}

TEST(PartialFile, IsTheSameForTheSameCommand) {
  EXPECT_EQ(NameFor({}), NameFor({}));
  EXPECT_TRUE(NameFor({}).starts_with("folder/"));
  EXPECT_EQ(NameFor({}, "ResNet50"), NameFor({}, "resnet50"));
}

TEST(PartialFile, IsAnotherForWhatIsMeasuredInAnotherWay) {
  const std::function<void(BenchmarkOptions&)> changes[] = {
      [](auto& options) { options.effort = Effort::kQuick; },
      [](auto& options) { options.effort = Effort::kExhaustive; },
      [](auto& options) { options.keeps_all_cuts = true; },
      [](auto& options) { options.max_cut_tensors = 2; },
      [](auto& options) { options.verifies = true; },
      [](auto& options) { options.pins_threads = true; },
      [](auto& options) { options.measure.min_rounds = 3; },
      [](auto& options) { options.measure.max_rounds = 30; },
      [](auto& options) { options.measure.longest_watch = Seconds(9); },
      [](auto& options) { options.measure.precision = 0.01; },
      [](auto& options) { options.engine.threads = 77; },
      [](auto& options) { options.engine.provider = Provider::kCuda; },
      [](auto& options) { options.load.batch_size = 4; },
      [](auto& options) { options.load.dimensions["N"] = 4; },
      [](auto& options) { options.load.dimensions["M"] = 4; },
      [](auto& options) { options.image = "cat.png"; },
  };
  std::set<std::string> names = {NameFor({}), NameFor({}, "n.onnx"), NameFor({}, "resnet50")};
  std::size_t expected = names.size();
  for (const auto& change : changes) {
    BenchmarkOptions options;
    change(options);
    names.insert(NameFor(options));
    EXPECT_EQ(names.size(), ++expected) << "change " << expected - 3;
  }
}

TEST(PartialFile, IsAnotherWhereTheImageWasReplaced) {
  const TemporaryFolder folder;
  BenchmarkOptions options;
  options.image = (folder.path() / "image.png").string();
  WriteFileAtomically(options.image, "one");
  const std::string before = NameFor(options);
  EXPECT_EQ(NameFor(options), before);
  WriteFileAtomically(options.image, "other");
  EXPECT_NE(NameFor(options), before);
}

}  // namespace
}  // namespace scission
