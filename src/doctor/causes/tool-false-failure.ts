import type { Cause } from '../cause.ts';

export const toolFalseFailure: Cause = {
  id: 'tool-false-failure',
  title: 'the update arrived although the tool reported a failure',
  met: 'seldom',
  stops: ['verdict'],
  evidence: [
    {
      strongly: { 'verdict.reply': 'ok-with-count', 'after.running-build': 'new' },
      supports: {
        'attempt.tool-text': ['no-result', 'error-response'],
        'after.restart': 'returns',
        'transfer.end': 'completed',
      },
      excludes: {
        'after.running-build': ['old', 'new-then-old'],
        'attempt.tool-text': ['success', 'no-answer', 'no-response-from-device'],
        'after.restart': ['none', 'gone'],
        'verdict.reply': 'error',
      },
    },
  ],
  together: [
    {
      grade: 'proves',
      of: ['attempt.tool-text', 'after.running-build'],
      when: (seen) =>
        seen.is('attempt.tool-text', 'no-result', 'error-response') && seen.is('after.running-build', 'new'),
      because: 'the new sketch runs, whatever the tool said',
    },
  ],
  fix: [
    'Nothing is broken: the new sketch is on the board.',
    'Update the board package, or use `whyota flash`, which looks at the board instead of the last message.',
  ],
  test: 'Look which version the board reports after its restart.',
};
