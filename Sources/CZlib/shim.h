#include <zlib.h>

// inflateInit2 is a macro with sizeof in it, which Swift does not import.
static inline int CZlib_inflateInit2(z_streamp stream, int windowBits) {
  return inflateInit2(stream, windowBits);
}
