// Draws pictures with gnuplot, run as a process of its own.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace scission {

/// The size of a picture in pixels.
struct PictureSize {
  int width = 0;
  int height = 0;
};

/// `text` as a gnuplot string that stands for exactly this text, on one line; nothing in it is
/// executed or expanded.
std::string GnuplotString(std::string_view text);

/// What DrawPictures gets for a path that a user gave: without the suffix of a picture.
std::filesystem::path PicturePath(const std::string& text);

/// Runs the gnuplot commands `script` (all but terminal and output, which are set here) twice and
/// writes `path`.png and `path`.svg, complete or not at all. Strings are drawn as they stand, not
/// as gnuplot's enhanced text. Throws InputError where gnuplot is missing or a file cannot be
/// written.
void DrawPictures(const std::string& script, PictureSize size, const std::filesystem::path& path);

}  // namespace scission
