/** The space check of the ESP8266 Updater, core by core. */
import { sectorBytes, sectors } from '#values/index.ts';
import { atLeast, type Core } from './cores.ts';

export interface Space8266 {
  /** Sectors. */
  readonly running: number;
  readonly sent: number;
  readonly needed: number;
  readonly available: number;
  /** Sectors missing; 0 when it fits. */
  readonly shortBy: number;
  /** Flash offset at which the update is staged; meaningful when it fits. */
  readonly startOffset: number;
  readonly fits: boolean;
  /** What the board does about an update that does not fit. Undefined core: unknown, undefined. */
  readonly board:
    | 'takes-it'
    /** Says OK, then nothing ever again (ArduinoOTA.cpp @ 2.3.0: begin() runs after OK, its failure is not sent). */
    | 'silent'
    /** ERR: ERROR[4]: Not Enough Space (2.4.0 on). */
    | 'says-so'
    /** 2.0.0-2.4.1: the unsigned subtraction wraps, begin() succeeds, the first sector erase fails. */
    | 'starts-and-fails'
    | undefined;
}

/** Whether so many bytes can be staged beside the running sketch: Updater.cpp begin() @ 2.0.0-3.1.2. All in bytes;
 *  `sent` is what travels (compressed, with its signature). */
export function spaceOnEsp8266(question: {
  readonly running: number;
  readonly sent: number;
  readonly updateEnd: number;
  readonly core?: Core | undefined;
}): Space8266 {
  const running = sectors(question.running);
  const sent = sectors(question.sent);
  const available = Math.floor(question.updateEnd / sectorBytes);
  const shortBy = Math.max(0, running + sent - available);
  return {
    running,
    sent,
    needed: running + sent,
    available,
    shortBy,
    startOffset: question.updateEnd - sent * sectorBytes,
    fits: shortBy === 0,
    board: shortBy === 0 ? 'takes-it' : refusal(question.core, sent > available),
  };
}

function refusal(core: Core | undefined, largerThanTheArea: boolean): Space8266['board'] {
  if (core === undefined) return undefined;
  if (largerThanTheArea && !atLeast(core, '2.4.2')) return 'starts-and-fails';
  return atLeast(core, '2.4.0') ? 'says-so' : 'silent';
}
