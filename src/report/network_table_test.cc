#include "report/network_table.h"

#include <gtest/gtest.h>

namespace scission {
namespace {

LinkMeasurement Fitted(const std::string& from, const std::string& to, const LinkFit& fit) {
  return {{from, to}, "", {}, fit};
}

TEST(NetworkText, HasALineForEachLink) {
  const NetworkMeasurement network = {
      {Fitted("device", "e", {{Milliseconds(0.0815), 117.9e6}, 0.0213, 0.0991}),
       Fitted("e", "device", {{Milliseconds(66.7), 200e3}, 0, 0})},
      {{{"e", "cloud"}, "no route"}}};
  EXPECT_EQ(NetworkText(network),
            "from    to      latency ms      Mbit/s  fit error %  worst %\n"
            "device  e           0.0815      943.20          2.1      9.9\n"
            "e       device     66.7000        1.60          0.0      0.0\n");
  EXPECT_EQ(NetworkText({}), "");
}

TEST(LinkText, IsOneLine) {
  EXPECT_EQ(LinkText(Fitted("a", "b\x01", {{Milliseconds(0.25), 125e6}, 0, 0})),
            "a to b?: 0.2500 ms, 1000.00 Mbit/s");
}

}  // namespace
}  // namespace scission
