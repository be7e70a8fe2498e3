import { launchChromium } from './scripts/chromium.mjs';

const t = Date.now();
const { browser, newPage, close } = await launchChromium();
console.log('connected', browser.version(), Date.now() - t);
const page = await newPage();
console.log('page', Date.now() - t);
await page.goto('data:text/html,hi');
console.log('went', Date.now() - t);
console.log(await page.evaluate(() => 1 + 1), Date.now() - t);
await close();
console.log('closed', Date.now() - t);
