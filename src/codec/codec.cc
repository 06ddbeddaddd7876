#include "codec/codec.h"

#include <fmt/format.h>
#include <zstd.h>

#include <cassert>
#include <cstring>
#include <memory>
#include <new>
#include <stdexcept>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "codec/affine.h"
#include "codec/half.h"

namespace scission {
namespace {

constexpr std::array kNames = {"none", "fp16", "zstd", "int8"};

/// The fastest: links are seldom so slow that more pays.
constexpr int kZstdLevel = 1;

/// Making one takes longer than packing a small tensor, so each thread keeps its own.
ZSTD_CCtx& Compressor() {
  static thread_local const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> kContext(
      ZSTD_createCCtx(), ZSTD_freeCCtx);
  if (!kContext) throw std::bad_alloc();
  return *kContext;
}

ZSTD_DCtx& Decompressor() {
  static thread_local const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> kContext(
      ZSTD_createDCtx(), ZSTD_freeDCtx);
  if (!kContext) throw std::bad_alloc();
  return *kContext;
}

std::size_t EncodeZstd(std::string_view values, char* packed) {
  const std::size_t size =
      ZSTD_compressCCtx(&Compressor(), packed, ZSTD_compressBound(values.size()), values.data(),
                        values.size(), kZstdLevel);
  if (ZSTD_isError(size)) throw std::runtime_error(std::string("zstd: ") + ZSTD_getErrorName(size));
  return size;
}

bool DecodeZstd(std::string_view packed, char* values, std::size_t bytes) {
  const std::size_t size =
      ZSTD_decompressDCtx(&Decompressor(), values, bytes, packed.data(), packed.size());
  return !ZSTD_isError(size) && size == bytes;
}

/// False where `packed` is not what Encode gives.
bool TryDecode(Codec codec, std::string_view packed, char* values, std::size_t bytes) {
  const std::size_t floats = bytes / sizeof(float);
  switch (codec) {
    case Codec::kFp16:
      if (bytes % sizeof(float) != 0 || packed.size() != bytes / 2) return false;
      HalvesToFloats(packed.data(), floats, values);
      return true;
    case Codec::kZstd:
      return DecodeZstd(packed, values, bytes);
    case Codec::kInt8:
      if (bytes % sizeof(float) != 0 || packed.size() != kAffineHeaderBytes + floats) return false;
      return BytesToFloats(packed.data(), floats, values);
    case Codec::kNone:
      break;
  }
  if (packed.size() != bytes) return false;
  if (bytes > 0) std::memcpy(values, packed.data(), bytes);
  return true;
}

}  // namespace

std::string ToText(Codec codec) { return kNames.at(static_cast<std::size_t>(codec)); }

Codec ParseCodec(const std::string& place, std::string_view text) {
  for (const Codec codec : kCodecs) {
    if (ToLower(text) == ToText(codec)) return codec;
  }
  throw InputError(place, "codec '" + Printable(text) + "' is not known; it is one of " +
                              Join({kNames.begin(), kNames.end()}, ", "));
}

Codec Usable(Codec codec, ElementType type) {
  const bool is_for_floats = codec == Codec::kFp16 || codec == Codec::kInt8;
  return is_for_floats && type != ElementType::kFloat ? Codec::kNone : codec;
}

std::size_t MaxEncodedBytes(Codec codec, std::size_t bytes) {
  switch (codec) {
    case Codec::kFp16:
      return bytes / 2;
    case Codec::kZstd:
      return ZSTD_compressBound(bytes);
    case Codec::kInt8:
      return kAffineHeaderBytes + bytes / sizeof(float);
    case Codec::kNone:
      break;
  }
  return bytes;
}

std::size_t Encode(Codec codec, [[maybe_unused]] ElementType type, std::string_view values,
                   char* packed) {
  assert(Usable(codec, type) == codec);
  switch (codec) {
    case Codec::kFp16:
      FloatsToHalves(values.data(), values.size() / sizeof(float), packed);
      return values.size() / 2;
    case Codec::kZstd:
      return EncodeZstd(values, packed);
    case Codec::kInt8:
      FloatsToBytes(values.data(), values.size() / sizeof(float), packed);
      return kAffineHeaderBytes + values.size() / sizeof(float);
    case Codec::kNone:
      break;
  }
  if (!values.empty()) std::memcpy(packed, values.data(), values.size());
  return values.size();
}

void Decode(Codec codec, ElementType type, std::string_view packed, char* values,
            std::size_t bytes) {
  if (Usable(codec, type) != codec) {
    throw InputError(fmt::format("codec {} is not for {}", ToText(codec), ToText(type)));
  }
  if (!TryDecode(codec, packed, values, bytes)) {
    throw InputError(codec == Codec::kNone
                         ? fmt::format("{} bytes were given, not {}", packed.size(), bytes)
                         : fmt::format("these {} bytes are not {} bytes packed by {}",
                                       packed.size(), bytes, ToText(codec)));
  }
}

}  // namespace scission
