// Decodes camera frames off the page's thread. One frame comes, one answer goes; the page sends the next after that.
importScripts('/lib/index.js');

const MOST_CODES = 4;
const options = { formats: ['QRCode'], tryHarder: true, tryRotate: true, tryInvert: true, tryDownscale: true, maxNumberOfSymbols: MOST_CODES };
ZXingWASM.prepareZXingModule({ overrides: { locateFile: path => `/lib/${path}` } });

let canvas;

function pixelsOf(frame) {
  if (canvas?.width !== frame.width || canvas.height !== frame.height) canvas = new OffscreenCanvas(frame.width, frame.height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(frame, 0, 0);
  frame.close();
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

self.onmessage = async ({ data: frame }) => {
  try {
    const codes = await ZXingWASM.readBarcodes(pixelsOf(frame), options);
    self.postMessage({ texts: codes.filter(code => code.isValid).map(code => code.text) });
  } catch (fault) {
    self.postMessage({ fault: String(fault) });
  }
};
