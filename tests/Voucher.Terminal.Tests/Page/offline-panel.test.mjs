import assert from 'node:assert/strict';
import { test } from 'node:test';

globalThis.localStorage = { getItem: () => null, setItem() {} };
globalThis.document = { addEventListener() {} };
const { factsOf, LARGEST_LISTS_BYTES } = await import('../../../terminal/Voucher.Terminal/wwwroot/js/offline-panel.js');

const now = new Date('2026-11-22T04:00:00Z');
const state = more => ({
  link: { since: '2026-11-21T01:00:00Z' }, waiting: { count: 3, since: '2026-11-21T02:00:00Z' },
  offline: {
    lastContact: '2026-11-21T01:00:00Z', listsRefreshedAt: '2026-11-21T00:30:00Z', listCounter: 118, provisional: 2, provisionalLimit: 30,
    enrolUntil: '2026-11-24T01:00:00Z', attendanceUntil: '2026-11-22T03:00:00Z', ...more,
  },
});
const facts = (shown, online) => Object.fromEntries(factsOf(shown, online, now));

test('Offline, everything that has a limit is said with it', () => {
  assert.deepEqual(facts(state(), false), {
    factLink: '离线 · 自 11-21 09:00', factContact: '11-21 09:00 · 27 小时前', factWaiting: '3 条，自 11-21 10:00', factLists: '11-21 08:30 · 27 小时前 · 第 118 号',
    factProvisional: '2 个，最多 30 个', factEnrol: '到 11-24 09:00', factAttendance: '11:00 已到期，联网后才能再办', factComplete: '只能联网办理',
  });
});

test('Online there is no end to enrolment', () => {
  const shown = facts(state({ enrolUntil: null, attendanceUntil: null }), true);
  assert.equal(shown.factLink, '在线');
  assert.equal(shown.factComplete, '可以办理');
  assert.ok(!('factEnrol' in shown) && !('factAttendance' in shown));
});

test('A program that does not tell its limits yet leaves them out, and lists that never came are said', () => {
  assert.deepEqual(Object.keys(facts({ ...state(), offline: undefined }, false)), ['factLink', 'factContact', 'factWaiting', 'factLists', 'factComplete']);
  assert.equal(facts(state({ listsRefreshedAt: null, listCounter: null }), false).factLists, '从未');
});

test('The page takes no larger file than the program', () => assert.equal(LARGEST_LISTS_BYTES, 4_194_304));
