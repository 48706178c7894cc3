// Makes the pictures of docs/guides/map-application.md from the demo:  node tests/pictures.mjs FOLDER

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { drawn, open, serve, signIn } from "./setup.mjs";

const into = process.argv[2] ?? "../docs/pictures";
const server = await serve(["--demo"]);
const { page, close } = await open(server.address, { viewport: { width: 1180, height: 760 } });
const shot = async (name) => {
  await drawn(page);
  writeFileSync(join(into, name), await page.screenshot());
};
await signIn(page, "Ada");
await page.locator(".list button").first().click();
// The demo is planned and simulated once the program has begun.
for (;;) {
  const ready = page.getByTestId("number-simulated").filter({ hasText: /\d/ });
  if (await ready.waitFor({ timeout: 5000 }).then(() => true, () => false)) break;
  await page.reload();
}
await shot("map-answer.png");

await page.getByRole("tab", { name: "Over time" }).click();
await page.getByTestId("legend").waitFor();
const slider = page.getByRole("slider");
await slider.focus();
await page.keyboard.press("PageUp");
for (let times = 0; times < 25; times++) await page.keyboard.press("ArrowRight");
await page.waitForFunction(() => Number(document.querySelector('[data-testid="timebar"]').dataset.step) >= 25);
await shot("map-time.png");

await page.getByRole("tab", { name: "Answer" }).click();
await page.locator(".scroll").nth(1).locator("tbody button").first().click();
const actions = page.getByTestId("road-actions");
await actions.locator("summary").click();
await actions.getByLabel("Where you know it from").fill("assumed");
await actions.getByRole("button", { name: "Close it, both directions" }).click();
await page.getByRole("button", { name: "Plan with these changes" }).click();
await page.getByTestId("comparison").waitFor();
const choice = page.getByTestId("picked");
if (await choice.isVisible()) await choice.getByRole("button", { name: "Close", exact: true }).click();
await page.getByTestId("difference").click();
await page.getByTestId("comparison").scrollIntoViewIfNeeded();
await shot("map-compare.png");
await close();
await server.end();
