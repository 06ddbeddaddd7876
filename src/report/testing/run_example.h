// For tests only: a run of two requests on two hosts.
#pragma once

#include "cluster/run_report.h"

namespace scission::testing {

/// pi: layers 0-4, gpu: 5-9. Of the typical request, in ms: pi takes 21, of it 1 before it waits,
/// 2 waiting, 1 unpacking, 8 computing, 1 packing, and 8 for gpu, which takes 4 of them.
inline RunReport RunExample() {
  RunReport report;
  report.model = "m";
  report.plan = "pi = 0 - 4, gpu = 5 - 9";
  report.requests = 2;
  report.predicted = Milliseconds(16);
  report.predicted_now = Milliseconds(13.5);
  report.total = {Milliseconds(20), Milliseconds(21), Milliseconds(21)};
  report.wall = {Milliseconds(22), Milliseconds(23), Milliseconds(23)};
  report.entry = {Milliseconds(2), Milliseconds(2), Milliseconds(2)};
  StageReport pi;
  pi.stage.host = "pi";
  pi.stage.layers = {0, 4};
  pi.predicted = Milliseconds(10);
  pi.alone = Milliseconds(7.5);
  pi.compute = {Milliseconds(8), Milliseconds(9), Milliseconds(9)};
  pi.queue = {Milliseconds(2), Milliseconds(2), Milliseconds(2)};
  StageReport gpu;
  gpu.stage.host = "gpu";
  gpu.stage.layers = {5, 9};
  gpu.predicted = Milliseconds(3);
  gpu.compute = {Milliseconds(3), Milliseconds(3), Milliseconds(3)};
  report.stages = {pi, gpu};
  HopReport hop;
  hop.from = "pi";
  hop.to = "gpu";
  hop.codec = Codec::kZstd;
  hop.predicted = Milliseconds(3);
  hop.time = {Milliseconds(6), Milliseconds(6), Milliseconds(7)};
  hop.planned = Bytes{1000};
  hop.planned_reply = Bytes{500};
  hop.sent = Bytes{700};
  hop.reply = Bytes{700};
  report.hops = {hop};
  report.throughput = {45.5, 100};
  report.deviation = 2.5e-7;
  report.typical = {
      {.host = "pi",
       .stage = "m",
       .queue = Milliseconds(2),
       .unpack = Milliseconds(1),
       .compute = Milliseconds(8),
       .pack = Milliseconds(1),
       .next = Milliseconds(8),
       .total = Milliseconds(21)},
      {.host = "gpu", .stage = "m.1", .compute = Milliseconds(3), .total = Milliseconds(4)}};
  return report;
}

}  // namespace scission::testing
