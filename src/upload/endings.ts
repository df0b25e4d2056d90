/** How a delivery can end badly, each ending as a problem a person can act on. Codes are causes of the failure catalogue
 *  where the ending alone names one; else names of their own that docs/reference/codes.md lists. */
import { atLeast } from '#firmware/index.ts';
import type { Endpoint, Trouble } from '#machine/index.ts';
import type { BoardError, BoardErrorKind } from '#protocols/espota/index.ts';
import { formatBytes, formatDuration, type Problem } from '#values/index.ts';
import type { DeliveryEnding } from './deliver.ts';

export interface Setting {
  readonly board: string;
  readonly to: Endpoint;
  readonly total: number;
  readonly family?: 'esp8266' | 'esp32' | 'rp2040' | undefined;
  /** Core of the running sketch. */
  readonly core?: string | undefined;
  readonly hostPort?: number | undefined;
  readonly hostAddress?: string | undefined;
}

type BadEnding = Exclude<DeliveryEnding, { kind: 'stored' | 'could-work' | 'cancelled' }>;

export function problemOf(ending: BadEnding, setting: Setting): Problem {
  const { board, to, total } = setting;
  const place = `${to.address}:${to.port}`;
  switch (ending.kind) {
    case 'listen-failed':
      return listenFailed(ending.trouble, setting);
    case 'no-answer':
      return {
        code: 'no-answer',
        what: `${board} did not answer an invitation on UDP ${place}`,
        why: 'several were sent; either they do not reach the board, or its sketch does not get to ArduinoOTA.handle(), or an earlier update that broke off still holds it',
        fix: 'check that the board is on and that this is its address, power-cycle it, and try again within a minute',
        blame: 'device',
      };
    case 'port-closed':
      return {
        code: 'sk-no-ota-in-running-sketch',
        what: `${to.address} is alive, but nothing listens on UDP port ${to.port}`,
        why: 'the running sketch has not called ArduinoOTA.begin(), uses another port, or is not an ArduinoOTA sketch at all',
        fix: 'flash a sketch with ArduinoOTA once over USB and power-cycle the board; if it uses another port, name it: --to address:port',
        blame: 'device',
      };
    case 'unreachable':
      return {
        code: 'net-device-unreachable',
        what: `there is no way to ${to.address}`,
        why: `this computer could not send to it (${ending.detail}): the board is off, has another address, or is on another network`,
        fix: 'check that the board is powered and on the same network as this computer; `whyota find` lists the boards that can be seen',
        blame: 'network',
      };
    case 'garbled':
      return {
        code: 'garbled-answer',
        what: `what answers on UDP ${place} does not speak ArduinoOTA`,
        why: `it said ${quote(ending.text)}`,
        fix: 'check the address and the port: 8266 for ESP8266, 3232 for ESP32, 2040 for RP2040 boards',
        blame: 'person',
      };
    case 'password-needed':
      return {
        code: 'password-needed',
        what: `${board} asks for its OTA password, and none was given`,
        why: 'the running sketch calls ArduinoOTA.setPassword()',
        fix: `store it once with \`whyota password set ${board}\`, or give --password-file`,
        blame: 'person',
      };
    case 'wrong-password':
      return {
        code: 'auth-wrong-password',
        what: `${board} refused the password`,
        why: 'the password that counts is the one in the sketch that runs now, not the one in the file being sent',
        fix: `set the right one with \`whyota password set ${board}\`; if it is lost, flash once over USB`,
        blame: 'person',
      };
    case 'no-answer-to-authentication':
      return {
        code: 'no-answer-to-authentication',
        what: `${board} asked for the password and then never answered it`,
        why: 'the network code of the board is alive, but its loop() does not run, or the answer was lost each time',
        fix: 'power-cycle the board and try again at once; if that works, something in loop() blocks: `whyota doctor` finds out what',
        blame: 'device',
      };
    case 'board-error':
      return boardError(ending.error, setting);
    case 'no-call': {
      const how = ending.again === 'at-once' && saysWhyItRefuses(setting) ? 'call-refused' : ending.again;
      return {
        code: 'no-call-back',
        what: `${board} said OK, and then did not call back`,
        why: noCall[how],
        fix: "look at free flash space and at this computer's firewall first; `whyota doctor` tells which it is",
        blame: how === 'after-connect-timeout' || how === 'call-refused' ? 'network' : 'device',
      };
    }
    case 'stalled':
      return {
        code: 'transfer-stalled',
        what: `${board} stopped taking data after ${formatBytes(ending.acknowledged)} of ${formatBytes(total)}`,
        why: `nothing came back for ${formatDuration(ending.time)}: weak Wi-Fi, a board that hangs, or a sketch that does other work during the update`,
        fix: 'move the board or the router closer, power-cycle the board and try again',
        blame: 'network',
      };
    case 'broke-off':
      return {
        code: 'transfer-broke-off',
        what: `the connection to ${board} ended after ${formatBytes(ending.acknowledged)} of ${formatBytes(total)}`,
        why: {
          reset: 'the board reset it: it restarted (power dip, watchdog, crash) or gave up without a word',
          end: 'the board closed it without saying why',
          'timed-out': 'nothing came through any more',
        }[ending.how],
        fix: 'try again; if it ends again, look at the power supply first, then at interrupts and timers that run during the update',
        blame: 'device',
      };
    case 'no-verdict':
      return {
        code: 'no-verdict',
        what: `${board} was sent all bytes and then said neither OK nor an error`,
        why: 'it may have restarted before its answer came through: whether the update worked is not known',
        fix: 'see whether it runs the new sketch; if not, send it again',
        blame: 'device',
      };
    case 'garbage':
      return {
        code: 'garbage-from-board',
        what: `${board} sent something that is no answer`,
        why: `after ${formatBytes(ending.acknowledged)} it said ${quote(ending.text)}`,
        fix: 'check that nothing else uses this port; a proxy or another program may have answered',
        blame: 'device',
      };
  }
}

