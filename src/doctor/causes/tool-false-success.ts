import type { Cause } from '../cause.ts';

export const toolFalseSuccess: Cause = {
  id: 'tool-false-success',
  title: 'the tool reported success although the board had refused the update',
  met: 'seldom',
  stops: ['verdict', 'restart', 'run'],
  only: { 'board.family': 'esp8266' },
  evidence: [
    {
      strongly: { 'verdict.reply': 'error', 'after.restart': 'none' },
      supports: {
        'attempt.tool-text': 'success',
        'after.running-build': 'old',
        'serial.first-error': 'end',
        'device.error': ['md5', 'magic', 'signature', 'no-detail', 'new-flash-config'],
        'transfer.end': 'completed',
      },
      excludes: {
        'verdict.reply': ['ok', 'ok-with-count'],
        'after.running-build': ['new', 'new-then-old', 'new-on-other-board'],
        'after.restart': ['gone', 'cycles'],
        'tool.name': 'whyota',
      },
    },
  ],
  together: [
    {
      grade: 'proves',
      of: ['attempt.tool-text', 'verdict.reply'],
      when: (seen) => seen.is('attempt.tool-text', 'success') && seen.is('verdict.reply', 'error'),
      because: "the tool said OK while the board's last word was an error",
    },
    {
      grade: 'excludes',
      of: ['attempt.tool-text'],
      when: (seen) => seen.has('attempt.tool-text') && !seen.is('attempt.tool-text', 'success'),
      because: 'the tool did not report success',
    },
  ],
  fix: [
    "Read the board's own last words: they name what was wrong with the file.",
    'Update the esp8266 package to 2.7 or later, whose uploader reads the answer right, or use `whyota flash`.',
  ],
  test: 'Upload with `whyota flash`: it shows the raw answer and whether the board restarted.',
};
