/** What a chip prints before the sketch does: ROM, eboot (ESP8266), second-stage loader (ESP32). */
import type { FactValue } from '#values/facts.ts';
import type { Notes } from './notes.ts';
import type { Line } from './paste.ts';

type Reset = FactValue<'serial.reset-reason'>;

/** ` ets Jan  8 2013,rst cause:2, boot mode:(3,6)`; date, blanks and colons vary between ROMs and logs. */
const rom8266 = /\brst cause:?\s?(\d)\s?,\s{0,3}boot mode:?\s?\((\d)\s?,\s?\d{1,2}\)/i;
const rom32 = /\brst:0x([0-9a-f]{1,2}) \((\w{3,40})\)\s?,\s?boot:0x/i;

/** Second-stage loader in flash by the length that the ROM prints: it came with the core (images of eboot.elf @ each tag). */
const ebootCores: Readonly<Record<string, string>> = {
  1264: 'before 2.3.0',
  1384: 'before 2.6.3',
  1392: '2.6.3',
  3656: '2.7.0',
  3456: '2.7.1',
  3664: '2.7.2',
  3584: '2.7.x',
  3460: '3.0.x',
  3424: '3.1.x',
};

/** Reads boot lines; what the whole log means is said at its end. */
export class BootLog {
  boots = 0;
  #mode: number | undefined;
  #reset: Reset | undefined;
  /** A reason in words; the code that the next boot prints says less. */
  #spoken: Reset | undefined;
  readonly #eboot = new Set<FactValue<'serial.eboot'>>();

  /** True when the line belongs to a start of the chip. */
  take(line: Line, notes: Notes): boolean {
    return (
      this.#takeRom8266(line, notes) ||
      this.#takeRom32(line, notes) ||
      this.#takeEboot(line, notes) ||
      this.#takeReason(line, notes) ||
      takeLoader32(line, notes)
    );
  }