const noCall = {
  'at-once':
    'asked again, it answered at once: it was not busy calling, so it refused the update silently, most often because the new sketch does not fit beside the running one',
  'call-refused':
    'asked again, it answered at once: it was not busy calling any more, and this core says so when it refuses an update. Something refused its call (a firewall that rejects, another computer behind the address)',
  'after-connect-timeout':
    'asked again, it answered only after a while: it was busy calling this computer, and the call did not get through (firewall, VPN, container, another network)',
  never: 'asked again, it did not answer any more: its loop is blocked, it restarted, or it called something else',
} as const;

/** esp8266/Arduino from 2.4.0 on, arduino-pico always: `ERR:` instead of OK. ESP32 and older cores are silent. */
const saysWhyItRefuses = ({ family, core }: Setting): boolean =>
  family === 'rp2040' || (family === 'esp8266' && core !== undefined && atLeast(core, '2.4.0'));

function listenFailed(trouble: Trouble, { hostPort, hostAddress }: Setting): Problem {
  const why =
    trouble.kind === 'in-use'
      ? `port ${hostPort} is used by another program on this computer`
      : trouble.kind === 'not-our-address'
        ? `${hostAddress} is not an address of this computer`
        : trouble.kind === 'denied'
          ? 'the system does not let this program listen there'
          : `the system said ${trouble.detail}`;
  return {
    code: 'host-listen-failed',
    what: 'could not open the port that the board is to call',
    why,
    fix: 'leave out --host-port and --host-address, or choose others; end another upload that may be running',
    blame: 'us',
  };
}

