"""How long a job of the map application's server takes beside the same on the command line.

    python3 bench/jobs.py PROGRAM SCENARIO [ROUNDS=2]

The scenario folder is given to a server of its own as an archive; bound and plan are made on the command line and as a job, in turn. Prints
seconds and ratios of one run, with the load.
"""

import http.cookiejar
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request


class Server:
    def __init__(self, program, folder):
        self.process = subprocess.Popen([program, "serve", folder, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        found = None
        while not found:
            found = re.search(r"http://127[^/\s]*", self.process.stdout.readline())
        self.address = found[0]
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def ask(self, method, path, body=None, kind="application/json"):
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"content-type": kind, "origin": self.address}
        with self.opener.open(urllib.request.Request(self.address + path, data=data, method=method, headers=headers)) as answer:
            return json.load(answer)

    def ended(self, job):
        while True:
            state = self.ask("GET", f"/api/jobs/{job}")
            if state["state"] not in ("queued", "running"):
                if state["state"] != "done":
                    sys.exit(f"job {job} {state['state']}: {state['faults']}")
                return state
            time.sleep(0.05)


def main():
    program, scenario = sys.argv[1], pathlib.Path(sys.argv[2])
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 2
    with tempfile.TemporaryDirectory() as work:
        archive = pathlib.Path(shutil.make_archive(f"{work}/scenario", "zip", scenario))
        server = Server(program, f"{work}/projects")
        try:
            server.ask("POST", "/api/session", {"name": "Bench"})
            project = server.ask("POST", "/api/projects", {"name": "Jobs"})["id"]
            given = server.ask("POST", f"/api/projects/{project}/files?name=scenario.zip", archive.read_bytes(), "application/octet-stream")
            version = server.ended(given["job"])["result"]
            print("| round | what | command line, s | job, s | ratio | load |\n|---|---|---|---|---|---|")
            for number in range(1, rounds + 1):
                for kind, options in (("bound", ["--bound-only"]), ("plan", [])):
                    begin = time.monotonic()
                    subprocess.run([program, "plan", scenario, "--out", f"{work}/out", "--replace", *options], check=True, capture_output=True)
                    alone = time.monotonic() - begin
                    begin = time.monotonic()
                    server.ended(server.ask("POST", f"/api/projects/{project}/jobs", {"kind": kind, "of": version})["id"])
                    as_job = time.monotonic() - begin
                    print(f"| {number} | {kind} | {alone:.2f} | {as_job:.2f} | {as_job / alone:.2f} | {os.getloadavg()[0]:.1f} |", flush=True)
        finally:
            server.process.kill()


main()