  #takeRom8266(line: Line, notes: Notes): boolean {
    const [, cause, mode] = rom8266.exec(line.text) ?? [];
    if (!cause || !mode) return false;
    this.boots++;
    notes.notice(line.number, `the ESP8266 starts, reset cause ${cause}, boot mode ${mode}`);
    notes.say('board.family', 'esp8266', 'serial');
    this.#mode = Number(mode);
    // 1, 2 and 3 are mixed up in published logs; 4 is the hardware watchdog (esp8266/Arduino doc/boards.rst, issue 4081).
    if (cause === '4') this.#reset = 'hardware-watchdog';
    return true;
  }

  #takeRom32(line: Line, notes: Notes): boolean {
    const chip = /\bESP-ROM:(esp32(?:s2|s3|c2|c3|c5|c6|c61|h2|p4))\b/.exec(line.text)?.[1];
    if (chip) notes.say('board.chip', `esp32-${chip.slice(5)}` as FactValue<'board.chip'>, 'serial');
    if (chip || /^ets (?:Jun|Jul) .{4,24}20(?:16|19)/.test(line.text)) notes.say('board.family', 'esp32', 'serial');
    const [, code, name] = rom32.exec(line.text) ?? [];
    if (!code || !name) return chip !== undefined;
    this.boots++;
    notes.notice(line.number, `the ESP32 starts, ${name}`);
    notes.say('board.family', 'esp32', 'serial');
    const reason = esp32Reset(name);
    if (reason) this.#reset = reason;
    return true;
  }

  #takeEboot({ text, number }: Line, notes: Notes): boolean {
    const length = /\bload 0x4010f000, len (\d{3,5})\b/i.exec(text)?.[1];
    const core = length === undefined ? undefined : ebootCores[length];
    if (core) notes.infer('running.core-version', core, 'serial');
    const copy = /@cp:(B?)(\d{1,2})?(?:\s?ld\b)?/.exec(text);
    if (copy) {
      notes.notice(number, copy[2] === '0' ? 'eboot put the new image in place' : 'eboot copied the new image');
      if (copy[2] !== undefined) this.#eboot.add(copy[2] === '0' ? 'copied' : 'copy-failed');
    }
    const failed = /(?:^|ld\s?)e:(\d{1,2})$/.exec(text);
    if (failed) {
      notes.notice(number, 'eboot could not load the image');
      this.#eboot.add('load-failed');
    }
    if (/(?:^|[0-9a-f]{8}\s?)~\s?ld$/i.test(text)) this.#eboot.add('normal');
    return (
      Boolean(length ?? copy ?? failed) ||
      /^(?:tail \d|chksum 0x|csum 0x|csum err|v[0-9a-f]{8}$|~?ld$|load 0x)/.test(text)
    );
  }

  #takeReason({ text, number }: Line, notes: Notes): boolean {
    const reason = spokenReset(text);
    if (!reason) return false;
    this.#spoken = reason;
    notes.notice(number, `it restarted: ${reason.replaceAll('-', ' ')}`);
    return true;
  }

  /** Says what the starts come to. */
  say(notes: Notes): void {
    if (this.#mode !== undefined) notes.say('serial.boot-mode', this.#mode, 'serial');
    const reset = this.#spoken ?? this.#reset;
    if (reset) notes.say('serial.reset-reason', reset, 'serial');
    const worst = (['copy-failed', 'load-failed', 'copied', 'normal'] as const).find((each) => this.#eboot.has(each));
    if (worst) notes.say('serial.eboot', worst, 'serial');
  }
}

/** ROM names of the ESP32 family (rtc.h of ESP-IDF). */
function esp32Reset(name: string): Reset | undefined {
  if (/POWERON/.test(name)) return 'power-on';
  if (/BROWN_OUT/.test(name)) return 'brownout';
  if (/DEEPSLEEP/.test(name)) return 'deep-sleep';
  if (/^(?:TG\dWDT|RTCWDT|RTC_WDT|SUPER_WDT)/.test(name)) return 'hardware-watchdog';
  return /^(?:SW_|RTC_SW_)/.test(name) ? 'software' : undefined;
}

const reasons: readonly (readonly [RegExp, Reset])[] = [
  [/\bSoft WDT reset\b|\breset (?:reason|cause|info)\s?:\s?"?Software Watchdog/i, 'soft-watchdog'],
  [/\bTask watchdog got triggered\b|\btask_wdt: /i, 'task-watchdog'],
  [/\bBrownout detector was triggered\b/i, 'brownout'],
  [/\breset (?:reason|cause|info)\s?:\s?"?Hardware Watchdog|\bInterrupt wdt timeout on CPU/i, 'hardware-watchdog'],
  [
    /^(?:Fatal )?Exception \(\d{1,2}\)|\bGuru Meditation Error\b|\breset (?:reason|cause|info)\s?:\s?"?(?:Fatal )?Exception/i,
    'exception',
  ],
  [/\breset (?:reason|cause|info)\s?:\s?"?Software\/System restart/i, 'software'],
  [/\breset (?:reason|cause|info)\s?:\s?"?Power[- ]?on/i, 'power-on'],
  [/\breset (?:reason|cause|info)\s?:\s?"?External System/i, 'pin'],
  [/\breset (?:reason|cause|info)\s?:\s?"?Deep-?Sleep/i, 'deep-sleep'],
];

const spokenReset = (text: string): Reset | undefined => reasons.find(([words]) => words.test(text))?.[1];

/** ESP-IDF's second-stage loader: flash size and mode of the running build, its slots, a roll-back. */
function takeLoader32({ text, number }: Line, notes: Notes): boolean {
  const [, size, unit] = /\bboot(?:\.esp\w{2,8})?: SPI Flash Size\s{0,12}:\s?(\d{1,3})(MB|KB)/i.exec(text) ?? [];
  if (size)
    notes.say('running.flash-declared', Number(size) * (unit!.toUpperCase() === 'MB' ? 1024 * 1024 : 1024), 'serial');
  const mode = /\bboot(?:\.esp\w{2,8})?: SPI Mode\s{0,12}:\s?(QIO|QOUT|DIO|DOUT)\b/i.exec(text)?.[1]?.toLowerCase();
  if (mode) notes.say('running.flash-mode', mode as FactValue<'running.flash-mode'>, 'serial');
  const slot = /\bboot: +\d{1,2} +\S{1,16} +OTA app +00 +1[0-9a-f] +[0-9a-f]{8} +([0-9a-f]{8})\b/i.exec(text)?.[1];
  if (slot) notes.say('running.slot-size', Number.parseInt(slot, 16), 'serial');
  const rolled =
    /\broll(?:ing|ed)?[- ]?back\b/i.test(text) &&
    /^[EWID] \(\d|^\[[EWID]\]\[|\b(?:esp_image|esp_ota_ops)\b|^boot\b|^.{0,30}\b(?:app|OTA) (?:is )?roll/i.test(text);
  if (rolled) {
    notes.notice(number, 'the boot loader rolled back');
    notes.say('serial.says', 'rollback', 'serial');
  }
  return (
    Boolean(size ?? mode ?? slot) || rolled || /^[IWE] \(\d{1,10}\) (?:boot|esp_image|cpu_start|heap_init)/.test(text)
  );
}
