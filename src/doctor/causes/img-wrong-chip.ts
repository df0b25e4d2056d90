import { above, type Cause } from '../cause.ts';
import { familyOf } from '../chips.ts';
import { sameChips, wrongFile } from './shared/file.ts';

export const imgWrongChip: Cause = {
  id: 'img-wrong-chip',
  title: 'the file was built for another chip',
  met: 'sometimes',
  stops: ['verdict', 'transfer', 'prepare', 'restart'],
  evidence: [
    wrongFile,
    {
      strongly: { 'device.error': ['chip-mismatch', 'could-not-activate'] },
      supports: { 'history.changed': ['board'], 'transfer.stopped-at': above(99) },
      against: { 'pull.body': ['web-page', 'json', 'shifted'], 'tool.method': ['http-pull'] },
      excludes: {
        'device.error': ['not-enough-space', 'md5', 'signature', 'bootstrap'],
        'connectback.tcp': 'timed-out',
      },
    },
  ],
  together: [
    {
      grade: 'proves',
      of: ['device.error', 'tool.method'],
      when: (seen) => seen.is('device.error', 'chip-mismatch') && seen.is('tool.method', 'espota', 'http-form'),
      because: 'the board itself says that the file is for another chip',
    },
    {
      grade: 'proves',
      of: ['image.chip', 'board.chip'],
      when: (seen) =>
        seen.has('image.chip') &&
        seen.has('board.chip') &&
        !seen.is('image.chip', ...sameChips(seen.get('board.chip'))),
      because: (seen) => `the file is for the ${seen.get('image.chip')}, the board is an ${seen.get('board.chip')}`,
    },
    {
      grade: 'proves',
      of: ['image.chip', 'board.family'],
      when: (seen) =>
        !seen.has('board.chip') &&
        seen.has('image.chip') &&
        seen.has('board.family') &&
        familyOf(seen.get('image.chip')!) !== seen.get('board.family'),
      because: (seen) =>
        `the file is for the ${seen.get('image.chip')}, the board is an ${String(seen.get('board.family')).toUpperCase()}`,
    },
    {
      grade: 'excludes',
      of: ['image.chip', 'board.chip'],
      when: (seen) =>
        seen.has('board.chip') && seen.has('image.chip') && seen.is('image.chip', ...sameChips(seen.get('board.chip'))),
      because: 'the file was built for the chip of this board',
    },
  ],
  fix: [
    'In Tools > Board choose the board that you have, build again, and upload.',
    'A downloaded file: take the one whose name has your chip in it.',
  ],
  test: 'Look at the file with `whyota inspect <file>`: it names the chip.',
};
