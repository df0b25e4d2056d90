import type { Cause } from '../cause.ts';

export const toolSerialMonitorOnNetworkPort: Cause = {
  id: 'tool-serial-monitor-on-network-port',
  title: 'the serial monitor was opened on the network port, and the IDE has been confused since',
  met: 'seldom',
  stops: ['invite', 'prepare'],
  evidence: [
    {
      strongly: { 'history.monitor-on-network-port': true, 'trial.tool-restarted': 'works' },
      supports: { 'attempt.tool-text': 'no-answer', 'tool.name': ['arduino-ide-1', 'arduino-ide'] },
      excludes: {
        'history.monitor-on-network-port': false,
        'trial.tool-restarted': 'fails',
        'tool.name': ['platformio', 'command-line', 'whyota', 'esphome', 'arduino-cli'],
      },
    },
  ],
  fix: [
    'Close the IDE completely and start it again.',
    'Do not open the serial monitor while a network port is chosen; use a terminal on the USB port.',
  ],
  test: 'Restart the IDE and upload without opening the monitor.',
};
