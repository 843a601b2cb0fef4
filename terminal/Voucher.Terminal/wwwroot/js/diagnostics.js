// The diagnostics page: what the program says of itself, and what only the browser can see, line by line with numbers to read aloud.

import { testCamera } from './camera-test.js';
import { askOnce } from './program.js';
import { ScannerTest } from './scanner-test.js';
import { beginIn, fill, isEnglish, pick, switchLanguage } from './two-languages.js';

const AGAIN_MS = 3_000;
const AGAIN_WHILE_CHECKING_MS = 300;
const ANSWER_WITHIN_MS = 10_000;

const byId = id => document.getElementById(id);
const words = { good: ['好', 'Good'], attention: ['注意', 'Look'], bad: ['坏', 'Bad'] };
const shapes = { good: '✓', attention: '!', bad: '✕' };
const gone = { number: 1, health: 'bad', title: ['程序', 'Program'], says: ['本机程序没有运行', 'the program on this machine is not running'] };
const scanner = new ScannerTest();

let report = null;
let camera = { health: 'attention', says: ['正在打开…', 'being opened …'] };

const lines = () => [
  ...(report?.items ?? [gone]),
  { number: 2, title: ['摄像头', 'Camera'], ...camera },
  { number: 3, title: ['扫码枪', 'Scanner'], ...scannerSays() },
].sort((one, other) => one.number - other.number);

function scannerSays() {
  const seen = scanner.result();
  if (!seen) return { health: 'attention', says: ['请在下面的框里扫任意一张券', 'scan any voucher in the box below'] };
  const [ms, enter] = [seen.msPerKey.toFixed(1), seen.enter];
  return {
    health: seen.isMachine ? 'good' : 'attention',
    says: [
      `${seen.keys} 个字符，每个 ${ms} 毫秒，${enter ? '有' : '无'}回车${seen.isMachine ? '' : '（像是手工输入）'}`,
      `${seen.keys} characters, ${ms} ms each, ${enter ? 'with' : 'without'} Enter${seen.isMachine ? '' : ' (typed by hand?)'}`,
    ],
  };
}

function show() {
  fill();
  byId('items').replaceChildren(...lines().map(line => {
    const row = byId('line').content.cloneNode(true).firstElementChild;
    row.dataset.health = line.health;
    row.dataset.number = line.number;
    row.querySelector('.item-number').textContent = line.number;
    row.querySelector('.item-title').textContent = pick(line.title);
    row.querySelector('.item-says').textContent = pick(line.says);
    row.querySelector('.item-shape').textContent = shapes[line.health];
    row.querySelector('.item-word').textContent = pick(words[line.health]);
    return row;
  }));
  byId('check').disabled = !report || report.journal.running;
  byId('at').textContent = report ? new Date(report.at).toLocaleTimeString(isEnglish() ? 'en-GB' : 'zh-CN') : '';
}

async function look() {
  try {
    const { body } = await askOnce('/local/diagnostics', undefined, ANSWER_WITHIN_MS);
    const first = report === null;
    report = body;
    if (first) beginIn(report.language);
  } catch {
    report = null;
  }
  show();
  setTimeout(look, report?.journal.running ? AGAIN_WHILE_CHECKING_MS : AGAIN_MS);
}

async function lookAtCamera() {
  byId('camera-again').disabled = true;
  camera = { health: 'attention', says: ['正在测试…', 'being tested …'] };
  show();
  camera = await testCamera(byId('video'));
  byId('camera-again').disabled = false;
  show();
}

async function checkJournal() {
  byId('check').disabled = true;
  const answer = await askOnce('/local/diagnostics/journal-check', {}, ANSWER_WITHIN_MS).catch(() => null);
  if (answer?.status === 202 && report) report.journal = answer.body;
  show();
}

/** Both languages, whatever the screen shows: the county may read the other one. */
function save() {
  const both = pair => (Array.isArray(pair) ? pair : [pair.zh, pair.en]);
  const text = [
    `培训券终端诊断 Voucher terminal diagnostics  ${report?.at ?? new Date().toISOString()}`,
    ...lines().map(line => `${line.number}. ${both(line.title).join(' ')} [${both(words[line.health]).join(' ')}]\r\n   ${both(line.says).join('\r\n   ')}`),
  ].join('\r\n');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(['\ufeff', text, '\r\n'], { type: 'text/plain;charset=utf-8' }));
  link.download = `terminal-diagnostics-${new Date().toISOString().slice(0, 19).replaceAll(/[:T]/g, '-')}.txt`;
  link.click();
  URL.revokeObjectURL(link.href);
}

byId('language').addEventListener('click', () => { switchLanguage(); show(); });
byId('check').addEventListener('click', checkJournal);
byId('save').addEventListener('click', save);
byId('camera-again').addEventListener('click', lookAtCamera);
byId('scanner').addEventListener('keydown', event => {
  if (event.key === 'Tab') return;
  // What is typed never gets into the page.
  event.preventDefault();
  scanner.key(event.key, event.timeStamp);
  show();
});
look();
lookAtCamera();
