/** What a chip says when it starts, and when it dies, in words (docs/boards.rst, docs/exception_causes.rst of esp8266/Arduino;
 *  rtc.h and the panic handler of ESP-IDF; espressif/esptool docs/en/advanced-topics/boot-mode-selection.rst). */
import type { Chip } from '#firmware/index.ts';

export interface Boot {
  readonly family: 'esp8266' | 'esp32';
  /** `download`: it waits in its boot loader for a cable, and so it will after every restart by software. */
  readonly mode: 'flash' | 'download' | 'other';
  /** Why it started, in words; undefined where the code says nothing. */
  readonly because: string | undefined;
}

/** 115200 times 26 / 40: the ROM of an ESP8266 reckons with another crystal than boards have. */
export const bootBaud = (chip: Chip): number => (chip === 'esp8266' ? 74_880 : 115_200);

const rom8266 = /\brst cause:?\s?(\d)\s?,\s{0,3}boot mode:?\s?\((\d)\s?,\s?\d{1,2}\)/i;
const rom32 = /\brst:0x[0-9a-f]{1,2} \((\w{3,40})\)\s?,\s?boot:0x[0-9a-f]{1,3} \((\w{3,60})/i;

const causes8266: Readonly<Record<string, string>> = {
  1: 'power on',
  2: 'the reset pin, or a restart by software',
  3: 'a restart by software',
  4: 'the hardware watchdog: the sketch did not come back to loop() for too long',
};

const causes32: readonly (readonly [RegExp, string])[] = [
  [/^POWERON/, 'power on, or the reset pin'],
  [/BROWN_?OUT/, 'a dip of the supply voltage'],
  [/DEEPSLEEP/, 'the end of a deep sleep'],
  [/^(?:TG\d|RTC)_?WDT|SUPER_WDT|^TG\dWDT|RTCWDT/, 'a watchdog: something did not come back for too long'],
  [/^(?:RTC_)?SW_/, 'a restart by software'],
];

/** The first line of a start; undefined for any other. */
export function bootOf(line: string): Boot | undefined {
  const [, cause, mode] = rom8266.exec(line) ?? [];
  if (cause && mode)
    return {
      family: 'esp8266',
      mode: mode === '3' ? 'flash' : mode === '1' ? 'download' : 'other',
      because: causes8266[cause],
    };
  const [, reset, boot] = rom32.exec(line) ?? [];
  if (!reset || !boot) return undefined;
  return {
    family: 'esp32',
    mode: /DOWNLOAD/.test(boot) ? 'download' : /FLASH/.test(boot) ? 'flash' : 'other',
    because: causes32.find(([name]) => name.test(reset))?.[1],
  };
}

/** EXCCAUSE of the Xtensa core. */
const exceptions: Readonly<Record<string, string>> = {
  0: 'it ran into what is no instruction: a wild pointer, or a wrong flash mode',
  2: 'it jumped to where there is no code',
  3: "it touched flash in a way that flash can't be touched, mostly from an interrupt that is not in IRAM",
  6: 'it divided by zero',
  9: 'it read or wrote at an odd address',
  28: 'it read through a null pointer, or one that leads nowhere',
  29: 'it wrote through a null pointer, or one that leads nowhere',
};

const sayings: readonly (readonly [RegExp, string | ((code: string) => string | undefined)])[] = [
  [/^(?:Fatal )?Exception \((\d{1,2})\)/i, (code) => exceptions[code]],
  [/\bSoft WDT reset\b/i, 'the sketch did not come back to loop() or yield() for about 3 seconds'],
  [/^wdt reset\b/i, 'the hardware watchdog: the sketch did not come back to loop() for too long'],
  [
    /\bcsum err\b|^ets_main\.c/i,
    'the ROM does not find a good image at 0: damaged, or written with a wrong flash mode',
  ],
  [/@cp:B?0\b/, 'the boot loader has put an update in place'],
  [/\bBrownout detector was triggered\b/i, 'the supply voltage dipped: a weak supply or a long cable'],
  [
    /\bCache disabled but cached memory region accessed\b/i,
    'an interrupt used code or data in flash while flash was written',
  ],
  [/\bGuru Meditation Error\b.*\bLoadProhibited\b/i, exceptions['28']!],
  [/\bGuru Meditation Error\b.*\bStoreProhibited\b/i, exceptions['29']!],
  [/\bGuru Meditation Error\b.*\bIllegalInstruction\b/i, exceptions['0']!],
  [/\bGuru Meditation Error\b.*\bIntegerDivideByZero\b/i, exceptions['6']!],
  [
    /\bstack (?:overflow|smashing)\b|\bStack canary watchpoint\b/i,
    'a function used more stack than there is: large local arrays, or recursion',
  ],
  [/\blast failed alloc call\b|\bstd::bad_alloc\b/i, 'there was no memory left'],
  [
    /\bNo bootable app partitions\b/i,
    'the boot loader finds no program: the application is missing, or is where the partition table has none',
  ],
  [/\binvalid header: 0xffffffff\b/i, 'the flash is empty where the boot loader should be'],
  [/^waiting for download/i, 'it waits for a cable: GPIO0 is low'],
];

/** What a line means, for a person; undefined where it explains itself. */
export function explain(line: string): string | undefined {
  const boot = bootOf(line);
  if (boot) {
    const starts = boot.because ? `started by ${boot.because}` : 'started';
    if (boot.mode === 'flash') return starts;
    if (boot.mode === 'other') return `${starts}, and its boot pins are wrong: GPIO2 is low or GPIO15 is high`;
    return `${starts}, and waits for a cable: GPIO0 was low when its pins were last sampled. Free it, and press reset or power-cycle`;
  }
  for (const [words, meaning] of sayings) {
    const found = words.exec(line);
    if (found) return typeof meaning === 'string' ? meaning : meaning(found[1]!);
  }
  return undefined;
}
