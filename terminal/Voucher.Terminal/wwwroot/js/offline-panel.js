// How things stand without the network: what may go on and until when, what waits, and lists carried on a USB stick.
import { countyTime, hoursSince } from './county-time.js';
import { send } from './program.js';
import { pick, say, sayIn } from './words.js';

/** The program takes no larger file of lists. */
export const LARGEST_LISTS_BYTES = 4 * 1024 * 1024;

const byId = id => document.getElementById(id);

export class OfflinePanel {
  #terminal; #said = null;

  constructor(panels, terminal) {
    this.#terminal = terminal;
    terminal.onChange(() => this.#fill());
    panels.onOpen('offline', () => { this.#said = null; this.#fill(); });
    byId('lists-load').addEventListener('click', () => byId('lists-file').click());
    byId('lists-file').addEventListener('change', () => this.#load());
  }

  #fill() {
    const { last: state, isOnline: online } = this.#terminal;
    if (!state) return;
    byId('offline-title').textContent = say(online ? 'offlineTitleOnline' : 'offlineTitle');
    byId('panel-offline').dataset.online = String(online);
    byId('offline-facts').replaceChildren(...factsOf(state, online).flatMap(([key, value]) => [
      Object.assign(document.createElement('dt'), { textContent: say(key) }),
      Object.assign(document.createElement('dd'), { textContent: value }),
    ]));
    byId('offline-then').textContent = say(online ? 'offlineThenOnline' : 'offlineThen');
    byId('lists-said').textContent = this.#said ? pick(this.#said.words) : '';
    byId('lists-said').dataset.good = String(this.#said?.isGood ?? true);
  }

  async #load() {
    const [file] = byId('lists-file').files;
    if (!file) return;
    byId('lists-load').disabled = true;
    this.#said = await loaded(file);
    byId('lists-load').disabled = false;
    byId('lists-file').value = '';
    this.#fill();
    byId('lists-load').focus();
  }
}

/** A file → { isGood, words }. */
async function loaded(file) {
  const no = words => ({ isGood: false, words });
  if (file.size > LARGEST_LISTS_BYTES) return no(sayBoth('listsTooLarge'));
  try {
    const { status, body } = await send('/local/lists', file);
    if (status === 200) return { isGood: true, words: sayBoth('listsLoaded', body.counter, countyTime(body.refreshedAt)) };
    return no(body?.reason ? { zh: `${body.reason.zh}${body.nextStep?.zh ?? ''}`, en: `${body.reason.en} ${body.nextStep?.en ?? ''}` } : sayBoth('listsNotTaken'));
  } catch {
    return no(sayBoth('listsNotKnown'));
  }
}

const agoOf = hours => (hours === 0 ? say('justNow') : say('hoursAgo', hours));

const sayBoth = (key, ...values) => ({ zh: sayIn('zh', key, ...values), en: sayIn('en', key, ...values) });

/** [key, value] of every line that can be said. Pure but for the language. */
export function factsOf({ link, waiting, offline }, online, now = new Date()) {
  const ago = instant => (instant ? `${countyTime(instant, now)} · ${agoOf(hoursSince(instant, now))}` : say('never'));
  const until = instant => (new Date(instant) > new Date(now) ? say('untilTime', countyTime(instant, now)) : say('overSince', countyTime(instant, now)));
  return [
    ['factLink', online ? say('online') : `${say('offlineSince')} ${countyTime(link.since, now)}`],
    ['factContact', ago(offline?.lastContact)],
    ['factWaiting', waiting.count === 0 ? say('nothingWaits') : say('waitsSince', waiting.count, countyTime(waiting.since, now))],
    ['factLists', offline?.listCounter ? `${ago(offline.listsRefreshedAt)} · ${say('listNumber', offline.listCounter)}` : ago(offline?.listsRefreshedAt)],
    offline && ['factProvisional', say('ofLimit', offline.provisional, offline.provisionalLimit)],
    offline?.enrolUntil && ['factEnrol', until(offline.enrolUntil)],
    offline?.attendanceUntil && ['factAttendance', until(offline.attendanceUntil)],
    ['factComplete', say(online ? 'completeOnline' : 'completeNever')],
  ].filter(Boolean);
}
