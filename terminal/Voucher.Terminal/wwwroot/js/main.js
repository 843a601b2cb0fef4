// Puts the page together.
import { listen } from './program.js';
import { Camera } from './reading/camera.js';
import { chooseCode } from './reading/choose-code.js';
import { ClassPicker } from './class-picker.js';
import { Corrections } from './corrections.js';
import { Desk } from './desk.js';
import { Keys } from './keys.js';
import { OfflinePanel } from './offline-panel.js';
import { PairingPage } from './pairing.js';
import { Panels } from './panels.js';
import { Practice } from './practice.js';
import { cameraIs } from './readers.js';
import { Recent, seenAtOnce, tellLate } from './recent.js';
import { RepeatFilter } from './reading/repeat-filter.js';
import { Roster } from './roster.js';
import { Settings } from './settings.js';
import { Shortcuts } from './shortcuts.js';
import { openSound, soundIsOpen } from './sound.js';
import { StatusBar } from './status-bar.js';
import { TerminalState } from './terminal-state.js';
import { showTheme } from './theme.js';
import { say, show, switchLanguage } from './words.js';

const byId = id => document.getElementById(id);
const SHORT_CODE = /^\d{12}$/;
const NUDGE_EVERY_MS = 20_000;

showTheme();
const panels = new Panels();
const terminal = new TerminalState();
new StatusBar(terminal);
new OfflinePanel(panels, terminal);
const pairing = new PairingPage();
const classes = new ClassPicker(byId('class-picker'));
const roster = new Roster(classes, panels);
const recent = new Recent(panels);
const practice = new Practice(() => desk.startAfresh());
const inView = new RepeatFilter();
const desk = new Desk(classes, practice, panels, refreshLists);
const corrections = new Corrections(panels, refreshLists, digits => desk.code(digits, true));
let working = false;
let cameraProblem = 'cameraStarting';

panels.askBefore(() => desk.makeWay());
new Settings(panels, practice);
new Shortcuts({
  ...Object.fromEntries([1, 2, 3, 4].map(mode => [`F${mode}`, () => working && desk.choose(mode)])),
  Escape: () => desk.dismiss(),
  F6: () => working && panels.toggle('roster'),
  F7: () => working && panels.toggle('recent'),
  F8: () => panels.toggle('offline'),
  F9: () => working && practice.toggle(),
  F10: () => panels.toggle('settings'),
});
/** While a note is written keys are letters, and no reading; before there is work there is nothing to read. */
new Keys(desk, () => working && !corrections.isWriting);

function refreshLists() {
  recent.refresh();
  roster.refresh();
}

const camera = new Camera(byId('video'), texts => {
  const choice = working ? chooseCode(inView.see(texts, performance.now()), texts) : null;
  Object.assign(byId('camera').dataset, { inView: inView.count, examined: camera.examined });
  if (choice?.code) desk.code(choice.code, false);
  if (!choice?.several) return;
  inView.hold(choice.several);
  desk.severalCodes();
}, problem => {
  cameraProblem = problem;
  cameraIs(problem === null);
  showCamera();
  desk.cameraIs(problem === null);
});

function showCamera() {
  byId('camera').dataset.state = cameraProblem === null ? 'on' : cameraProblem === 'cameraStarting' ? 'starting' : 'off';
  byId('camera-problem').textContent = cameraProblem ? say(cameraProblem) : '';
}

function startWork() {
  working = true;
  pairing.hide();
  byId('desk').hidden = false;
  camera.open();
  refreshLists();
}

function stopWork() {
  working = false;
  byId('desk').hidden = true;
  practice.end();
  desk.startAfresh();
}

listen({
  state(state) {
    terminal.heard(state);
    classes.show(state.setup?.classes ?? []);
    const works = PairingPage.isWorking(state);
    if (works && !working) startWork();
    if (!works && working) stopWork();
    if (!works) pairing.show(state);
  },
  late(verdict) {
    if (desk.late(verdict)) seenAtOnce(verdict);
    else tellLate(verdict);
    refreshLists();
  },
  gone() { terminal.gone(); },
});

byId('short-code').addEventListener('input', () => {
  const input = byId('short-code');
  input.value = input.value.replace(/[\uFF10-\uFF19]/g, c => String.fromCharCode(c.charCodeAt(0) - 0xFEE0)).replace(/[^0-9 -]/g, '');
  byId('short-code-error').textContent = '';
});
byId('short-code-form').addEventListener('submit', event => {
  event.preventDefault();
  const digits = byId('short-code').value.replace(/[ -]/g, '');
  if (SHORT_CODE.test(digits)) desk.shortCode(digits);
  else byId('short-code-error').textContent = say('shortCodeWrong');
});
byId('camera-retry').addEventListener('click', () => camera.open());
byId('language').addEventListener('click', switchLanguage);
document.addEventListener('language', showCamera);
byId('status').addEventListener('click', () => panels.toggle('offline'));

function showNudge() {
  const { onNow } = classes;
  byId('nudge').hidden = onNow === null;
  if (onNow) byId('nudge-text').textContent = say('nudge', `${onNow.name} ${onNow.today.join('、')}`);
}
classes.addEventListener('chosen', showNudge);
document.addEventListener('language', showNudge);
setInterval(showNudge, NUDGE_EVERY_MS);
byId('nudge-go').addEventListener('click', () => { if (classes.onNow) classes.choose(classes.onNow.id); });

for (const touch of ['pointerdown', 'keydown']) {
  document.addEventListener(touch, async () => {
    await openSound();
    byId('sound-hint').hidden = soundIsOpen();
  }, { capture: true });
}
// Sheet and verdict fill all but the bar, which wraps on narrow screens.
new ResizeObserver(([bar]) => document.documentElement.style.setProperty('--bar-height', `${bar.borderBoxSize[0].blockSize}px`)).observe(document.querySelector('.bar'));
openSound().then(() => { byId('sound-hint').hidden = soundIsOpen(); });
show();
