import type { Cause } from '../cause.ts';
import { beforeAnything } from './shared/tool.ts';

export const toolPioHostnameToEsptool: Cause = {
  id: 'tool-pio-hostname-to-esptool',
  title: 'PlatformIO took the name of the board for a serial port',
  met: 'sometimes',
  stops: ['prepare'],
  only: { 'tool.name': 'platformio' },
  evidence: [
    beforeAnything,
    {
      strongly: { 'tool.program': 'esptool', 'args.target': ['bare-name', 'domain-name'] },
      supports: { 'tool.name': 'platformio', 'attempt.tool-text': 'serial-port-error' },
      excludes: { 'tool.program': ['espota'], 'args.target': ['ipv4', 'dot-local', 'serial-device'] },
    },
  ],
  together: [
    {
      grade: 'proves',
      of: ['tool.name', 'tool.program', 'args.target'],
      when: (seen) =>
        seen.is('tool.name', 'platformio') &&
        seen.is('tool.program', 'esptool') &&
        seen.is('args.target', 'bare-name', 'domain-name'),
      because: 'PlatformIO handed a network name to esptool',
    },
  ],
  fix: ['In platformio.ini add the line `upload_protocol = espota` to the environment.', 'Upload again.'],
  test: 'Add `upload_protocol = espota` and try once.',
};
