#include "report/gnuplot.h"

#include <fmt/format.h>

#include "base/file.h"
#include "base/text.h"
#include "report/tool.h"

namespace scission {
namespace {

namespace fs = std::filesystem;

constexpr Tool kGnuplot = {"gnuplot", "gnuplot-nox", "draws the pictures"};

}  // namespace

std::string GnuplotString(std::string_view text) {
  std::string quoted = "'";  // in single quotes, a doubled quote is the only escape
  for (const char c : Printable(text)) quoted += c == '\'' ? "''" : std::string(1, c);
  return quoted + "'";
}

std::filesystem::path PicturePath(const std::string& text) {
  std::filesystem::path path = text;
  if (path.extension() == ".png" || path.extension() == ".svg") path.replace_extension();
  return path;
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
  // Without -d, a user's .gnuplot could change the picture.
  RunTool(kGnuplot, {"-d", (folder.path() / "script.gp").string()});
  AtomicFile png_file(path.string() + ".png");
  AtomicFile svg_file(path.string() + ".svg");
  png_file.Write(ReadFile(png));
  svg_file.Write(ReadFile(svg));
  png_file.Commit();
  svg_file.Commit();
}

}  // namespace scission
