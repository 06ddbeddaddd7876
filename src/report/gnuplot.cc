#include "report/gnuplot.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

namespace scission {
namespace {

namespace fs = std::filesystem;

/// Standard streams of the child: no input, and all that it says in a file.
class ChildStreams {
 public:
  explicit ChildStreams(const fs::path& log) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT,
                                       0600);
    ::posix_spawn_file_actions_adddup2(&actions_, STDOUT_FILENO, STDERR_FILENO);
  }
  ~ChildStreams() { ::posix_spawn_file_actions_destroy(&actions_); }
  ChildStreams(const ChildStreams&) = delete;
  ChildStreams& operator=(const ChildStreams&) = delete;

  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

/// Returns what waitpid says of the process.
int Wait(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) throw std::runtime_error("waiting for gnuplot failed");
  }
  return status;
}

void RunGnuplot(const fs::path& script, const fs::path& log) {
  const ChildStreams streams(log);
  std::string program = "gnuplot";
  std::string defaults = "-d";  // a user's .gnuplot could change the picture
  std::string file = script.string();
  const std::array<char*, 4> arguments = {program.data(), defaults.data(), file.data(), nullptr};
  pid_t process = 0;
  const int error =
      ::posix_spawnp(&process, program.c_str(), streams.get(), nullptr, arguments.data(), environ);
  if (error == ENOENT) {
    throw InputError("gnuplot", "is not installed, and draws the pictures (package gnuplot-nox)");
  }
  if (error != 0) throw InputError("gnuplot", std::string("cannot run: ") + std::strerror(error));
  if (Wait(process) != 0) {
    throw std::runtime_error("gnuplot failed: " + Printable(Trim(ReadFile(log)), 500));
  }
}

}  // namespace

std::string GnuplotString(std::string_view text) {
  std::string quoted = "'";  // in single quotes, a doubled quote is the only escape
  for (const char c : Printable(text)) quoted += c == '\'' ? "''" : std::string(1, c);
  return quoted + "'";
}

void DrawPictures(const std::string& script, PictureSize size, const fs::path& path) {
  const TemporaryFolder folder;
  const fs::path png = folder.path() / "picture.png";
  const fs::path svg = folder.path() / "picture.svg";
  const auto output = [&](const char* terminal, const fs::path& file) {
    return fmt::format(
        "set terminal {} noenhanced size {},{} font 'DejaVu Sans,11' background "
        "rgb 'white'\nset output {}\n{}\nunset output\n",
        terminal, size.width, size.height, GnuplotString(file.string()), script);
  };
  WriteFileAtomically(folder.path() / "script.gp", output("pngcairo", png) + output("svg", svg));
  RunGnuplot(folder.path() / "script.gp", folder.path() / "log");
  AtomicFile png_file(path.string() + ".png");
  AtomicFile svg_file(path.string() + ".svg");
  png_file.Write(ReadFile(png));
  svg_file.Write(ReadFile(svg));
  png_file.Commit();
  svg_file.Commit();
}

}  // namespace scission
