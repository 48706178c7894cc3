// Texts in all languages: what one has the others have, with the same values in them. Without a browser.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (language) => JSON.parse(readFileSync(new URL(`../src/messages/${language}.json`, import.meta.url), "utf8"));
const english = read("en");
const values = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

for (const language of ["ar", "es", "fr"])
  test(`every text is there in ${language}, in the order of the English ones`, () => {
    const own = read(language);
    assert.deepEqual(Object.keys(own), Object.keys(english));
    for (const [key, text] of Object.entries(own)) {
      assert.ok(text.trim(), key);
      assert.deepEqual(values(text), values(english[key]), key);
    }
  });
