#include <zlib.h>
// Macros that Swift cannot call.
static inline int kf_inflate_init(z_stream *stream, int window_bits) {
  return inflateInit2(stream, window_bits);
}
