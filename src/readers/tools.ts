/** Words of the tools around the upload: Python, esptool, avrdude, arduinoOTA, the IDEs, PlatformIO. */
import type { Notes } from './notes.ts';
import type { Line } from './paste.ts';
import { targetShape } from './shapes.ts';
import { is, type Sign, seems } from './signs.ts';

const notStarted = [
  is('attempt.tool-text', 'interpreter-not-found'),
  is('tool.interpreter', 'not-found'),
  is('attempt.stopped-in', 'prepare'),
];
const failedTrace = is('attempt.tool-text', 'traceback');

export const toolSigns: readonly Sign[] = [
  // Python
  {
    words:
      /\bCannot run program "[^"]{0,200}python[\d.]{0,5}(?:\.exe)?"|\bexec: "?[^"]{0,200}python[\d.]{0,5}(?:\.exe)?"?: (?:executable )?file (?:not found|does not exist)|\bfork\/exec .{1,250}python[\d.]{0,5}(?:\.exe)?: |\benv: ['"]?python\d?['"]?: No such file|\bpython[\d.]{0,5}: (?:command )?not found|\bPython was not found|['"]python\d?(?:\.exe)?['"] (?:is not recognized|n'est pas reconnu|no se reconoce|non . riconosciuto|n.o . reconhecido|ist entweder falsch)|\bxcrun: error: invalid active developer path/i,
    what: 'the Python that the tool needs was not found',
    says: notStarted,
  },
  {
    words: /\b(?:Unicode-objects|Strings) must be encoded before hashing/i,
    what: 'the uploader is too old for this Python',
    says: [
      failedTrace,
      is('tool.interpreter', 'wrong-version'),
      is('attempt.stopped-in', 'authenticate'),
      is('invite.reply', 'auth', true),
    ],
  },
  {
    words: /\bSyntaxError: (?:Missing parentheses in call to 'print'|invalid syntax)/,
    what: 'the uploader is written for another Python',
    says: [failedTrace, is('tool.interpreter', 'wrong-version'), is('attempt.stopped-in', 'prepare')],
  },
  { words: /^Traceback \(most recent call last\)/, what: 'the tool ended in a traceback', says: [failedTrace] },
  {
    words: /\bgaierror\b|\bgetaddrinfo failed|\bnodename nor servname provided|\bName or service not known/,
    what: 'the name of the board was not resolved',
    says: [
      is('invite.sent', 'name-not-found'),
      is('discovery.name-resolves', 'no'),
      is('attempt.stopped-in', 'discover'),
    ],
  },
  {
    words: /\[Errno (?:65|113|101|51)\]|\[WinError 100(?:51|65)\]|\bNo route to host\b|\bNetwork is unreachable\b/,
    what: 'this computer found no way to the address',
    says: [is('invite.sent', 'no-route'), is('attempt.stopped-in', 'invite')],
  },
  {
    // EHOSTUNREACH of Linux on the local network: nobody answered to the address (ip(7), arp(7)).
    words: /\[Errno 113\]/,
    what: 'nobody is at the address',
    says: [seems('host.os', 'linux'), seems('net.arp', 'silent')],
  },
  { words: /\[Errno 65\]/, what: 'words of macOS', says: [seems('host.os', 'macos')] },
  {
    words: /\[Errno (?:98|48)\]|\[WinError 10048\]|^OSError: .{0,40}Address already in use/,
    what: 'the port to listen on was taken',
    says: [
      is('attempt.tool-text', 'listen-failed'),
      is('listener.bind', 'in-use'),
      is('invite.sent', 'not-sent'),
      is('attempt.stopped-in', 'listen'),
    ],
  },
  {
    words: /\boption -{1,2}\w{1,12}: invalid integer value|\binvalid int value: '/,
    what: 'an argument was not a number',
    says: [is('attempt.tool-text', 'invalid-value'), is('attempt.stopped-in', 'prepare')],
  },
  {
    words: /\binvalid int(?:eger)? value: '\{/,
    what: 'a placeholder was not filled in',
    says: [is('args.target', 'placeholder')],
  },
  {
    words:
      /\b(?:espota|esptool)(?:\.py|\.exe)?: error: (?!.{0,60}invalid int)|\berror: (?:no such option: -|unrecognized arguments: |ambiguous option: -)|^Error: No such option: -/i,
    what: 'the tool did not understand its arguments',
    says: [is('attempt.tool-text', 'usage-error'), is('attempt.stopped-in', 'prepare')],
  },
  {
    // espota takes options only: a bare word is the rest of a value that had a space in it, and that is the password.
    words: /\bespota(?:\.py|\.exe)?: error: unrecognized arguments: (?![-"'])\S/i,
    what: 'a word was left over on the command line',
    says: [is('tool.program', 'espota'), is('args.auth-shape', 'has-space', true)],
  },

  // Serial uploaders
  {
    words: /\besptool(?:\.py|\.exe)?: error:|^A fatal (?:esptool\.py )?error occurred/,
    what: 'esptool was at work',
    says: [is('tool.program', 'esptool')],
  },
  {
    words:
      /\bcould not open port\b|\bCould not open \S{2,80}, the port (?:is busy|doesn't exist)|\bNo such file or directory: '(?:\/dev\/|COM|\d{1,3}\.)|\bser_open\(\): can't open device|\bselected serial port .{0,80}does not exist/i,
    what: 'the serial port could not be opened',
    says: [is('attempt.tool-text', 'serial-port-error'), is('attempt.stopped-in', 'prepare')],
  },
  { words: /^avrdude(?:\.exe)?: /, what: 'avrdude was at work', says: [is('tool.program', 'avrdude')] },
  {
    words: /\bSSHUploader\b|\bcom\.jcraft\.jsch\b/,
    what: 'the IDE tried SSH',
    says: [is('tool.program', 'ssh'), is('attempt.tool-text', 'ssh-error')],
  },

  // Arduino's network upload
  {
    words: /^(?:Connecting to board|Uploading sketch|Flashing sketch) \.{3}/,
    what: "Arduino's network upload",
    says: [is('tool.method', 'network-upload'), is('tool.program', 'arduino-ota')],
  },
  {
    words: /^Sketch uploaded successfully/,
    what: 'the network upload succeeded',
    says: [is('attempt.tool-text', 'success'), is('tool.method', 'network-upload'), is('transfer.end', 'completed')],
  },
  {
    words: /\bError flashing the sketch(?!\s?:\s?(?:Not Found|Unauthorized|4\d\d))/,
    what: 'the board did not confirm the sketch',
    says: [
      is('attempt.tool-text', 'error-response'),
      is('tool.method', 'network-upload'),
      is('attempt.stopped-in', 'verdict'),
    ],
  },
  {
    words: /\bError flashing the sketch\s?:\s?(?:Not Found|Unauthorized|4\d\d)/,
    what: 'the board answered with an HTTP error',
    says: [is('attempt.tool-text', 'http-error'), is('tool.method', 'network-upload')],
  },
  {
    words: /\bFailed to reset the board, upload failed/,
    what: 'the board did not answer the request to restart',
    says: [is('attempt.tool-text', 'other'), is('tool.method', 'network-upload'), is('attempt.stopped-in', 'invite')],
  },
  {
    words: /\bdial tcp [\d.:[\]a-f]{7,50}: (?:connect: connection refused|connectex: No connection could be made)/,
    what: 'the board refused the connection',
    says: [is('attempt.stopped-in', 'invite'), is('invite.reply', 'port-unreachable')],
  },
  {
    words: /\bdial tcp [\d.:[\]a-f]{7,50}: (?:i\/o timeout|connect: operation timed out)/,
    what: 'the board did not take the connection',
    says: [is('attempt.stopped-in', 'invite'), is('invite.reply', 'silence')],
  },

  // IDEs
  {
    words: /^(?:Failed uploading: uploading error: exit status|Compilation error: |Failed uploading: )/,
    what: 'words of IDE 2',
    says: [seems('tool.name', 'arduino-ide-2')],
  },
  {
    words: /^Error during Upload: |(?:^|[$>\s])arduino-cli(?:\.exe)? (?:upload|compile)\b/,
    what: 'words of arduino-cli',
    says: [is('tool.name', 'arduino-cli')],
  },
  {
    words: /[\\/]arduino[\\/]sketches[\\/][0-9A-F]{32}|[\\/]arduino-sketch-[0-9A-F]{32}/,
    what: 'a build folder of IDE 2 or arduino-cli',
    says: [seems('tool.name', 'arduino-ide-2')],
  },
  {
    words: /[\\/]arduino_build_\d{3,7}|\bAn error occurred while uploading the sketch/,
    what: 'words of IDE 1',
    says: [seems('tool.name', 'arduino-ide-1')],
  },
  {
    words: /\bEnter the board password|\bType board password to upload/i,
    what: 'the IDE asked for a password',
    says: [is('tool.asks-password', true)],
  },
  {
    words:
      /^\[(?:SPIFFS|LittleFS)\] (?:data|upload|IP|start|size|page|block|path)\b|^LittleFS Filesystem Uploader|\bESP(?:8266|32) (?:LittleFS|Sketch) Data Upload/,
    what: 'a file-system upload plug-in',
    says: [is('tool.name', 'fs-plugin'), is('args.command', 'filesystem')],
  },
  { words: /\bSloeber\b|io\.sloeber\./, what: 'the Eclipse plug-in', says: [is('tool.name', 'eclipse')] },

  {
    words: /^(?:Uploader started for board |The uploader process failed)|\bVMBuilds\b/,
    what: 'words of Visual Micro',
    says: [is('tool.name', 'other')],
  },
  {
    words: /^auth_upload\s?=\s?no\b/,
    what: 'the board announces no password',
    says: [is('discovery.auth-upload', 'no')],
  },
  {
    words: /^auth_upload\s?=\s?yes\b/,
    what: 'the board announces a password',
    says: [is('discovery.auth-upload', 'yes')],
  },

  // PlatformIO
  {
    words:
      /^\*\*\* \[upload(?:fs)?\] |\bscons: \*\*\* \[upload|^(?:CURRENT|AVAILABLE): .{0,200}(?:upload_protocol|espota)|^Configuring upload protocol|\.pio[\\/]build[\\/]|[\\/]\.platformio[\\/]|(?:^|[$>\s])(?:pio|platformio) run\b|^Advanced Memory Usage is available via|^Verbose mode can be enabled via/,
    what: 'words of PlatformIO',
    says: [is('tool.name', 'platformio')],
  },
  {
    words: /^CURRENT: upload_protocol = espota/,
    what: 'PlatformIO chose espota',
    says: [is('tool.method', 'espota'), is('tool.program', 'espota')],
  },
  {
    words: /^CURRENT: upload_protocol = esptool/,
    what: 'PlatformIO chose esptool',
    says: [is('tool.program', 'esptool')],
  },
  { words: /^\*\*\* \[uploadfs\]/, what: 'a file-system upload', says: [is('args.command', 'filesystem')] },
];

/** Targets that a tool names itself: esptool's serial port, PlatformIO's upload port. */
export function takeTarget(line: Line, notes: Notes): void {
  // The build too runs esptool, to make the image: only with a port it uploads.
  if (/^Serial port \S/.test(line.text)) notes.say('tool.program', 'esptool', 'log');
  const named =
    /^Serial port (\S{2,80})$/.exec(line.text)?.[1] ??
    /\bavrdude\b.{0,300}\s-P\s?["']?([^\s"']{2,80})/.exec(line.text)?.[1] ??
    /\b(?:Use|Using)? ?manually specified: (\S{2,80})/i.exec(line.text)?.[1] ??
    /\bcould not open port ['"]?([^\s'":]{2,80})/i.exec(line.text)?.[1] ??
    /^Auto-detected: (\S{2,80})$/.exec(line.text)?.[1];
  if (named === undefined) return;
  const shape = targetShape(named.replace(/[.,;]$/, ''));
  if (shape) notes.say('args.target', shape, 'log');
  if (shape === 'serial-device') notes.infer('tool.method', 'serial', 'log');
}

/** Marks of an upload by cable that went well. */
export const serialSuccess =
  /^Hash of data verified|^Hard resetting (?:via RTS|with a watchdog)|^avrdude(?:\.exe)? done\.\s+Thank you/;
