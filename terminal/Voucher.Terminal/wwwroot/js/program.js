// The program on this machine: requests with a retry under the same scan id, and its stream of events.

const ATTEMPTS = 4;
const PAUSE_MS = 500;
/** The program speaks at least every five seconds; silence beyond this means that it is gone. */
const SILENCE_MS = 15_000;

export class ProgramGone extends Error {}

/** → { status, body }. Asks again while nobody answers; the scan id in the body makes that harmless. */
export const ask = (path, body) => persist(path, body && { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

/** → { status, body }. A file as it is. */
export const send = (path, file) => persist(path, { method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body: file });

async function persist(path, request) {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await fetch(path, request);
      return { status: response.status, body: response.headers.get('Content-Type')?.includes('json') ? await response.json() : null };
    } catch {
      if (attempt === ATTEMPTS) throw new ProgramGone();
      await new Promise(done => setTimeout(done, PAUSE_MS));
    }
  }
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
