import type { Cause } from '../cause.ts';
import { beforeAnything } from './shared/tool.ts';

export const toolEspotaWrongLauncher: Cause = {
  id: 'tool-espota-wrong-launcher',
  title: 'the plugin starts the upload script in a way that does not run it',
  met: 'rarely',
  stops: ['prepare'],
  evidence: [
    beforeAnything,
    {
      proves: { 'tool.program': 'editor' },
      strongly: { 'tool.program': 'none', 'attempt.tool-text': 'hangs', 'invite.sent': 'not-sent' },
      supports: { 'tool.name': 'fs-plugin' },
      against: { 'tool.interpreter': 'not-found' },
      excludes: { 'tool.program': ['espota', 'arduino-ota', 'esptool', 'avrdude', 'ssh'] },
    },
  ],
  fix: [
    'Update the upload plugin.',
    'Or upload the file yourself: `whyota flash data.bin --filesystem --to <address>`.',
  ],
  test: 'Run the command that the plugin prints by hand, with `python3` before espota.py.',
};
