// The parts of the stb libraries that we use, as stb.cc compiles them.
#pragma once

#define STBI_NO_STDIO
#define STBI_ONLY_BMP
#define STBI_ONLY_PNG
#include <stb_image.h>
#include <stb_image_resize.h>
