// What is always visible: online or offline, how many scans wait and since when, how old the lists are, who and where, the
// clock; and below it what is wrong, what soon will be, and what is new.
import { countyTime } from './county-time.js';
import { pick, say } from './words.js';

const byId = id => document.getElementById(id);
const CLOCK_WORTH_SAYING_S = 120;

/** Whether scans can be answered now: the program on this machine speaks, and it has a link. Pure. */
export const isOnline = (state, programGone) => !programGone && Boolean(state?.link.online);

export class StatusBar {
  #state = null; #programGone = false;

  constructor() {
    setInterval(() => this.#tickClock(), 1000);
    this.#tickClock();
    document.addEventListener('language', () => this.#fill());
  }

  show(state) {
    this.#state = state;
    this.#programGone = false;
    this.#fill();
  }

  programGone() {
    this.#programGone = true;
    this.#fill();
  }

  #tickClock() {
    byId('clock').textContent = countyTime(new Date());
  }

  #fill() {
    const online = isOnline(this.#state, this.#programGone);
    byId('link').dataset.online = String(online);
    byId('link-text').textContent = this.#linkText(online);
    this.#fillTrouble();
    if (!this.#state) return;
    const { setup, pairing, waiting, offline } = this.#state;
    byId('institution').textContent = setup?.institutionName ?? say('title');
    byId('terminal-name').textContent = [setup?.terminalName ?? pairing?.name, setup?.countyName].filter(Boolean).join(' · ');
    byId('waiting').hidden = pairing === null && waiting.count === 0;
    byId('waiting').dataset.some = String(waiting.count > 0);
    byId('waiting-count').textContent = waiting.count;
    byId('waiting-since').textContent = waiting.since ? ` · ${say('since')} ${countyTime(waiting.since)}` : '';
    byId('lists').hidden = setup === null || !offline;
    byId('lists-at').textContent = offline?.listsRefreshedAt ? countyTime(offline.listsRefreshedAt) : say('never');
  }

  #linkText(online) {
    if (this.#programGone) return say('programGone');
    if (this.#state && !this.#state.pairing) return say('unpaired');
    return online || !this.#state ? say('online') : `${say('offlineSince')} ${countyTime(this.#state.link.since)}`;
  }

  #fillTrouble() {
    const minutes = Math.round(Math.abs(this.#state?.link.clockAheadSeconds ?? 0) / 60);
    const clock = minutes * 60 >= CLOCK_WORTH_SAYING_S ? say('clockWrong', minutes) : this.#state?.clockDoubted ? say('clockDoubted') : '';
    const older = (this.#state?.older ?? []).filter(one => one.turnedAway)
      .map(one => say('olderTurnedAway', one.name, one.fingerprint, one.waiting, one.folder));
    fillBanner(byId('trouble'), [pick(this.#state?.link.trouble), clock, ...older]);
    fillBanner(byId('warnings'), (this.#state?.offline?.warnings ?? []).map(pick));
    fillBanner(byId('update'), [pick(this.#state?.update)]);
  }
}

/** Filled anew only when it changes: screen readers say it again each time. */
function fillBanner(banner, lines) {
  const text = lines.filter(Boolean).join(' ');
  if (banner.textContent !== text) banner.textContent = text;
  banner.hidden = text === '';
}
