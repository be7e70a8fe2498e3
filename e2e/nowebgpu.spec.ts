import { expect, test } from '@playwright/test';

test('without WebGPU the page says what to do, and the library works', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'gpu', { get: () => undefined });
  });
  // Workers have a navigator of their own, which an init script does not reach: serve the engine without it.
  await page.route(/engine\.worker-.*\.js$/, async (route) => {
    const response = await route.fetch();
    const body = `Object.defineProperty(WorkerNavigator.prototype, 'gpu', { get: () => undefined });\n${await response.text()}`;
    await route.fulfill({ response, body });
  });
  await page.goto('/');
  const problem = page.getByTestId('engine-problem');
  await expect(problem).toBeVisible({ timeout: 60_000 });
  await expect(problem).toContainText('This browser cannot use the graphics card');
  await expect(problem).toContainText('hardware acceleration');
  await page.getByRole('button', { name: /Try with Marmalade/ }).click();
  await expect(page.getByText('Training 3')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Teach', exact: true })).toBeDisabled();
});
