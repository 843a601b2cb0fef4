// Reads camera frames off the page's thread. One frame comes, one answer goes; the page sends the next after that.
importScripts('/lib/index.js');

ZXingWASM.prepareZXingModule({ overrides: { locateFile: path => `/lib/${path}` } });

const reader = import('./frame-reader.js').then(({ FrameReader }) => new FrameReader(ZXingWASM.readBarcodes, () => performance.now()));

let canvas;

function pixelsOf(frame) {
  if (canvas?.width !== frame.width || canvas.height !== frame.height) canvas = new OffscreenCanvas(frame.width, frame.height);
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
  context.drawImage(frame, 0, 0);
  frame.close();
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

self.onmessage = async ({ data: frame }) => {
  try {
    const started = performance.now();
    const texts = await (await reader).read(pixelsOf(frame));
    self.postMessage({ texts, tookMs: performance.now() - started });
  } catch (fault) {
    self.postMessage({ fault: String(fault) });
  }
};
