/** Binaries of `kernels/`, compiled by `scripts/kernels.mjs`, in base64. */
declare module 'virtual:kernels/simd' {
  const base64: string;
  export default base64;
}
declare module 'virtual:kernels/relaxed' {
  const base64: string;
  export default base64;
}
