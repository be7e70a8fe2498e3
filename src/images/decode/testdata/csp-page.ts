/**
 * Runs in a frame with the content security policy of the app: decodes a HEIC file and tells the parent. It
 * tries `eval` first, so that a policy that is not in force cannot pass for one that is met.
 */
import { decodeHeic } from '../heic.ts';

// Vitest's server routes dynamic imports through its runner, which frames of the test page do not have.
Object.assign(globalThis, {
  __vitest_browser_runner__: { wrapDynamicImport: (load: () => Promise<unknown>) => load() },
});

const violations: string[] = [];
document.addEventListener('securitypolicyviolation', ({ blockedURI }) => violations.push(blockedURI));

function evalBlocked(): boolean {
  try {
    // biome-ignore lint/security/noGlobalEval: the point is that the policy refuses it
    return globalThis.eval('false');
  } catch {
    return true;
  }
}

const report: Record<string, unknown> = { evalBlocked: evalBlocked(), violations };
try {
  const response = await fetch(new URL('./quadrants.heic', import.meta.url));
  const bitmap = await decodeHeic(await response.blob());
  report.size = [bitmap.width, bitmap.height];
} catch (error) {
  report.error = String(error);
}
parent.postMessage(report, '*');
