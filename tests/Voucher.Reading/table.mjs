// The results as Markdown tables.

const percent = (part, whole) => (whole === 0 ? '–' : `${Math.round((100 * part) / whole)}%`);

/** @param {object[]} results of measure.mjs, with single.zbarimg */
export function summarize(results) {
  const names = Object.keys(results[0].single);
  const best = names.reduce((a, b) => (countRead(results, a) >= countRead(results, b) ? a : b));
  const missed = results.filter(result => !result.single[best].isRead);
  const rescued = missed.filter(result => result.ours.at !== null).length;
  return {
    names, best, missed: missed.length, rescued,
    wrong: results.reduce((sum, result) => sum + result.ours.wrong, 0),
    wrongOf: Object.fromEntries(names.map(name => [name, results.reduce((sum, result) => sum + result.single[name].wrong, 0)])),
  };
}

const countRead = (results, name) => results.filter(result => result.single[name].isRead).length;

export function tablesOf(results, { withZxingInTen }) {
  const { names } = summarize(results);
  const columns = [
    ...names.map(name => [name, group => countRead(group, name)]),
    ['ours, one frame', group => group.filter(result => result.ours.at === 1).length],
    ['**ours, ten frames**', group => group.filter(result => result.ours.at !== null).length],
    ...(withZxingInTen ? [['zxing-wasm, any of ten', group => group.filter(result => result.zxingAt !== null).length]] : []),
  ];
  const head = title => [`| ${title} | n | ${columns.map(([name]) => name).join(' | ')} |`, `|---|--:|${columns.map(() => '--:|').join('')}`];
  const row = (name, group) => `| ${name} | ${group.length} | ${columns.map(([, count]) => percent(count(group), group.length)).join(' | ')} |`;
  const part = (title, keyOf) => [...head(title), ...grouped(results, keyOf).map(([name, group]) => row(name, group)), row('all', results), ''];
  return [
    ...part('kind', result => result.cell.kind.name),
    ...part('strength', result => `${result.cell.strength + 1} of 3`),
    ...part('symbol width', result => `${result.cell.width} px`),
    ...part('symbol', result => ({ paper: '7-Q, paper', screen: '5-M, phone' })[result.cell.carrier]),
  ].join('\n');
}

function grouped(results, keyOf) {
  const groups = new Map();
  for (const result of results) groups.set(keyOf(result), [...(groups.get(keyOf(result)) ?? []), result]);
  return [...groups].sort(([a], [b]) => (/^\d/.test(a) ? parseInt(a) - parseInt(b) : 0));
}

/** Time of the reader alone, of frames that it read and of those that it did not. */
export function timesOf(results, [width, height]) {
  const of = pick => {
    const times = results.filter(({ cell }) => cell.frame[0] === width && cell.frame[1] === height).flatMap(pick).sort((a, b) => a - b);
    return times.length ? `p50 ${Math.round(times[times.length >> 1])} ms, p95 ${Math.round(times[Math.floor(times.length * 0.95)])} ms (${times.length} frames)` : 'none';
  };
  return {
    read: of(({ times, ours }) => (ours.at === null ? [] : times.slice(-1))),
    unread: of(({ times, ours }) => (ours.at === null ? times : times.slice(0, -1))),
  };
}
