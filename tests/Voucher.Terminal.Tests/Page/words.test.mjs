import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

globalThis.localStorage = { getItem: () => null, setItem() {} };
const root = new URL('../../../terminal/Voucher.Terminal/wwwroot/', import.meta.url);
globalThis.document = { addEventListener() {} };
const { both, keys } = await import(new URL('js/words.js', root));
const { guess, inOrder } = await import(new URL('js/class-picker.js', root));
const { countyDay, countyMinute, countyTime, hoursSince } = await import(new URL('js/county-time.js', root));
const { plainIdNumber } = await import(new URL('js/identity.js', root));
const read = path => readFileSync(new URL(path, root), 'utf8');

test('Every word that the page asks for exists in both languages', () => {
  const scripts = readdirSync(new URL('js/', root), { recursive: true }).filter(file => file.endsWith('.js')).map(file => read(`js/${file}`));
  const keys = [
    ...[...read('index.html').matchAll(/data-t(?:-label)?="(\w+)"/g)].map(match => match[1]),
    ...scripts.flatMap(text => [...text.matchAll(/\b(?:say|both)\('(\w+)'/g)].map(match => match[1])),
    ...scripts.flatMap(text => [...text.matchAll(/'(camera(?:[A-Z]\w+)|prompt[A-Z]\w+)'/g)].map(match => match[1])),
  ];
  assert.ok(keys.length > 60);
  for (const key of keys) {
    const words = both(key);
    assert.match(words.zh, /\p{Script=Han}/u, key);
    assert.match(words.en, /[A-Za-z]/, key);
  }
});

test('The hooks that other programs hold on to are in the page', () => {
  const page = read('index.html');
  const hooks = ['mode-enrol', 'mode-check-in', 'mode-check-out', 'mode-complete', 'class-picker', 'identity-input', 'identity-confirm', 'verdict',
    'verdict-reason', 'verdict-holder', 'link-state', 'waiting-count', 'pair-server', 'pair-code', 'pair-name', 'pair-submit', 'pair-fingerprint', 'short-code-input', 'roster-open', 'recent-open', 'settings-open', 'status', 'lists-load', 'lists-file', 'offer-take', 'correction-send', 'practice'];
  for (const hook of hooks) assert.equal(page.split(`data-testid="${hook}"`).length, 2, hook);
});

test('The page loads nothing from elsewhere', () => {
  assert.doesNotMatch(read('index.html'), /(?:src|href)="(?:https?:)?\/\//);
});

const aClass = (id, today, startsOn = '2026-11-01') => ({ id, today, startsOn });

test('Today’s classes come first, by their time', () => {
  const classes = [aClass(1, [], '2026-10-01'), aClass(2, ['14:00–17:00']), aClass(3, ['08:30–11:30']), aClass(4, [], '2026-09-01')];
  assert.deepEqual(inOrder(classes).map(one => one.id), [3, 2, 4, 1]);
});

test('The class last chosen stays chosen while it exists', () => {
  const classes = [aClass(1, ['08:30–11:30']), aClass(2, [])];
  assert.equal(guess(classes, 0, 2), 2);
  assert.equal(guess(classes, 0, 9), 1);
  assert.equal(guess([], 0, 9), null);
});

test('Times are the county’s, whatever the machine’s zone, and name the day when it is another', () => {
  const now = new Date('2026-11-22T01:05:00Z');
  assert.equal(countyTime('2026-11-22T00:30:00Z', now), '08:30');
  assert.equal(countyTime('2026-11-21T15:30:00Z', now), '11-21 23:30');
  assert.equal(countyTime('2026-11-21T16:30:00Z', now), '00:30');
});

test('Days, minutes and ages are the county’s too', () => {
  assert.equal(countyDay('2026-11-21T16:30:00Z'), '2026-11-22');
  assert.equal(countyMinute('2026-11-21T16:30:00Z'), 30);
  assert.equal(hoursSince('2026-11-21T16:30:00Z', '2026-11-22T18:29:00Z'), 25);
  assert.equal(hoursSince('2026-11-22T18:30:00Z', '2026-11-22T18:29:00Z'), 0);
});

test('Every word of the page is there in both languages, also those that are put together', () => {
  for (const key of keys) {
    assert.ok(both(key).zh && both(key).en, key);
    assert.equal((both(key).zh.match(/\{\d\}/g) ?? []).sort().join(), (both(key).en.match(/\{\d\}/g) ?? []).sort().join(), key);
  }
});

test('An identity number is taken however it is typed', () => {
  assert.equal(plainIdNumber('１１０１０５ 19491231 002ｘ'), '11010519491231002X');
  assert.equal(plainIdNumber('abc110105194912310021111'), '110105194912310021');
});
