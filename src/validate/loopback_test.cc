#include "validate/loopback.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace scission {
namespace {

TEST(Loopback, CarriesMoreThanAnyBufferHolds) {
  Random random(1);
  std::string data(32u << 20, '\0');
  for (char& c : data) c = static_cast<char>(random.Next());
  Loopback loopback;
  std::string received(data.size(), '\0');
  loopback.Transfer(data, received);
  EXPECT_TRUE(received == data);
  received.assign(5, '\0');
  loopback.Transfer("again", received);
  EXPECT_EQ(received, "again");
}

}  // namespace
}  // namespace scission
