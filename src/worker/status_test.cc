// Whose fault an error is decides what becomes of a request: the code says it.
#include "worker/status.h"

#include <gtest/gtest.h>

#include "runner/segment_process.h"
#include "worker/errors.h"

namespace scission {
namespace {

template <typename Error>
grpc::StatusCode CodeOf() {
  const grpc::Status status = StatusOf([] { throw Error("why"); });
  EXPECT_EQ(status.error_message(), "why");
  return status.error_code();
}

TEST(StatusOf, TellsFaultsOfRequestsFromThoseOfThisHost) {
  EXPECT_EQ(CodeOf<InputError>(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(CodeOf<NotFoundError>(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(CodeOf<EngineError>(), grpc::StatusCode::INTERNAL);
  EXPECT_EQ(CodeOf<ProcessError>(), grpc::StatusCode::INTERNAL);
  EXPECT_EQ(CodeOf<ProcessTimeout>(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_TRUE(StatusOf([] {}).ok());
}

}  // namespace
}  // namespace scission
