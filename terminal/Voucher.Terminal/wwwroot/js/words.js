// What the page itself says, in Chinese and in English side by side. What server and program say comes as { zh, en }.

const all = {
  title: ['培训券终端', 'Voucher terminal'],
  modes: ['办理什么', 'What to do'],
  mode1: ['报到', 'Enroll'], mode2: ['签到', 'Check in'], mode3: ['签退', 'Check out'], mode4: ['结业', 'Complete'],
  promptEnrol: ['报到：请把券上的二维码对准镜头', 'Enroll: hold the voucher’s QR code to the camera'],
  promptCheckIn: ['签到：请把券上的二维码对准镜头', 'Check in: hold the voucher’s QR code to the camera'],
  promptCheckOut: ['签退：请把券上的二维码对准镜头', 'Check out: hold the voucher’s QR code to the camera'],
  promptComplete: ['结业：请把券上的二维码对准镜头', 'Complete: hold the voucher’s QR code to the camera'],
  promptNoCamera: ['请用扫码枪扫券，或输入短码', 'Use the USB scanner, or type the short code'],
  cameraElse: ['USB 扫码枪和短码照常可用。', 'A USB scanner and the short code work all the same.'],
  cameraRetry: ['再试一次', 'Try again'],
  cameraStarting: ['正在打开摄像头…', 'Opening the camera…'],
  cameraDenied: ['浏览器没有使用摄像头的权限', 'The browser may not use the camera'],
  cameraMissing: ['没有找到摄像头', 'No camera was found'],
  cameraInUse: ['摄像头打不开，可能被其他程序占用', 'The camera cannot be opened; another program may be using it'],
  cameraUnsupported: ['此浏览器不能使用摄像头', 'This browser cannot use a camera'],
  cameraDecoder: ['识别程序没有加载', 'The reading program did not load'],
  busy: ['请稍候…', 'One moment…'],
  classLabel: ['班级', 'Class'],
  classNone: ['没有班级', 'No class'],
  today: ['今天', 'today'],
  noClass: ['还没有可选的班级。', 'There is no class to choose.'],
  noClassNext: ['请机构先在门户开班，本页会自动更新。', 'Open a class in the portal first; this page updates by itself.'],
  shortCodeLabel: ['扫不出来？输入券面12位短码', 'Cannot be read? Type the 12-digit short code'],
  shortCodeGo: ['确定', 'OK'],
  shortCodeWrong: ['短码是12位数字。', 'The short code has 12 digits.'],
  recent: ['最近扫码', 'Latest scans'],
  recentNone: ['还没有扫码。', 'No scans yet.'],
  identityStep: ['第 2 步，共 2 步', 'Step 2 of 2'],
  identityTitle: ['请核对身份证', 'Check the identity card'],
  identityLabel: ['刷身份证，或输入18位号码', 'Read the card, or type its 18 characters'],
  identityConfirm: ['确认报到', 'Enroll'],
  identityFirst: ['请先扫券，再刷身份证。', 'Scan the voucher first, then the identity card.'],
  identityLength: ['身份证号码应为18位。', 'An identity number has 18 characters.'],
  voucher: ['券号', 'Voucher'],
  byShortCode: ['短码', 'short code'],
  cancel: ['取消', 'Cancel'],
  keypad: ['数字键盘', 'Keypad'],
  erase: ['删除', 'Erase'],
  goOn: ['继续', 'Go on'],
  accepted1: ['报到成功', 'Enrolled'], accepted2: ['签到成功', 'Checked in'],
  accepted3: ['签退成功', 'Checked out'], accepted4: ['结业成功', 'Completed'],
  refused: ['不能办理', 'Refused'],
  waiting: ['已保存，待确认', 'Saved, to be confirmed'],
  held: ['暂缓办理，请打电话核对', 'On hold: please call the county'],
  refusalNumber: ['编号', 'No.'],
  online: ['在线', 'Online'],
  unpaired: ['未配对', 'Not paired'],
  offlineSince: ['离线 · 自', 'Offline since'],
  programGone: ['本机程序没有运行', 'The program on this PC is not running'],
  programGoneNext: ['这次扫码没有保存。请重新启动终端程序后再扫。', 'This scan was not saved. Restart the terminal’s program and scan again.'],
  tooMany: ['扫得太快，前面的还没处理完', 'Too fast: earlier scans are still under way'],
  tooManyNext: ['最后这张没有保存。请等屏幕上的结果消失后再扫一次。', 'The last one was not saved. Wait until the screen is ready, then scan it again.'],
  oneAtATime: ['一次只出示一张', 'One at a time'],
  oneAtATimeNext: ['镜头里有几张培训券，都没有办理。请一张一张地出示。', 'Several vouchers are in view and none was taken. Show one, then the next.'],
  'is-payment': ['这是付款码，不是培训券', 'This is a payment code, not a voucher'],
  'is-identity': ['这是身份证号码，不是培训券', 'This is an identity number, not a voucher'],
  'is-wifi': ['这是无线网络码，不是培训券', 'This is a Wi-Fi code, not a voucher'],
  'is-contact': ['这是名片或联系人的码，不是培训券', 'This is somebody’s contact code, not a voucher'],
  'is-health': ['这是健康码或行程码，不是培训券', 'This is a health code, not a voucher'],
  'is-goods': ['这是商品条码，不是培训券', 'This is a product code, not a voucher'],
  'is-address': ['这是网址码，不是培训券', 'This is a web address, not a voucher'],
  'is-digits': ['这串数字不是完整的培训券', 'These digits are not a whole voucher'],
  'is-other': ['这个码不是培训券', 'This code is not a voucher'],
  isForeignNext: ['请出示县人社局发的培训券：对准券上的二维码。没有办理任何业务。', 'Show the training voucher from the county, its QR code to the camera. Nothing was done.'],
  isDigitsNext: ['如果扫的是培训券，请再扫一次，或输入券面12位短码。', 'If it was a voucher, scan it again, or type the 12-digit short code.'],
  scanAgain: ['请重新扫券，或输入券面12位短码。', 'Scan the voucher again, or type the 12-digit short code.'],
  notSaved: ['没有保存', 'Not saved'],
  notSavedNext: ['请清理磁盘或联系县人社局，然后重新扫码。', 'Free the disk or call the county, then scan again.'],
  waitingBefore: ['待确认 ', 'To be confirmed: '],
  since: ['自', 'since'],
  clockWrong: ['本机时钟与服务器相差 {0} 分钟，请校准电脑时间。', 'This machine’s clock is {0} minutes off; set its time.'],
  olderTurnedAway: ['旧配对“{0}”（指纹 {1}）的 {2} 条扫码，服务器不再接受。请联系县人社局，并保留文件夹 {3}，不要删除。', 'The server no longer accepts the old pairing “{0}” (fingerprint {1}); {2} of its scans wait. Call the county, and keep the folder {3}.'],
  clockDoubted: ['本机时钟可能不准，请校准电脑的日期和时间；扫码照常保存；时间差得太多的，联网后会被退回重扫。', 'This machine’s clock may be wrong: set its date and time. Scans are saved; with a clock days ahead they come back and must be scanned again.'],
  lateAccepted: ['联网后已确认', 'Confirmed after going online'],
  lateRefused: ['联网后被拒绝', 'Refused after going online'],
  understood: ['知道了', 'Understood'],
  soundHint: ['点一下屏幕，打开声音', 'Touch the screen to turn the sound on'],
  pairTitle: ['配对本终端', 'Pair this terminal'],
  pairIntro: ['请县人社局在门户“终端”页生成配对码，填在下面。', 'Ask the county to make a pairing code on the portal’s terminal page, and enter it below.'],
  pairServer: ['服务器地址', 'Server address'],
  pairCode: ['配对码', 'Pairing code'],
  pairName: ['终端名称，例如“前台1号”', 'Terminal name, such as “Front desk 1”'],
  pairLeave: ['本机还有 {0} 条扫码待确认。重新配对后，仍用旧配对继续补送；如果服务器已停用旧配对，这些扫码要由县人社局处理。我知道，现在配对。', '{0} scans on this machine still wait for the server. They go on to be sent with the old pairing; if the server has withdrawn it, the county has to deal with them. I know; pair now.'],
  pairGo: ['配对', 'Pair'],
  pairAgain: ['重新配对', 'Pair again'],
  pairPending: ['请在门户中核对并确认', 'Compare and confirm in the portal'],
  pairPendingText: ['门户中显示的指纹必须与这里完全一致：', 'The fingerprint in the portal must be exactly this:'],
  pairPendingMore: ['确认后本页自动进入工作状态，不用操作。', 'Once confirmed, this page goes on by itself.'],
  pairClock: ['请校准电脑的日期和时间', 'Set this machine’s date and time'],
  pairConnecting: ['正在连接服务器…', 'Connecting to the server…'],
  pairConnectingText: ['连上后自动继续。', 'It goes on by itself once connected.'],
  pairRevoked: ['本终端已被县人社局停用。需要使用请重新配对。', 'The county has revoked this terminal. Pair it again to use it.'],
  pairDamaged: ['本机的密钥或记录打不开，需要重新配对。请告知县人社局。', 'The key or the journal on this machine cannot be opened; pair it again, and tell the county.'],
  pairFailed: ['配对没有完成，请再试。', 'The pairing did not succeed; try again.'],
};

const kept = 'voucher.language';
let language = localStorage.getItem(kept) === 'en' ? 'en' : 'zh';

export const isEnglish = () => language === 'en';

export function say(key, ...values) {
  const text = all[key][isEnglish() ? 1 : 0];
  return values.reduce((filled, value, i) => filled.replace(`{${i}}`, () => value), text);
}

/** Both languages, as server and program would say it. */
export const both = key => ({ zh: all[key][0], en: all[key][1] });

/** The present language's half of what server or program said. */
export const pick = words => (words ? words[language] : '');

export function switchLanguage() {
  language = isEnglish() ? 'zh' : 'en';
  localStorage.setItem(kept, language);
  show();
}

/** Fills every element that carries a key. */
export function show() {
  document.documentElement.lang = isEnglish() ? 'en' : 'zh-CN';
  for (const element of document.querySelectorAll('[data-t]')) element.textContent = say(element.dataset.t);
  for (const element of document.querySelectorAll('[data-t-label]')) element.setAttribute('aria-label', say(element.dataset.tLabel));
  const button = document.getElementById('language');
  button.textContent = isEnglish() ? '中文' : 'English';
  button.lang = isEnglish() ? 'zh-CN' : 'en';
  document.dispatchEvent(new Event('language'));
}
