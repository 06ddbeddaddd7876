#include "worker/metrics.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/testing/error_of.h"

namespace scission {
namespace {

using testing::ErrorOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Metrics, CountsByStageAndOutcome) {
  Metrics metrics;
  StageMetrics& stage = metrics.Of("net.1");
  stage.CountRequest(Outcome::kOk, Milliseconds(3));
  stage.CountRequest(Outcome::kOk, Milliseconds(700));
  stage.CountRequest(Outcome::kFull, Milliseconds(0));
  stage.CountReceived(Bytes{1000});
  stage.CountSent(Bytes{24});
  metrics.Of("net.2").CountReceived(Bytes{5});
  const std::string text = metrics.Text();
  for (const char* line : {
           "scission_requests_total{outcome=\"ok\",stage=\"net.1\"} 2\n",
           "scission_requests_total{outcome=\"full\",stage=\"net.1\"} 1\n",
           "scission_requests_total{outcome=\"failed\",stage=\"net.1\"} 0\n",
           "scission_request_seconds_count{stage=\"net.1\"} 2\n",
           "scission_request_seconds_bucket{stage=\"net.1\",le=\"0.0025\"} 0\n",
           "scission_request_seconds_bucket{stage=\"net.1\",le=\"0.005\"} 1\n",
           "scission_request_seconds_bucket{stage=\"net.1\",le=\"+Inf\"} 2\n",
           "scission_received_bytes_total{stage=\"net.1\"} 1000\n",
           "scission_received_bytes_total{stage=\"net.2\"} 5\n",
           "scission_sent_bytes_total{stage=\"net.1\"} 24\n",
       }) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(Metrics, AStageThatComesAgainGoesOnCounting) {
  Metrics metrics;
  metrics.Of("a").CountSent(Bytes{1});
  metrics.Of("a").CountSent(Bytes{1});
  EXPECT_THAT(metrics.Text(), HasSubstr("scission_sent_bytes_total{stage=\"a\"} 2\n"));
}

TEST(Metrics, AsksForTheStatesOfStages) {
  std::vector<StageState> states;
  Metrics metrics([&] { return states; });
  const auto expect = [&](int queue, int restarts) {
    const std::string text = metrics.Text();
    EXPECT_THAT(text, HasSubstr("scission_queue_length{stage=\"a\"} " + std::to_string(queue)));
    EXPECT_THAT(text, HasSubstr("scission_process_restarts_total{stage=\"a\"} " +
                                std::to_string(restarts) + "\n"));
  };
  states = {{"a", 4, 2}};
  expect(4, 2);
  expect(4, 2);
  states = {{"a", 3, 3}};
  expect(3, 3);
  states = {{"a", 1, 1}};  // loaded anew
  expect(1, 4);
  states.clear();
  expect(0, 4);
}

TEST(Metrics, BoundsTheNumberOfStages) {
  Metrics metrics;
  for (int i = 0; i < 1003; ++i) metrics.Of("s" + std::to_string(i)).CountSent(Bytes{1});
  metrics.Of("s0").CountSent(Bytes{1});
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("scission_sent_bytes_total{stage=\"other\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("scission_sent_bytes_total{stage=\"s0\"} 2\n"));
  EXPECT_THAT(text, Not(HasSubstr("s1002")));
}

/// The answer to GET /metrics on 127.0.0.1.
std::string Get(int port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  const std::string request = "GET /metrics HTTP/1.0\r\n\r\n";
  EXPECT_EQ(::write(descriptor, request.data(), request.size()),
            static_cast<ssize_t>(request.size()));
  std::string answer;
  char piece[4096];
  while (true) {
    const ssize_t count = ::read(descriptor, piece, sizeof(piece));
    if (count <= 0) break;
    answer.append(piece, static_cast<std::size_t>(count));
  }
  ::close(descriptor);
  return answer;
}

TEST(Metrics, AreServed) {
  Metrics metrics;
  const int port = metrics.Serve("127.0.0.1:0");
  metrics.Of("a").CountSent(Bytes{1});
  const std::string answer = Get(port);
  EXPECT_THAT(answer, HasSubstr("200 OK"));
  EXPECT_THAT(answer, HasSubstr("scission_sent_bytes_total{stage=\"a\"} 1\n"));

  Metrics second;
  const std::string address = "127.0.0.1:" + std::to_string(port);
  EXPECT_EQ(ErrorOf([&] { second.Serve(address); }),
            "--metrics: cannot listen at " + address + "; is the port in use?");
  EXPECT_EQ(ErrorOf([&] { second.Serve("9090"); }), "--metrics: '9090' is not HOST:PORT");
}

}  // namespace
}  // namespace scission
