// The program on this machine: questions to it, each with an end to waiting, and its stream of events.

const ATTEMPTS = 4;
const PAUSE_MS = 500;
/** The program answers at once, or as soon as its disk has written. */
const ANSWER_WITHIN_MS = 5_000;
/** A file of 4 MB over a tablet's radio. */
const FILE_WITHIN_MS = 30_000;
/** The program speaks at least every five seconds; silence beyond this means that it is gone. */
const SILENCE_MS = 15_000;

/** No answer came. Whether the program did what it was asked is not known. */
export class ProgramGone extends Error {}

const posted = body => body && { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };

/** → { status, body, attempts }. Asks again while nobody answers: only for what may be asked twice. */
export const ask = (path, body) => persist(path, posted(body), ANSWER_WITHIN_MS);

/** → { status, body, attempts }. A file as it is. */
export const send = (path, file) => persist(path, { method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body: file }, FILE_WITHIN_MS);

/** → { status, body }, or ProgramGone. For what must not be asked twice unasked, and for what a page asks again by itself. */
export async function askOnce(path, body, withinMs) {
  try {
    return await answerTo(path, posted(body), withinMs);
  } catch {
    throw new ProgramGone();
  }
}

async function persist(path, request, withinMs) {
  for (let attempts = 1; ; attempts++) {
    try {
      return { ...await answerTo(path, request, withinMs), attempts };
    } catch {
      if (attempts === ATTEMPTS) throw new ProgramGone();
      await new Promise(done => setTimeout(done, PAUSE_MS));
    }
  }
}

/** The signal ends a body that stops half-way, too. */
async function answerTo(path, request, withinMs) {
  const response = await fetch(path, { ...request, signal: AbortSignal.timeout(withinMs) });
  return { status: response.status, body: response.headers.get('Content-Type')?.includes('json') ? await response.json() : null };
}

/** listeners: { state(state), late(verdict), gone() } */
export function listen(listeners) {
  let silence;
  let source;
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(() => { listeners.gone(); open(); }, SILENCE_MS);
  };
  const open = () => {
    source?.close();
    source = new EventSource('/local/events');
    source.addEventListener('state', message => { heard(); listeners.state(JSON.parse(message.data)); });
    source.addEventListener('late', message => { heard(); listeners.late(JSON.parse(message.data)); });
    source.addEventListener('error', () => listeners.gone());
    heard();
  };
  open();
}
