// The program, a browser and hands: what every browser test needs.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inFront } from "./assets.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PROGRAM = process.env.CLEARWAY_PROGRAM ?? join(ROOT, "target/debug/clearway");
const BROWSERS = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** How long a state may take to come. It is no limit of speed: it ends a test that waits for something that never comes. */
export const PATIENCE_MS = Number(process.env.CLEARWAY_PATIENCE_MS ?? 180_000);

async function playwright() {
  try {
    return await import("playwright-core");
  } catch {
    throw new Error("The packages of web/ are missing. Install them with: bash scripts/browser.sh");
  }
}

/**
 * Starts the program on a folder of its own; gives its address, the folder and how to end it. With CLEARWAY_ASSETS the page comes from that
 * folder and not from the program.
 */
export async function serve(more = []) {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing. Build it with: cargo build -p clearway-cli`);
  const folder = mkdtempSync(join(tmpdir(), "clearway-web-"));
  const child = spawn(PROGRAM, ["serve", folder, "--port", "0", ...more], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const address = await new Promise((resolve, reject) => {
    const hear = (data) => {
      said += data;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (found) resolve(found[0]);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("exit", (code) => reject(new Error(`clearway serve ended with ${code}: ${said}`)));
  });
  const front = process.env.CLEARWAY_ASSETS ? await inFront(address, process.env.CLEARWAY_ASSETS) : null;
  const end = async () => {
    await front?.end();
    if (child.exitCode === null) {
      const gone = new Promise((done) => child.on("exit", done));
      child.kill("SIGTERM");
      await gone;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  return { address: front?.address ?? address, pid: child.pid, folder, program: PROGRAM, end, said: () => said };
}

/** A browser with a page that notes every request to another host and everything that goes wrong in it. */
export async function open(address, options = {}) {
  const { chromium } = await playwright();
  const executablePath = BROWSERS.find((path) => path && existsSync(path));
  if (!executablePath) throw new Error("Chromium is missing. Install it with: bash scripts/browser.sh");
  const browser = await chromium.launch({
    executablePath,
    // The whole browser and not its headless shell, in which the map never comes to rest; drawn by the processor.
    args: ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
  });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const foreign = [];
  const troubles = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (!["data:", "blob:"].includes(url.protocol) && url.origin !== address) foreign.push(request.url());
  });
  page.on("pageerror", (error) => troubles.push(String(error.stack ?? error)));
  page.on("console", (message) => {
    if (message.type() === "error") troubles.push(message.text());
  });
  await page.goto(address);
  return { browser, page, foreign, troubles, close: () => browser.close() };
}

/** Waits until the map has drawn everything. */
export async function drawn(page) {
  await page.locator('[data-testid="map"][data-state="idle"]').waitFor();
}

/** Where a place of the world is on the screen. */
export async function onScreen(page, [lng, lat]) {
  const map = page.getByTestId("map");
  const [west, south, east, north] = (await map.getAttribute("data-bounds")).split(",").map(Number);
  const box = await map.boundingBox();
  const mercator = (degrees) => Math.log(Math.tan(Math.PI / 4 + (degrees * Math.PI) / 360));
  const x = box.x + (box.width * (lng - west)) / (east - west);
  const y = box.y + (box.height * (mercator(north) - mercator(lat))) / (mercator(north) - mercator(south));
  return [x, y];
}

/** Moves there and clicks, as a hand does. */
export async function click(page, place) {
  const [x, y] = await onScreen(page, place);
  await page.mouse.move(x, y, { steps: 4 });
  await page.mouse.click(x, y);
}

/** How many different colours a part of the screen has, and the share of its most frequent one. */
export async function colours(page, clip) {
  const png = (await page.screenshot({ clip })).toString("base64");
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = new OffscreenCanvas(image.width, image.height);
    const pen = canvas.getContext("2d");
    pen.drawImage(image, 0, 0);
    const { data } = pen.getImageData(0, 0, image.width, image.height);
    const seen = new Map();
    for (let at = 0; at < data.length; at += 4) {
      const colour = (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
      seen.set(colour, (seen.get(colour) ?? 0) + 1);
    }
    return { different: seen.size, most: Math.max(...seen.values()) / (data.length / 4) };
  }, png);
}

/** Says who is there, where that is asked. */
export async function signIn(page, name) {
  await page.getByTestId("who").fill(name);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Create" }).or(page.locator(".list")).first().waitFor();
}

/** Steps of one job: where one fails, what was seen is kept, and those after it, which have nothing to stand on, fail at once. */
export function steps(test, seen) {
  let failed = null;
  return (name, work) =>
    test(name, async () => {
      if (failed) assert.fail(`not tried: "${failed}" failed before`);
      try {
        await work();
      } catch (error) {
        failed = name;
        const picture = fileURLToPath(new URL("out/failed.png", import.meta.url));
        await seen()?.page.screenshot({ path: picture }).catch(() => {});
        if (error instanceof Error) error.message += `\nwhat was seen: ${picture}`;
        throw error;
      }
    });
}

/** Gives a file to a control that asks for one. */
export async function give(page, label, name, text) {
  const [asked] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.locator("label.button", { hasText: label }).click(),
  ]);
  await asked.setFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(text) });
}

/** Drops a file onto a place that takes one, as from a file manager. */
export async function dropFile(page, label, name, bytes) {
  const base64 = Buffer.from(bytes).toString("base64");
  const dataTransfer = await page.evaluateHandle(
    ({ name, base64 }) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))], name));
      return transfer;
    },
    { name, base64 },
  );
  await page.getByRole("group", { name: label }).dispatchEvent("drop", { dataTransfer });
}
