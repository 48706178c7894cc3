// The built page in front of a running program: a change of the page is tried without building the program anew.

import { createServer, request } from "node:http";
import { existsSync, readFileSync, statSync } from "node:fs";
import { extname, join, normalize } from "node:path";

const KINDS = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

/** Serves a folder, and from the program what is asked of its interface; gives the address and how to end it. */
export async function inFront(program, folder) {
  const { headers } = await fetch(program);
  const policy = headers.get("content-security-policy");
  const own = createServer((asked, answer) => {
    const path = normalize(new URL(asked.url, program).pathname);
    if (!path.startsWith("/api")) {
      const file = join(folder, path);
      const found = existsSync(file) && statSync(file).isFile() ? file : join(folder, "index.html");
      answer.writeHead(200, { "content-type": KINDS[extname(found)] ?? "application/octet-stream", "content-security-policy": policy });
      return answer.end(readFileSync(found));
    }
    const { host, protocol } = new URL(program);
    const sent = { ...asked.headers, host };
    if (sent.origin) sent.origin = `${protocol}//${host}`;
    const passed = request(`${program}${asked.url}`, { method: asked.method, headers: sent }, (given) => {
      answer.writeHead(given.statusCode, given.headers);
      given.pipe(answer);
    });
    passed.on("error", () => answer.destroy());
    answer.on("close", () => passed.destroy());
    asked.pipe(passed);
  });
  await new Promise((done) => own.listen(0, "127.0.0.1", done));
  const end = async () => {
    own.closeAllConnections();
    await new Promise((done) => own.close(done));
  };
  return { address: `http://127.0.0.1:${own.address().port}`, end };
}
