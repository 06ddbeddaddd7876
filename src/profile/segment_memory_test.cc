#include "profile/segment_memory.h"

#include <gtest/gtest.h>

namespace scission {
namespace {

/// Blocks of layers 0-1, 2, 3-5; the model's input has 1000 bytes.
ModelProfile ThreeBlocks() {
  ModelProfile model;
  model.input_bytes = Bytes{1000};
  model.blocks = {
      {.first_layer = 0, .last_layer = 1, .output_bytes = Bytes{300}, .weight_bytes = Bytes{50}},
      {.first_layer = 2, .last_layer = 2, .output_bytes = Bytes{700}, .weight_bytes = Bytes{60}},
      {.first_layer = 3, .last_layer = 5, .output_bytes = Bytes{10}, .weight_bytes = Bytes{7}}};
  return model;
}

TEST(SegmentMemory, AddsWeightsAndTakesTheLargestPeak) {
  ModelProfile model = ThreeBlocks();
  model.blocks[0].peak_activation_bytes = Bytes{2000};
  model.blocks[1].peak_activation_bytes = Bytes{5000};
  model.blocks[2].peak_activation_bytes = Bytes{900};
  EXPECT_EQ(SegmentMemory(model, 0, 5), (MemoryNeed{Bytes{117}, Bytes{5000}}));
  EXPECT_EQ(SegmentMemory(model, 0, 1), (MemoryNeed{Bytes{50}, Bytes{2000}}));
  EXPECT_EQ(SegmentMemory(model, 3, 5), (MemoryNeed{Bytes{7}, Bytes{900}}));
  EXPECT_EQ(SegmentMemory(model, 2, 5).Total(), Bytes{5067});
}

TEST(SegmentMemory, TakesWhatABlockReadsAndWritesWhereItsPeakIsNotKnown) {
  EXPECT_EQ(SegmentMemory(ThreeBlocks(), 0, 5).peak_activations, Bytes{1000 + 300});
  EXPECT_EQ(SegmentMemory(ThreeBlocks(), 2, 2).peak_activations, Bytes{300 + 700});
  EXPECT_EQ(SegmentMemory(ThreeBlocks(), 3, 5).peak_activations, Bytes{700 + 10});
}

TEST(SegmentMemory, TakesFourBytesAParameterWhereTheWeightsAreNotKnown) {
  ModelProfile model = ThreeBlocks();
  model.blocks[1].weight_bytes = Bytes{0};
  model.blocks[1].parameters = 25;
  EXPECT_EQ(SegmentMemory(model, 0, 2).weights, Bytes{50 + 100});
}

}  // namespace
}  // namespace scission
