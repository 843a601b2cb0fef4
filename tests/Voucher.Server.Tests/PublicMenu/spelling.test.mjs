import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { matches, normalise } from '../../../src/Voucher.Server/wwwroot/spelling.js';

// The server's tests read the same cases: both must find the same.
const cases = JSON.parse(readFileSync(new URL('spelling-cases.json', import.meta.url), 'utf8'));

test('The page finds what the server finds', () => {
  assert.ok(cases.length > 10);
  for (const { text, spell, typed, found } of cases) assert.equal(matches(text, spell, normalise(typed)), found, `${typed} in ${text}`);
});

test('A text with fewer readings than characters is still searched by its characters', () => {
  assert.equal(matches('中式烹饪', '', normalise('烹饪')), true);
  assert.equal(matches('中式烹饪', '', normalise('pr')), false);
});
