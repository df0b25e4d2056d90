import type { Cause } from '../cause.ts';

export const toolPasswordPromptRedHerring: Cause = {
  id: 'tool-password-prompt-red-herring',
  title: 'the IDE asks for a password that the board does not have; the failure is another one',
  met: 'seldom',
  stops: ['connect-back', 'prepare', 'invite', 'transfer', 'authenticate'],
  evidence: [
    {
      strongly: { 'tool.asks-password': true },
      supports: {
        'discovery.auth-upload': 'no',
        'invite.reply': 'ok',
        'sketch.password-form': 'none',
      },
      against: { 'tool.name': 'arduino-ide-2' },
      excludes: {
        'discovery.auth-upload': 'yes',
        'invite.reply': 'auth',
        'tool.asks-password': false,
        /* They have no dialog. */
        'tool.name': ['whyota', 'platformio', 'command-line', 'browser', 'device', 'app'],
      },
    },
  ],
  together: [
    {
      grade: 'against',
      of: ['tool.asks-password'],
      when: (seen) => !seen.has('tool.asks-password'),
      because: 'nothing shows that the IDE asked for a password',
    },
  ],
  fix: [
    'Pay no heed to the dialog: type any character or leave it empty.',
    'Restart the IDE so that it forgets the stored password.',
    'Look for the real failure: run `whyota doctor` with the output of the upload.',
  ],
  test: 'Upload without a password by `whyota flash`; the board answers OK if it has none.',
};
