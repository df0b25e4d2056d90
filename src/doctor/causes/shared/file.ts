/** The file is at fault: no other computer, network or supply changes that. */
import type { FactValue } from '#values/facts.ts';
import type { Evidence } from '../../cause.ts';
import type { Seen } from '../../seen.ts';

export const wrongFile: Evidence = {
  supports: { 'attempt.reproducible': 'every-time' },
  against: {
    'attempt.reproducible': ['sometimes', 'alternates', 'different-each-time'],
    'serial.first-error': ['auth', 'connect'],
    'transfer.end': 'reboot',
  },
  excludes: { 'invite.reply': ['silence', 'port-unreachable'], 'after.running-build': 'new' },
};

/** The linker scripts of the core give a sketch 1,044,464 bytes at most, whatever the flash (eagle.flash.*.ld); the file has
 *  a few more. */
export const longest8266 = 1_048_624;
export const longerThanAny8266 = (seen: Seen): boolean =>
  seen.is('board.family', 'esp8266') &&
  (seen.get('image.size') ?? 0) > longest8266 &&
  !seen.is('args.command', 'filesystem') &&
  !seen.is('image.kind', 'filesystem');

type Chip = FactValue<'board.chip'>;

/** Chips whose files a board takes: the ESP8285 is an ESP8266 with its flash inside. */
export const sameChips = (board: Chip | undefined): readonly Chip[] =>
  board === 'esp8266' || board === 'esp8285' ? ['esp8266', 'esp8285'] : board ? [board] : [];