/** What each of the board's own error lines means, and what to do. */
const boardErrors: Record<BoardErrorKind, Omit<Problem, 'what' | 'blame'>> = {
  'not-enough-space': {
    code: 'img-8266-two-copies-dont-fit',
    why: 'during an update the new sketch lies in flash beside the running one, each rounded up to sectors of 4,096 bytes, below the file system',
    fix: 'build with a layout that gives the file system less (Tools > Flash Size), flash that once over USB and power-cycle; or make the sketch smaller',
  },
  'bad-size': {
    code: 'img-esp32-larger-than-slot',
    why: 'the file is larger than the slot that updates go to, or empty',
    fix: 'choose a partition scheme with larger app slots and flash once over USB, or make the sketch smaller',
  },
  'flash-write': flashFault('a sector could not be written'),
  'flash-erase': flashFault('a sector could not be erased'),
  'flash-read': flashFault('a sector could not be read back'),
  'stream-timeout': {
    code: 'transfer-stalled',
    why: 'the board waited for data that did not come',
    fix: 'move the board or the router closer and try again',
  },
  md5: {
    code: 'img-md5-mismatch',
    why: 'what the board wrote is not what was sent: a worn or disturbed flash, or a weak power supply',
    fix: 'try again; if it happens again, use a better power supply, then suspect the flash chip',
  },
  'flash-config': {
    code: 'img-flash-size-declared-too-big',
    why: 'the running sketch was built for a larger flash chip than the board has',
    fix: 'choose the real size in Tools > Flash Size, flash once over USB and power-cycle',
  },
  'new-flash-config': {
    code: 'img-new-image-flash-size-too-big',
    why: 'the new sketch was built for a larger flash chip than the board has',
    fix: 'choose the real size in Tools > Flash Size, build again and send that',
  },
  magic: {
    code: 'img-bad-magic',
    why: 'the file does not start as a sketch for this board does',
    fix: 'send the .bin that the build made; `whyota inspect` says what a file is',
  },
  bootstrap: {
    code: 'dev-not-reset-after-serial',
    why: 'the board was flashed over USB and not power-cycled since; its boot pins still say "flash me"',
    fix: 'disconnect GPIO0 from ground, take the power away, give it back, wait 15 seconds, and try again',
  },
  signature: {
    code: 'img-signature',
    why: 'the running sketch accepts only files signed with its key',
    fix: 'sign the file with the key that belongs to the running sketch, or flash once over USB',
  },
  'no-data': {
    code: 'transfer-broke-off',
    why: 'the connection ended before any data was written',
    fix: 'try again',
  },
  'out-of-memory': {
    code: 'dev-heap-exhausted',
    why: 'the sketch leaves too little free memory for an update',
    fix: 'power-cycle the board and try at once; then free memory in the sketch before ArduinoOTA.begin()',
  },
  'already-running': stuck(),
  'no-detail': stuck(),
  'could-not-activate': {
    code: 'img-wrong-chip',
    why: "the board checked the stored sketch and found that it can't run there: built for another chip, damaged, or not signed as required",
    fix: 'choose the right board and build again; `whyota inspect` says which chip a file is for',
  },
  'no-partition': {
    code: 'img-esp32-no-ota-slot',
    why: 'the partition table on the board has no second slot for an update',
    fix: 'choose a partition scheme with OTA and flash once over USB',
  },
  'bad-argument': {
    code: 'board-refused',
    why: 'the board did not understand the request',
    fix: 'check that this is the right kind of file for it',
  },
  aborted: {
    code: 'transfer-broke-off',
    why: 'the board gave up the update: the data stopped coming, or the sketch aborted it',
    fix: 'try again; if it happens again, look at the Wi-Fi signal',
  },
  decrypt: {
    code: 'img-bad-magic',
    why: 'the file does not start as a sketch for this board does, so the board took it for an encrypted one and has no key',
    fix: 'send the .bin that the build made; `whyota inspect` says what a file is',
  },
  'no-filesystem': {
    code: 'rp2040-no-filesystem',
    why: 'this board stores an update in its file system first, and it has none',
    fix: 'choose a flash size with a file system at least as large as the sketch, and flash once over USB',
  },
  'unknown-command': {
    code: 'board-refused',
    why: 'the board does not know this kind of update',
    fix: 'leave out --filesystem, or update the core of the running sketch once over USB',
  },
};

function flashFault(why: string): Omit<Problem, 'what' | 'blame'> {
  return {
    code: 'hw-flash-chip-fault',
    why: `${why}: a worn or fake flash chip, a weak power supply, or a sketch larger than the whole sketch area`,
    fix: 'try again with a better power supply and a smaller sketch; if it fails at the same place, replace the board',
  };
}

function stuck(): Omit<Problem, 'what' | 'blame'> {
  return {
    code: 'dev-update-state-stuck',
    why: 'an update that broke off earlier still counts as running there',
    fix: 'power-cycle the board and try again',
  };
}

function boardError(error: BoardError, { board, family }: Setting): Problem {
  const known = boardErrors[error.kind];
  const code =
    error.kind === 'not-enough-space' && family === 'rp2040'
      ? 'img-rp2040-filesystem-too-small'
      : error.kind === 'not-enough-space' && family === 'esp32'
        ? 'img-esp32-larger-than-slot'
        : known.code;
  return { ...known, code, what: `${board} refused the update: ${quote(error.text)}`, blame: 'device' };
}

/** A few words of a stranger, printable and short. */
const quote = (words: string): string => {
  const plain = words.replace(/[^\x20-\x7e]+/g, ' ').trim();
  return `"${plain.length > 80 ? `${plain.slice(0, 77)}...` : plain}"`;
};
