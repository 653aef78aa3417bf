// Opens the page of a node as its users do, and looks. Its arguments are the page's address, and where pictures go.
// What is wrong is thrown; PageIT sees to the nodes.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [, , url, pictures] = process.argv;
const browser = await chromium.launch({
  executablePath: process.env.PATH.split(":").map(each => join(each, "chromium")).find(existsSync),
  args: [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
  ],
});

async function open(options, look) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const faults = [];
  page.setDefaultTimeout(60_000);
  page.on("pageerror", error => faults.push(error.stack));
  page.on("console", message => message.type() === "error" && faults.push(message.text()));
  page.on("request", request => new URL(request.url()).host !== new URL(url).host && faults.push(`asked ${request.url()}`));
  await page.goto(url);
  await look(page);
  assert.deepEqual(faults, []);
  await context.close();
}

const text = (page, selector) => page.locator(selector).innerText();
const shows = (page, selector, words) => page.locator(selector).filter({ hasText: words }).first().waitFor();

await open({ viewport: { width: 1280, height: 900 } }, async page => {
  await shows(page, "#self", "n1");
  await shows(page, "#verdict", "n5 is away and lacks");
  assert.equal(await page.locator(".node").count(), 5);
  assert.equal(await page.locator(".node.unreachable").count(), 1);
  assert.equal(await page.locator(".link").count(), 4);
  assert.match(await page.locator("#map svg").getAttribute("aria-label"), /n5: away for/);
  assert.match(await text(page, "#members"), /n5\s+active\s+away/);

  // By keyboard alone: b, the words, Enter. What a record says is text, whatever it looks like.
  await page.keyboard.press("b");
  await page.keyboard.type("<b>hello</b> from the page");
  await page.keyboard.press("Enter");
  await shows(page, "#tail li .text", "<b>hello</b> from the page");
  await shows(page, "#told", /is held by 4, and not yet by n5/);
  await page.locator("#spread .late", { hasText: "n5" }).first().waitFor();
  await page.locator("#coverage .half").first().waitFor();
  assert.match(await text(page, "#rate-now"), /now/);

  await page.keyboard.press("Tab");
  await page.keyboard.type("news");
  await page.keyboard.press("Tab");
  await page.selectOption("#wait", "majority");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Broadcast");
  await page.keyboard.press("Enter");
  await shows(page, "#tail li .topic", "news");

  await page.locator("h1").click();
  await page.keyboard.press("p");
  await page.locator("#pause[aria-pressed=true]").waitFor();
  await page.keyboard.press("p");
  await page.locator("#pause[aria-pressed=false]").waitFor();
  await page.screenshot({ path: `${pictures}/wide.png`, fullPage: true });
});

await open({ viewport: { width: 1280, height: 900 }, colorScheme: "dark" }, async page => {
  await shows(page, "#verdict", "n5 is away");
  await shows(page, "#tail li .text", "<b>hello</b> from the page");
  await page.screenshot({ path: `${pictures}/dark.png`, fullPage: true });
});

await open({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }, async page => {
  await shows(page, "#verdict", "n5 is away");
  const [wide, there] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(wide <= there, `${wide} pixels wide on a phone of ${there}`);
  await page.fill("#payload", "from a phone");
  await page.tap("#say button");
  await shows(page, "#tail li .text", "from a phone");
  await page.screenshot({ path: `${pictures}/phone.png`, fullPage: true });
});

await browser.close();
