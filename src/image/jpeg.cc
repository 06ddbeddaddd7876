// JPEG by libjpeg-turbo: Debian's stb_image writes out of bounds on hostile JPEG files.
#include <array>
#include <csetjmp>
#include <cstddef>
#include <cstdio>

// These need what stands before them.
// clang-format off
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

#include "image/decoders.h"

namespace scission {
namespace {

/// libjpeg's errors: it expects a handler that does not return, and warns where it repairs.
struct Errors {
  jpeg_error_mgr manager;  // first, so that libjpeg's pointer is also ours
  std::jmp_buf escape;
  std::array<char, JMSG_LENGTH_MAX> message;
  bool ended_early = false;

  Errors() {
    jpeg_std_error(&manager);
    manager.error_exit = Escape;
    manager.emit_message = Notice;
  }
  static Errors& Of(j_common_ptr info) { return *reinterpret_cast<Errors*>(info->err); }

  static void Escape(j_common_ptr info) {
    info->err->format_message(info, Of(info).message.data());
    std::longjmp(Of(info).escape, 1);
  }
  static void Notice(j_common_ptr info, int level) {
    if (level < 0 && info->err->msg_code == JWRN_JPEG_EOF) Of(info).ended_early = true;
  }
};

class Decoder {
 public:
  Decoder(const std::string& file, std::string_view bytes) : file_(file) {
    info_.err = &errors_.manager;
    Guard([&] {
      jpeg_create_decompress(&info_);
      jpeg_mem_src(&info_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    });
  }
  ~Decoder() { jpeg_destroy_decompress(&info_); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  Picture Decode() {
    Guard([&] { jpeg_read_header(&info_, TRUE); });
    CheckSize(file_, info_.image_width, info_.image_height);
    info_.out_color_space = JCS_RGB;
    Guard([&] { jpeg_start_decompress(&info_); });

    Picture picture{
        static_cast<int>(info_.output_height), static_cast<int>(info_.output_width), {}};
    const std::size_t row_size = std::size_t{info_.output_width} * 3;
    picture.rgb.resize(row_size * info_.output_height);
    Guard([&] {
      while (info_.output_scanline < info_.output_height) {
        JSAMPROW row = picture.rgb.data() + row_size * info_.output_scanline;
        jpeg_read_scanlines(&info_, &row, 1);
      }
    });
    return picture;
  }

 private:
  /// Turns errors in `call` and missing data into InputError. An error jumps out of `call`, which
  /// must hold nothing that wants destroying.
  template <typename Call>
  void Guard(const Call& call) {
    if (setjmp(errors_.escape) == 0) {
      call();
      if (!errors_.ended_early) return;
    }
    if (errors_.ended_early) FailEndsEarly(file_);
    FailDamaged(file_, errors_.message.data());
  }

  const std::string& file_;
  Errors errors_;
  jpeg_decompress_struct info_{};
};

}  // namespace

bool IsJpeg(std::string_view bytes) { return bytes.starts_with("\xFF\xD8\xFF"); }

Picture DecodeJpeg(const std::string& file, std::string_view bytes) {
  return Decoder(file, bytes).Decode();
}

}  // namespace scission
