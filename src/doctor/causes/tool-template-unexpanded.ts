import type { Cause } from '../cause.ts';
import { beforeAnything } from './shared/tool.ts';

export const toolTemplateUnexpanded: Cause = {
  id: 'tool-template-unexpanded',
  title: 'the board package is too old for this IDE: placeholders stay unfilled',
  met: 'seldom',
  stops: ['prepare'],
  evidence: [
    beforeAnything,
    {
      proves: { 'args.target': 'placeholder' },
      strongly: { 'attempt.tool-text': 'invalid-value' },
      supports: { 'tool.name': ['arduino-ide-2', 'arduino-cli'], 'history.changed': ['ide-version'] },
      excludes: { 'args.target': ['ipv4', 'ipv6', 'dot-local', 'bare-name', 'domain-name'] },
    },
  ],
  fix: [
    'In the Boards Manager update the esp8266 or esp32 package.',
    'Delete a platform.local.txt of your own if there is one.',
    'Restart the IDE and choose the port again.',
  ],
  test: 'Look for {…} in the upload command of the verbose output.',
};
