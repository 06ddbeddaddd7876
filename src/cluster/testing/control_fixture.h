// For tests only: a worker's control side that listens, with stages that only note what they are
// asked for, and a client of it.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "cluster/control_client.h"
#include "scission.grpc.pb.h"
#include "worker/control_service.h"
#include "worker/errors.h"

namespace scission::testing {

namespace fs = std::filesystem;

/// Notes what it is asked for.
class TestStages : public StageRegistry {
 public:
  void Load(const v1::LoadRequest& request, const std::shared_ptr<SegmentFiles>& files,
            Deadline deadline) override {
    loaded = request;
    last_files = files;
    last_deadline = deadline;
    if (on_load) on_load();
  }
  void Unload(const std::string& name, Deadline /*deadline*/) override {
    if (name != loaded.name()) throw NotFoundError("stage '" + name + "'", "is not here");
    loaded.Clear();
  }
  std::vector<v1::StageStatus> Statuses() override {
    v1::StageStatus status;
    status.set_name("net.1");
    status.set_requests(42);
    return {status};
  }

  v1::LoadRequest loaded;
  std::shared_ptr<SegmentFiles> last_files;
  Deadline last_deadline;
  std::function<void()> on_load;
};

/// A worker's control side, listening.
class TestWorker {
 public:
  TestWorker(const fs::path& folder, const Security& security)
      : service_({.name = "edge1",
                  .version = "1.2.3",
                  .engine = "engine 1",
                  .threads = 2,
                  .memory_limit = Bytes{5e6},
                  .cache = folder / "cache",
                  .program = folder / "program"},
                 stages_, log_) {
    grpc::ServerBuilder builder;
    Configure(builder, kDefaultMaxMessageBytes);
    builder.AddListeningPort("127.0.0.1:0", ServerCredentialsOf(security), &port_);
    builder.RegisterService(&service_.service());
    server_ = builder.BuildAndStart();
  }
  ~TestWorker() {
    server_->Shutdown(std::chrono::system_clock::now());
    server_.reset();
    ::close(null_);
  }
  TestWorker(const TestWorker&) = delete;
  TestWorker& operator=(const TestWorker&) = delete;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  TestStages& stages() { return stages_; }
  ControlService& service() { return service_; }

 private:
  int null_ = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  Log log_{"edge1", null_};
  TestStages stages_;
  ControlService service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

class ControlFixture : public ::testing::Test {
 protected:
  explicit ControlFixture(const Security& security = {}) : worker_(folder_.path(), security) {}

  /// A file of the user's.
  fs::path File(const std::string& name, const std::string& data) {
    WriteFileAtomically(folder_.path() / name, data);
    return folder_.path() / name;
  }
  void Script(const std::string& body) {
    fs::permissions(File("program", "#!/bin/sh\n" + body + "\n"), fs::perms::owner_all);
  }
  /// As every message of the client begins.
  std::string Place() const { return "edge1 (" + worker_.address() + "): "; }

  /// What is thrown as a RemoteError.
  template <typename Function>
  std::pair<grpc::StatusCode, std::string> RemoteErrorOf(const Function& function) {
    try {
      function();
    } catch (const RemoteError& error) {
      return {error.code(), error.what()};
    }
    return {grpc::StatusCode::OK, "no error"};
  }

  TemporaryFolder folder_;
  TestWorker worker_;
  ControlClient client_{"edge1", worker_.address(), {}};
  std::unique_ptr<v1::Worker::Stub> stub_ = v1::Worker::NewStub(OpenChannel(worker_.address(), {}));
};

}  // namespace scission::testing
