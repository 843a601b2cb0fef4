// Keys beside those that keys.js reads. Scanners send digits and Enter, so none of these is either.

export class Shortcuts {
  /** actions: { F6: action, … }. They come before keys.js, which may move the focus. */
  constructor(actions) {
    document.addEventListener('keydown', event => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.isComposing || !(event.code in actions)) return;
      // The browser's own meaning (help, caret, menu) would take the focus away from the desk.
      event.preventDefault();
      if (!event.repeat) actions[event.code]();
    }, { capture: true });
  }
}
