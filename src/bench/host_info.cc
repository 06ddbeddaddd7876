#include "bench/host_info.h"

#include <sys/sysinfo.h>
#include <sys/utsname.h>

#include <chrono>
#include <ctime>
#include <fstream>

#include "base/machine.h"
#include "base/text.h"

namespace scission {
namespace {

/// The value behind `key` and `separator` in a file of lines; the last one if it stands repeatedly.
std::string ValueIn(const char* file, std::string_view key, char separator) {
  std::ifstream stream(file);
  std::string value;
  for (std::string line; std::getline(stream, line);) {
    const auto at = line.find(separator);
    if (at != std::string::npos && Trim(std::string_view(line).substr(0, at)) == key) {
      value = Trim(std::string_view(line).substr(at + 1));
    }
  }
  return value;
}

std::string FirstLine(const char* file) {
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  return Printable(line.substr(0, line.find('\0')));
}

/// x86 names the processor, ARM boards name the board.
std::string CpuName() {
  const std::string processor = ValueIn("/proc/cpuinfo", "model name", ':');
  if (!processor.empty()) return Printable(processor);
  const std::string board = FirstLine("/proc/device-tree/model");
  return board.empty() ? Printable(ValueIn("/proc/cpuinfo", "Model", ':')) : board;
}

Bytes Memory() {
  struct sysinfo info {};
  if (::sysinfo(&info) != 0) return {};
  return Bytes{static_cast<double>(info.totalram) * info.mem_unit};
}

std::string SystemName() {
  std::string name = ValueIn("/etc/os-release", "PRETTY_NAME", '=');
  if (name.size() >= 2 && name.front() == '"') name = name.substr(1, name.size() - 2);
  struct utsname kernel {};
  ::uname(&kernel);
  return Printable((name.empty() ? kernel.sysname : name) + ", Linux " + kernel.release + ", " +
                   kernel.machine);
}

}  // namespace

Host DescribeThisHost(const std::string& tier, const std::string& name) {
  return {.name = name,
          .tier = tier,
          .cpu = CpuName(),
          .cores = UsableCores(),
          .memory = Memory(),
          .governor = FirstLine("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
          .os = SystemName()};
}

std::string UtcNow() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  struct tm parts {};
  ::gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

}  // namespace scission
