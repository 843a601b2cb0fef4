// What lies over what: desk, panels, late answers, questions, the verdict. Only the topmost takes the focus; what lies below
// rests until it is gone, and the focus goes back to where it was.

const visible = element => !element.hidden;
const all = () => [...document.querySelectorAll('[data-layer]')];
const heightOf = element => Number(element.dataset.layer);
const before = new Map();

/** Shows a layer and gives it, or the part named, the focus. */
export function open(layer, focus = layer) {
  if (layer.hidden) before.set(layer, document.activeElement);
  layer.hidden = false;
  settle();
  focus.focus({ preventScroll: true });
}

/** Hides a layer; the focus returns to what had it before, if that can still be reached. */
export function close(layer) {
  if (layer.hidden) return;
  const hadFocus = layer.contains(document.activeElement);
  layer.hidden = true;
  settle();
  const last = before.get(layer);
  before.delete(layer);
  if (hadFocus && last?.isConnected && last !== document.body && last.checkVisibility?.() !== false && !last.closest('[inert]')) last.focus({ preventScroll: true });
}

/** Late answers may be read over a panel, but ask for nothing: they hold nobody up. */
function settle() {
  const top = Math.max(0, ...all().filter(one => visible(one) && !('passive' in one.dataset)).map(heightOf));
  for (const layer of all()) layer.inert = heightOf(layer) < top;
}
