/** What the OTA library's callbacks print, as the examples of the cores write them, and firmwares after them. */
import type { Notes } from './notes.ts';
import type { Line } from './paste.ts';
import { kindByName } from './shapes.ts';

const libraryErrors = ['auth', 'begin', 'connect', 'receive', 'end'] as const;
/** `OTA Error 2: Connect Failed` and the like. */
const errorLine = /^.{0,30}\berror\b.{0,8}\b(Auth|Begin|Connect|Receive|End) Failed\b/i;
const errorWords = /^\W{0,3}(Auth|Begin|Connect|Receive|End) Failed\W{0,3}$/i;

export class OtaLibrary {
  #first: (typeof libraryErrors)[number] | undefined;
  #started = false;
  #percent: number | undefined;
  #done = false;
  #cut = false;

  take({ text, number }: Line, notes: Notes): boolean {
    // `Error[n]` of the library, never `ERROR[n]` of the updater.
    const code = /(?:^|[^A-Z[])Error\s?\[\s?([0-4])\s?\]/.exec(text)?.[1];
    const words = (errorWords.exec(text) ?? errorLine.exec(text))?.[1]?.toLowerCase() as
      | (typeof libraryErrors)[number]
      | undefined;
    const name = /\bOTA_(AUTH|BEGIN|CONNECT|RECEIVE|END)_ERROR\b/.exec(text)?.[1]?.toLowerCase();
    const error = code ? libraryErrors[Number(code)] : (words ?? (name as typeof words));
    if (error) {
      this.#first ??= error;
      notes.notice(number, `the OTA library: ${error} failed`);
      return true;
    }
    if (
      /^(?:\W{0,3}Start(?:ing)?\W{0,3}|(?:OTA )?Start(?:ed|ing)? (?:updating|OTA|update)\b.{0,30}|OTA start(?:ed|ing)?\b.{0,10}|(?:\[D\]\[ota:\d{1,5}\]: )?Starting OTA Update from .{0,40}|(?:OTA )?Update Start(?:ed)?\W{0,3})$/i.test(
        text,
      )
    ) {
      this.#started = true;
      notes.notice(number, 'the OTA library: the update starts');
      return true;
    }
    const percents = [
      ...text
        .slice(-300)
        .matchAll(/\b(?:Progress\s?:|OTA in progress:|ESPOTA progress)\s?(\d{1,3})(?:\.\d{1,2})?\s?%/gi),
    ];
    const percent = percents.at(-1)?.[1];
    if (percent) {
      this.#started = true;
      this.#percent = Math.min(100, Number(percent));
      return true;
    }
    // The server of both cores that takes a firmware from a browser (ESP8266HTTPUpdateServer; WebUpdate examples).
    const file = /^Update: (\S{1,200}\.\w{2,6})$/.exec(text)?.[1];
    if (file) {
      const kind = kindByName(file);
      if (kind) notes.infer('image.kind', kind, 'serial');
      notes.infer('tool.method', 'http-form', 'serial');
      notes.notice(number, 'a file was handed to the board in a browser');
      return true;
    }
    if (/^Update Success: ?\d{4,9}\b/i.test(text)) {
      this.#started = true;
      this.#done = true;
      notes.notice(number, 'the web update arrived whole');
      return true;
    }
    if (
      /^(?:OTA )?(?:\[I\]\[ota:\d{1,5}\]: )?(?:End|(?:OTA )?update (?:complete|finished|success\w*))\W{0,3}$/i.test(
        text,
      ) &&
      this.#started
    ) {
      this.#done = true;
      return true;
    }
    return false;
  }

  /** The board starts anew or crashes: an update that was under way has ended by it. */
  interrupt(): void {
    if (this.#started && !this.#done && this.#first === undefined) this.#cut = true;
  }

  say(notes: Notes): void {
    if (this.#started) notes.say('serial.start-reached', true, 'serial');
    else if (this.#first === 'begin') notes.infer('serial.start-reached', false, 'serial');
    if (this.#first) notes.say('serial.first-error', this.#first, 'serial');
    if (this.#first === 'auth') notes.say('auth.result', 'refused', 'serial');
    const cut = this.#cut && !this.#done && (this.#percent ?? 0) < 100;
    if (this.#done && !this.#first) notes.say('transfer.end', 'completed', 'serial');
    else if (cut) notes.say('transfer.end', 'reboot', 'serial');
    const broken = cut || this.#first === 'receive' || this.#first === 'end';
    if (broken && this.#percent !== undefined) notes.say('transfer.stopped-at', this.#percent, 'serial');
  }
}
