import { expect, it } from 'vitest';

/** What the page reports that this test builds. */
interface Report {
  size?: [number, number];
  error?: string;
  evalBlocked: boolean;
  violations: string[];
}

it('HEIC is decoded under a policy without unsafe-eval', async () => {
  const policy = "default-src 'self'; script-src 'self'; worker-src 'self' blob:; connect-src 'self'";
  const page = new URL('./testdata/csp-page.ts', import.meta.url).pathname;
  const frame = document.createElement('iframe');
  frame.srcdoc = `<meta http-equiv="Content-Security-Policy" content="${policy}"><script type="module" src="${page}"></script>`;
  const report = new Promise<Report>((resolve) => {
    window.addEventListener('message', ({ data, source }) => {
      if (source === frame.contentWindow) resolve(data as Report);
    });
  });
  document.body.append(frame);
  try {
    expect(await report).toEqual({ size: [64, 48], evalBlocked: true, violations: ['eval'] });
  } finally {
    frame.remove();
  }
});
