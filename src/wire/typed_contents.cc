#include "wire/typed_contents.h"

#include <fmt/format.h>

#include <cstring>
#include <limits>

#include "base/error.h"
#include "open_inference.pb.h"
#include "wire/datatype.h"

namespace scission {
namespace {

/// BYTES as raw contents have them: each element behind its length.
std::string Framed(const google::protobuf::RepeatedPtrField<std::string>& elements) {
  std::string framed;
  for (const std::string& element : elements) {
    const auto length = static_cast<std::uint32_t>(element.size());
    framed.append(reinterpret_cast<const char*>(&length), sizeof(length));
    framed += element;
  }
  return framed;
}

template <typename Element, typename Numbers>
std::string Bytes(const Numbers& numbers, const std::string& place) {
  std::string bytes(static_cast<std::size_t>(numbers.size()) * sizeof(Element), '\0');
  char* to = bytes.data();
  for (const auto number : numbers) {
    const auto element = static_cast<Element>(number);
    if constexpr (std::numeric_limits<Element>::is_integer) {
      if (static_cast<std::remove_const_t<decltype(number)>>(element) != number) {
        throw InputError(place, fmt::format("{} does not fit its datatype", number));
      }
    }
    std::memcpy(to, &element, sizeof(Element));
    to += sizeof(Element);
  }
  return bytes;
}

std::string BytesOf(const inference::InferTensorContents& contents, ElementType type,
                    const std::string& place) {
  switch (type) {
    case ElementType::kBool:
      return Bytes<bool>(contents.bool_contents(), place);
    case ElementType::kInt8:
      return Bytes<std::int8_t>(contents.int_contents(), place);
    case ElementType::kInt16:
      return Bytes<std::int16_t>(contents.int_contents(), place);
    case ElementType::kInt32:
      return Bytes<std::int32_t>(contents.int_contents(), place);
    case ElementType::kInt64:
      return Bytes<std::int64_t>(contents.int64_contents(), place);
    case ElementType::kUint8:
      return Bytes<std::uint8_t>(contents.uint_contents(), place);
    case ElementType::kUint16:
      return Bytes<std::uint16_t>(contents.uint_contents(), place);
    case ElementType::kUint32:
      return Bytes<std::uint32_t>(contents.uint_contents(), place);
    case ElementType::kUint64:
      return Bytes<std::uint64_t>(contents.uint64_contents(), place);
    case ElementType::kFloat:
      return Bytes<float>(contents.fp32_contents(), place);
    case ElementType::kDouble:
      return Bytes<double>(contents.fp64_contents(), place);
    case ElementType::kString:
      return Framed(contents.bytes_contents());
    default:
      throw InputError(place, fmt::format("{} can only be sent as raw contents", DatatypeOf(type)));
  }
}

int CountOf(const inference::InferTensorContents& contents) {
  return contents.bool_contents_size() + contents.int_contents_size() +
         contents.int64_contents_size() + contents.uint_contents_size() +
         contents.uint64_contents_size() + contents.fp32_contents_size() +
         contents.fp64_contents_size() + contents.bytes_contents_size();
}

}  // namespace

std::string TypedContents(const inference::InferTensorContents& contents, const TensorSpec& spec,
                          const std::string& place) {
  const std::int64_t expected = ElementCount(spec.shape, place);
  if (CountOf(contents) != expected) {
    throw InputError(place, fmt::format("has {} values, but shape {} takes {}", CountOf(contents),
                                        ToText(spec.shape), expected));
  }
  std::string bytes = BytesOf(contents, spec.type, place);
  const auto size =
      static_cast<std::size_t>(expected) * static_cast<std::size_t>(BitsPerElement(spec.type)) / 8;
  if (spec.type != ElementType::kString && bytes.size() != size) {
    throw InputError(place,
                     fmt::format("its values are not in the list for {}", DatatypeOf(spec.type)));
  }
  return bytes;
}

}  // namespace scission
