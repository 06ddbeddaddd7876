#include "cli/command.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <stdexcept>

#include "base/error.h"
#include "base/text.h"

namespace scission {
namespace {

constexpr std::size_t kMaxMessage = 2000;

}  // namespace

std::span<const Command> Commands() {
  static constexpr std::array kCommands = {
      Command{"models", "list the built-in models", RunModels},
      Command{"export", "write built-in models as ONNX files", RunExport},
      Command{"inspect", "show the layers of a model and where it can be cut", RunInspect},
      Command{"graph", "draw the layers of models and where they can be cut", RunGraph},
      Command{"benchmark", "measure models on this machine, block by block", RunBenchmark},
      Command{"network", "measure the links between workers", RunNetwork},
      Command{"predict", "find the best plans from profiles and a network", RunPredict},
      Command{"run", "run a plan on workers, predicted beside measured", RunRun},
      Command{"study", "measure live hosts and links, and plan on measurements", RunStudyCommand},
      Command{"validate", "measure how true predictions are on this machine", RunValidate},
      Command{"split", "write the segments of a model as ONNX files, or for Triton", RunSplit},
      Command{"worker", "serve stages of plans on this host", RunWorker},
      Command{"certs", "make the certificates of a cluster of workers", RunCerts},
  };
  return kCommands;
}

void Tell(const std::string& line) {
  std::cerr << "scission: " << Printable(line, kMaxMessage) << '\n';
}

int RunGuarded(const std::function<int()>& work) {
  try {
    const int code = work();
    std::cout.flush();
    if (!std::cout) throw InputError("standard output", "cannot be written; is the disk full?");
    return code;
  } catch (const InputError& error) {
    std::cerr << "scission: error: " << Printable(error.what(), kMaxMessage) << '\n';
    return kBadInput;
  } catch (const std::filesystem::filesystem_error& error) {
    std::cerr << "scission: error: "
              << Printable(error.path1().string() + ": " + error.code().message(), kMaxMessage)
              << '\n';
    return kBadInput;
  } catch (const NoPlanError& error) {
    std::cerr << "scission: " << Printable(error.what(), kMaxMessage) << '\n';
    return kNoPlan;
  } catch (const std::bad_alloc&) {
    std::cerr << "scission: out of memory\n";
    return kInternalFailure;
  } catch (const std::exception& error) {
    std::cerr << "scission: internal failure: " << Printable(error.what(), kMaxMessage) << '\n';
    return kInternalFailure;
  }
}

}  // namespace scission
