// What is always visible: online or offline, how many scans wait and since when, how old the lists are, who and where, the
// clock; and below it what is wrong, what soon will be, and what is new.
import { countyTime, hoursSince } from './county-time.js';
import { pick, say } from './words.js';

const byId = id => document.getElementById(id);
const CLOCK_WORTH_SAYING_S = 120;
/** From here on the program warns as well. */
const LISTS_OLD_HOURS = 24;

export class StatusBar {
  #terminal;

  constructor(terminal) {
    this.#terminal = terminal;
    terminal.onChange(() => this.#fill());
    setInterval(() => this.#tickClock(), 1000);
    this.#tickClock();
  }

  #tickClock() {
    byId('clock').textContent = countyTime(new Date());
  }

  #fill() {
    const { last, isOnline, programGone } = this.#terminal;
    byId('link').dataset.online = String(isOnline);
    byId('link-text').textContent = linkText(last, isOnline, programGone);
    fillBanner(byId('trouble'), troubles(last));
    fillBanner(byId('warnings'), warnings(last));
    fillBanner(byId('update'), [pick(last?.update)]);
    if (!last) return;
    const { setup, pairing, waiting, offline } = last;
    byId('institution').textContent = setup?.institutionName ?? say('title');
    byId('terminal-name').textContent = [setup?.terminalName ?? pairing?.name, setup?.countyName].filter(Boolean).join(' · ');
    byId('waiting').hidden = pairing === null && waiting.count === 0;
    byId('waiting').dataset.some = String(waiting.count > 0);
    byId('waiting-count').textContent = waiting.count;
    byId('waiting-since').textContent = waiting.since ? ` · ${say('since')} ${countyTime(waiting.since)}` : '';
    byId('lists').hidden = setup === null || !offline;
    byId('lists').dataset.old = String(areOld(offline));
    byId('lists-at').textContent = offline?.listsRefreshedAt ? countyTime(offline.listsRefreshedAt) : say('never');
  }
}

function linkText(state, isOnline, programGone) {
  if (programGone) return say('programGone');
  if (!state) return say('linkNotKnown');
  if (!state.pairing) return say('unpaired');
  return isOnline ? say('online') : `${say('offlineSince')} ${countyTime(state.link.since)}`;
}

/** What is wrong: a person has to do something. Pure but for the language. */
export function troubles(state) {
  const minutes = Math.round(Math.abs(state?.link.clockAheadSeconds ?? 0) / 60);
  const clock = minutes * 60 >= CLOCK_WORTH_SAYING_S ? say('clockWrong', minutes) : state?.clockDoubted ? say('clockDoubted') : '';
  const older = (state?.older ?? []).filter(one => one.turnedAway)
    .map(one => say('olderTurnedAway', one.name, one.fingerprint, one.waiting, one.folder));
  // The page itself says all about a quarantine.
  return [state?.link.standing === 'quarantined' ? '' : pick(state?.link.trouble), clock, ...older];
}

/** What soon will be wrong. Pure but for the language. */
export const warnings = state => [state?.diskLow ? say('diskLow') : '', ...(state?.offline?.warnings ?? []).map(pick)];

/** Lists of another day, or none yet: vouchers may have been used or revoked since. Pure. */
export const areOld = (offline, now = new Date()) => hoursSince(offline?.listsRefreshedAt ?? 0, now) >= LISTS_OLD_HOURS;

/** A line each. Filled anew only when it changes: screen readers say it again each time. */
function fillBanner(banner, lines) {
  const said = lines.filter(Boolean);
  if (banner.textContent !== said.join('')) {
    banner.replaceChildren(...said.map(text => Object.assign(document.createElement('span'), { textContent: text })));
  }
  banner.hidden = said.length === 0;
}
