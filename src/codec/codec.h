// How a tensor is packed for a link: what crosses becomes smaller, and takes time at both ends.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "model/tensor.h"

namespace scission {

enum class Codec {
  kNone,
  kFp16,  ///< half precision, round to nearest even; half the size; relative error up to 2^-11
  kZstd,  ///< lossless
  kInt8,  ///< affine, one scale and offset a tensor; error up to half a 255th of the range
};

inline constexpr std::array kCodecs = {Codec::kNone, Codec::kFp16, Codec::kZstd, Codec::kInt8};

/// "none", "fp16", "zstd", "int8".
std::string ToText(Codec codec);
/// Throws InputError starting with `place`, listing the codecs.
Codec ParseCodec(const std::string& place, std::string_view text);

/// What of `codec` a tensor of `type` can have: fp16 and int8 are for float32 alone, all others
/// are sent with zstd or as they are.
Codec Usable(Codec codec, ElementType type);

/// Bytes that Encode may need at most for a tensor of `bytes` bytes.
std::size_t MaxEncodedBytes(Codec codec, std::size_t bytes);

/// Packs `values` (of `type`, row-major) into `packed`, which has room for MaxEncodedBytes; returns
/// how many bytes it took. `codec` is usable for `type`. int8 clamps infinities and turns a NaN
/// into the lowest value.
std::size_t Encode(Codec codec, ElementType type, std::string_view values, char* packed);

/// Unpacks into `values`, which has the tensor's size, `bytes`. Throws InputError where `packed` is
/// not what Encode gives for a tensor of this size; it reads nothing beyond it.
void Decode(Codec codec, ElementType type, std::string_view packed, char* values,
            std::size_t bytes);

}  // namespace scission
