/** What a server must send for a page to be cross-origin isolated: only then can the processor's threads share memory. */
export const ISOLATION_HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};
