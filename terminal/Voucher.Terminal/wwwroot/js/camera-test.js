// Opens the camera as the kiosk does and measures what it gives.

const WANTED = { video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } }, audio: false };
const MEASURE_MS = 3_000;
const FEWEST_FRAMES = 15;
const NARROWEST = 640;

const problems = {
  NotAllowedError: ['浏览器没有使用摄像头的权限', 'the browser may not use the camera'],
  NotFoundError: ['没有找到摄像头', 'no camera was found'],
  NotReadableError: ['摄像头打不开，可能被其他程序占用', 'the camera cannot be opened; another program may be using it'],
};

/** → { health, says } */
export async function testCamera(video) {
  if (!navigator.mediaDevices?.getUserMedia) return { health: 'bad', says: ['此浏览器不能使用摄像头', 'this browser cannot use a camera'] };
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia(WANTED);
    video.srcObject = stream;
    await video.play();
    return judge(video.videoWidth, video.videoHeight, await framesPerSecond(video));
  } catch (fault) {
    return { health: fault.name === 'NotFoundError' ? 'attention' : 'bad', says: problems[fault.name] ?? [`打不开（${fault.name}）`, `cannot be opened (${fault.name})`] };
  } finally {
    stream?.getTracks().forEach(track => track.stop());
    video.srcObject = null;
  }
}

async function framesPerSecond(video) {
  const [begun, before] = [performance.now(), video.getVideoPlaybackQuality().totalVideoFrames];
  await new Promise(done => setTimeout(done, MEASURE_MS));
  return (video.getVideoPlaybackQuality().totalVideoFrames - before) * 1000 / (performance.now() - begun);
}

/** Frames are told to the nearest whole one. */
export function judge(width, height, frames) {
  const health = width < NARROWEST || frames < 1 ? 'bad' : frames < FEWEST_FRAMES ? 'attention' : 'good';
  const rate = Math.round(frames);
  return { health, says: [`${width}×${height}，每秒 ${rate} 帧`, `${width}×${height}, ${rate} frames a second`] };
}
