#include "worker/request_checks.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace scission {
namespace {

constexpr const char* kReserved = "scission.";
constexpr int kMaxThreads = 4096;
constexpr int kMaxQueue = 1'000'000;
constexpr int kMaxSizes = 1000;
constexpr int kMaxRounds = 10'000;
constexpr int kEnvelopeBytes = 1024;  // of a message, besides the tensor

void RequireWithin(const std::string& place, std::int64_t value, std::int64_t low,
                   std::int64_t high) {
  if (value >= low && value <= high) return;
  throw InputError(place, fmt::format("must be {} to {}, not {}", low, high, value));
}

void CheckSegment(const v1::Segment& segment, const std::string& name) {
  if (segment.model_sha256().empty()) throw InputError(name, "its segment has no model");
  CheckDataName(segment.data_name(), segment.data_sha256(), "model.onnx");
  RequireWithin("threads", segment.threads(), 0, kMaxThreads);
}

void RequireModelName(const std::string& place, const std::string& model) {
  if (!model.empty()) return;
  throw InputError(place, "has no name of a model");
}

}  // namespace

bool IsPlainName(const std::string& name) {
  return !name.empty() && name.size() <= 200 && Printable(name) == name &&
         name.find('/') == std::string::npos && name.front() != '.' && name.front() != '-';
}

void RequirePlainName(const std::string& place, const std::string& name) {
  if (IsPlainName(name)) return;
  throw InputError(place,
                   "'" + Printable(name, 80) +
                       "' must be 1 to 200 bytes without '/', and not start with '.' or '-'");
}

void CheckDataName(const std::string& data_name, const std::string& data_sha256,
                   const std::string& model_file) {
  if (data_name.empty() != data_sha256.empty()) {
    throw InputError("data_name", "and data_sha256 go together");
  }
  if (data_name.empty()) return;
  RequirePlainName("data_name", data_name);
  if (data_name == model_file) throw InputError("data_name", "is that of the model itself");
}

void Check(const v1::LoadRequest& request, const Security& security) {
  const std::string& name = request.name();
  RequirePlainName("name", name);
  if (name.starts_with(kReserved)) {
    throw InputError(name,
                     fmt::format("names that begin with '{}' are the worker's own", kReserved));
  }
  switch (request.work_case()) {
    case v1::LoadRequest::kSegment:
      CheckSegment(request.segment(), name);
      break;
    case v1::LoadRequest::kRemote:
      RequireSafe("remote", request.remote().address(), security);
      RequireModelName("remote", request.remote().model());
      break;
    case v1::LoadRequest::kRelay:
      if (!request.has_next()) throw InputError(name, "is a relay without a next stage");
      break;
    default:
      throw InputError(name, "has no work: a segment, a remote model or a relay");
  }
  if (request.has_next()) {
    RequireSafe("next", request.next().address(), security);
    RequireModelName("next", request.next().model());
  }
  RequireWithin("queue_limit", request.queue_limit(), 0, kMaxQueue);
}

void Check(const v1::ProbeLinkRequest& request, const Security& security, int max_message_bytes) {
  RequireSafe("address", request.address(), security);
  RequireWithin("rounds", request.rounds(), 1, kMaxRounds);
  RequireWithin("the number of sizes", request.sizes_size(), 1, kMaxSizes);
  for (const std::int64_t size : request.sizes()) {
    RequireWithin("size", size, 0, max_message_bytes - kEnvelopeBytes);
  }
}

}  // namespace scission
