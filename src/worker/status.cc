#include "worker/status.h"

#include <filesystem>
#include <new>

#include "base/text.h"
#include "runner/segment_process.h"
#include "wire/channel.h"
#include "worker/errors.h"

namespace scission {
namespace {

constexpr std::size_t kMaxText = 2000;

grpc::Status Failed(grpc::StatusCode code, const std::string& text) {
  return {code, Printable(text, kMaxText)};
}

}  // namespace

grpc::Status StatusOf(const std::function<void()>& work) {
  using enum grpc::StatusCode;
  try {
    work();
    return grpc::Status::OK;
  } catch (const NotFoundError& error) {
    return Failed(NOT_FOUND, error.what());
  } catch (const PreconditionError& error) {
    return Failed(FAILED_PRECONDITION, error.what());
  } catch (const InputError& error) {
    return Failed(INVALID_ARGUMENT, error.what());
  } catch (const RemoteError& error) {
    return Failed(error.code(), error.what());
  } catch (const ExhaustedError& error) {
    return Failed(RESOURCE_EXHAUSTED, error.what());
  } catch (const DamagedError& error) {
    return Failed(DATA_LOSS, error.what());
  } catch (const BusyError& error) {
    return Failed(ABORTED, error.what());
  } catch (const DrainingError& error) {
    return Failed(UNAVAILABLE, error.what());
  } catch (const CancelledError& error) {
    return Failed(CANCELLED, error.what());
  } catch (const ProcessTimeout& error) {
    return Failed(DEADLINE_EXCEEDED, error.what());
  } catch (const std::bad_alloc&) {
    return Failed(RESOURCE_EXHAUSTED, "out of memory");
  } catch (const std::filesystem::filesystem_error& error) {
    return Failed(INTERNAL, error.path1().string() + ": " + error.code().message());
  } catch (const std::exception& error) {
    return Failed(INTERNAL, error.what());
  }
}

grpc::Status CurrentStatus() {
  return StatusOf([] { throw; });
}

}  // namespace scission
