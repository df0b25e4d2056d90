import type { Cause } from '../cause.ts';
import { beforeAnything } from './shared/tool.ts';

export const toolPythonMissing: Cause = {
  id: 'tool-python-missing',
  title: 'the tool needs Python to upload and does not find it',
  met: 'sometimes',
  stops: ['prepare'],
  evidence: [
    beforeAnything,
    {
      proves: { 'tool.interpreter': 'not-found' },
      strongly: { 'attempt.tool-text': 'interpreter-not-found' },
      supports: { 'tool.program': 'none', 'history.changed': ['os', 'core-version'] },
      excludes: { 'tool.interpreter': ['found', 'wrong-version'] },
    },
  ],
  fix: [
    'In the Boards Manager update the esp8266 or esp32 package: newer ones bring their own Python on Windows.',
    'Or install Python 3 from python.org; on Windows tick "Add Python to PATH".',
    'Restart the IDE. `whyota flash` needs no Python.',
  ],
  test: 'Type `python3 --version` (Windows: `python --version`) in a terminal.',
};
