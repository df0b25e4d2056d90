import type { Cause } from '../cause.ts';

export const toolPythonVersionMismatch: Cause = {
  id: 'tool-python-version-mismatch',
  title: "the core's upload script does not work with this generation of Python",
  met: 'seldom',
  stops: ['prepare', 'authenticate', 'invite'],
  evidence: [
    {
      strongly: { 'tool.interpreter': 'wrong-version', 'attempt.tool-text': 'traceback' },
      supports: { 'history.changed': ['os'], 'tool.program': 'espota' },
      excludes: {
        'tool.interpreter': ['found', 'not-found'],
      },
    },
  ],
  together: [
    {
      grade: 'excludes',
      of: ['attempt.tool-text'],
      when: (seen) =>
        !seen.has('tool.interpreter') &&
        seen.is('attempt.tool-text', 'no-response-from-device', 'no-answer', 'error-uploading'),
      because: "the script ran: that message is the script's own",
    },
  ],
  fix: [
    'Update the esp8266 or esp32 package in the Boards Manager; its script then fits Python 3.',
    'Do not go back to Python 2.',
  ],
  test: 'Look at the last line of the traceback: a syntax error or "must be encoded" is this.',
};
