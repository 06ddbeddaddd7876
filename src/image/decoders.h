// The decoders behind picture.h, one a library. Internal to this module.
#pragma once

#include <string>
#include <string_view>

#include "image/picture.h"

namespace scission {

bool IsJpeg(std::string_view bytes);

/// As DecodePicture() says, for bytes that begin like a JPEG file.
Picture DecodeJpeg(const std::string& file, std::string_view bytes);

/// As DecodePicture() says, for all other bytes.
Picture DecodePngOrBmp(const std::string& file, std::string_view bytes);

/// Throws InputError unless a header promises a picture that is worth decoding.
void CheckSize(const std::string& file, long long width, long long height);

[[noreturn]] void FailUnknownFormat(const std::string& file);
[[noreturn]] void FailEndsEarly(const std::string& file);
[[noreturn]] void FailDamaged(const std::string& file, const char* reason);

}  // namespace scission
