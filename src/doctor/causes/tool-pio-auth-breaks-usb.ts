import type { Cause } from '../cause.ts';

export const toolPioAuthBreaksUsb: Cause = {
  id: 'tool-pio-auth-breaks-usb',
  title: 'flags for the air were passed to the program for the cable',
  met: 'seldom',
  stops: ['prepare'],
  only: { 'tool.name': 'platformio' },
  evidence: [
    {
      strongly: { 'attempt.tool-text': 'usage-error', 'args.target': 'serial-device' },
      supports: {
        'tool.method': 'serial',
        'tool.program': 'esptool',
        'args.auth-shape': ['plain', 'given', 'has-flag'],
      },
      excludes: {
        'tool.program': ['espota', 'arduino-ota'],
        'args.target': ['ipv4', 'dot-local'],
        'tool.method': ['espota', 'network-upload'],
      },
    },
  ],
  fix: [
    'In platformio.ini make two environments: one for the cable without upload_flags, one for the air with them.',
    'Choose the one for the cable and upload.',
  ],
  test: 'Take upload_flags out for one upload by cable.',
};
