// The camera: opens it at 1280×720, sends frames to the reader one at a time, and keeps trying when it is not there. Frames never
// queue: while one is being read the others pass, and the newest of them is next.

const WANTED = { video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 }, facingMode: { ideal: 'environment' } }, audio: false };
const TRY_AGAIN_MS = 10_000;
const FAULTS_IN_A_ROW = 5;

const problems = {
  NotAllowedError: 'cameraDenied', SecurityError: 'cameraDenied',
  NotFoundError: 'cameraMissing', OverconstrainedError: 'cameraMissing',
  NotReadableError: 'cameraInUse', AbortError: 'cameraInUse',
};

const stop = stream => stream.getTracks().forEach(track => track.stop());

export class Camera {
  #video; #seen; #tell; #worker; #reading = false; #hasNewer = false; #examined = 0; #faults = 0; #retry; #stream = null; #openings = 0;

  /** seen(texts) after every frame; tell(problem) with a key of words.js, or null when the camera works. */
  constructor(video, seen, tell) {
    this.#video = video;
    this.#seen = seen;
    this.#tell = tell;
    navigator.mediaDevices?.addEventListener('devicechange', () => { if (!this.#stream) this.open(); });
  }

  /** Frames that have been read since the page was opened. */
  get examined() { return this.#examined; }

  async open() {
    if (!navigator.mediaDevices?.getUserMedia) return this.#tell('cameraUnsupported');
    // The button, a new device and the pause may each open it while another opening is under way: the latest counts.
    const opening = ++this.#openings;
    this.#letGo();
    clearTimeout(this.#retry);
    this.#tell('cameraStarting');
    try {
      const stream = await navigator.mediaDevices.getUserMedia(WANTED);
      if (opening !== this.#openings) return stop(stream);
      await this.#take(stream);
      if (opening === this.#openings) this.#tell(null);
    } catch (fault) {
      if (opening === this.#openings) this.#lost(problems[fault.name] ?? 'cameraInUse');
    }
  }

  async #take(stream) {
    this.#stream = stream;
    stream.getVideoTracks()[0].addEventListener('ended', () => { if (this.#stream === stream) this.#lost('cameraMissing'); });
    this.#video.srcObject = stream;
    await this.#video.play();
    if (this.#stream !== stream) return;
    this.#startDecoder();
    this.#nextFrame();
  }

  #letGo() {
    if (this.#stream) stop(this.#stream);
    this.#stream = null;
  }

  #lost(problem) {
    this.#letGo();
    this.#tell(problem);
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.open(), TRY_AGAIN_MS);
  }

  #startDecoder() {
    this.#worker?.terminate();
    this.#reading = false;
    this.#worker = new Worker('/js/reading/decode-worker.js');
    this.#worker.onmessage = ({ data }) => this.#decoded(data);
    this.#worker.onerror = () => this.#lost('cameraDecoder');
  }

  #decoded({ texts, fault }) {
    this.#reading = false;
    this.#examined++;
    this.#faults = fault ? this.#faults + 1 : 0;
    if (this.#faults >= FAULTS_IN_A_ROW) return this.#lost('cameraDecoder');
    if (texts) this.#seen(texts);
    if (this.#hasNewer) this.#send();
  }

  #nextFrame() {
    if (!this.#stream) return;
    const stream = this.#stream;
    this.#video.requestVideoFrameCallback(() => {
      if (this.#stream !== stream) return;
      this.#hasNewer = true;
      this.#send();
      this.#nextFrame();
    });
  }

  async #send() {
    if (this.#reading || !this.#stream) return;
    this.#reading = true;
    this.#hasNewer = false;
    try {
      const frame = await createImageBitmap(this.#video);
      this.#worker.postMessage(frame, [frame]);
    } catch {
      // The frame was gone before it could be taken; the next one will do.
      this.#reading = false;
    }
  }
}
