#if WINDOWS
// Appended to the matrix products: the address of op(A) when it is the matrix of a convolution's windows, which is
// never stored. Its row is an output position (image, y, x), its column a tap and a channel; both offsets add up.

/// Offset of the window of an output position, in elements.
fn windowOffset(position: u32) -> u32 {
  let inImage = position % params.outArea;
  return position / params.outArea * params.imageStride + inImage / params.outWidth * params.stepDown
    + inImage % params.outWidth * params.step;
}

/// Offset of a tap and channel within a window, in elements.
fn tapOffset(column: u32) -> u32 {
  let tap = i32(column / params.channels);
  let across = i32(params.kernelWidth);
  return u32(params.tapBase + tap / across * params.tapDown + tap % across * params.tapAcross)
    + column % params.channels;
}
#endif
