/** The file is at fault: no other computer, network or supply changes that. */
import type { FactValue } from '#values/facts.ts';
import type { Evidence } from '../../cause.ts';

export const wrongFile: Evidence = {
  supports: { 'attempt.reproducible': 'every-time' },
  against: {
    'attempt.reproducible': ['sometimes', 'alternates', 'different-each-time'],
    'serial.first-error': ['auth', 'connect'],
    'transfer.end': 'reboot',
  },
  excludes: { 'invite.reply': ['silence', 'port-unreachable'], 'after.running-build': 'new' },
};

type Chip = FactValue<'board.chip'>;

/** Chips whose files a board takes: the ESP8285 is an ESP8266 with its flash inside. */
export const sameChips = (board: Chip | undefined): readonly Chip[] =>
  board === 'esp8266' || board === 'esp8285' ? ['esp8266', 'esp8285'] : board ? [board] : [];
