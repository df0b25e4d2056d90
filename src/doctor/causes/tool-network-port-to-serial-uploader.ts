import type { Cause } from '../cause.ts';
import { beforeAnything } from './shared/tool.ts';

export const toolNetworkPortToSerialUploader: Cause = {
  id: 'tool-network-port-to-serial-uploader',
  title: 'the network address went to the program for cable uploads',
  met: 'sometimes',
  stops: ['prepare'],
  evidence: [
    beforeAnything,
    {
      strongly: { 'attempt.tool-text': 'serial-port-error', 'tool.program': ['esptool', 'avrdude'] },
      supports: {
        'args.target': ['ipv4', 'dot-local'],
        'tool.name': ['arduino-ide-2', 'arduino-cli', 'arduino-ide-1'],
      },
      against: { 'args.target': ['bare-name', 'domain-name'] },
      excludes: {
        'tool.program': ['espota', 'arduino-ota', 'ssh', 'editor'],
        'args.target': ['serial-device', 'placeholder', 'empty'],
        'tool.method': 'serial',
      },
    },
  ],
  together: [
    {
      grade: 'proves',
      of: ['tool.program', 'args.target'],
      when: (seen) => seen.is('tool.program', 'esptool', 'avrdude') && seen.is('args.target', 'ipv4', 'ipv6'),
      because: 'a numeric address was given to a program that knows serial ports only',
    },
  ],
  fix: [
    'Under Tools > Port choose the entry under "Network ports".',
    'Update the IDE and the board package.',
    'In PlatformIO add `upload_protocol = espota`.',
  ],
  test: 'Look in the verbose output which program got the address: it should be espota.',
};
